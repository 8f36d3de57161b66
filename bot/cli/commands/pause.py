"""`frontdesk pause` and `resume`: stop answering, and go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.options import ConfigOption, JsonOption, operator, print_json, settings
from bot.cli.output import heading, remark
from bot.conversations.key import ConversationKey

if TYPE_CHECKING:
    from bot.staff.pauses import Pauses
    from bot.storage import Database

T = TypeVar("T")

ChannelOption = Annotated[
    str | None,
    typer.Option("--channel", metavar="KEY", help="platform:app:channel; everywhere when absent."),
]


def pause(
    config: ConfigOption = None,
    channel: ChannelOption = None,
    listed: Annotated[bool, typer.Option("--list", help="Only list the pauses.")] = False,
    json: JsonOption = False,
) -> None:
    """Stop answering, in running services too; messages are kept for staff."""
    if listed:
        _list(config, json=json)
        return
    place = _place(channel)
    new = _with_pauses(config, lambda pauses: pauses.pause(place, operator()))
    if json:
        print_json({"place": place, "new": new})
    else:
        heading(f"{'paused' if new else 'was paused already'}: {_named(place)}")


def resume(
    config: ConfigOption = None, channel: ChannelOption = None, json: JsonOption = False
) -> None:
    """Resume answering; without --channel, end every pause."""
    place = None if channel is None else _place(channel)
    places = _with_pauses(config, lambda pauses: pauses.resume(place, operator()))
    if json:
        print_json(places)
        return
    for each in places:
        heading(f"resumed: {_named(each)}")
    if not places:
        remark("nothing was paused there; `frontdesk pause --list` shows what is")


def _list(config: Path | None, *, json: bool) -> None:
    pauses = _with_pauses(config, lambda found: found.listed())
    if json:
        print_json([asdict(each) | {"since": each.since.isoformat()} for each in pauses])
        return
    for each in pauses:
        heading(f"{_named(each.place)}, since {each.since:%Y-%m-%d %H:%M} UTC, by {each.actor}")
    if not pauses:
        remark("nothing is paused")


def _place(channel: str | None) -> str:
    """Check a channel's key.

    Raises:
        BadParameter: It is none.
    """
    try:
        is_channel = channel is None or not ConversationKey.parse(channel).thread
    except ValueError:
        is_channel = False
    if not is_channel:
        raise typer.BadParameter(
            f"{channel!r} is no channel: write platform:app:channel, as `frontdesk cases` and the "
            "log show it at the beginning of ids",
            param_hint="--channel",
        )
    return channel or ""


def _named(place: str) -> str:
    return place or "everywhere"


def _with_pauses(config: Path | None, do: Callable[[Pauses], Awaitable[T]]) -> T:
    async def run() -> T:
        from bot.clock import SystemClock
        from bot.staff.pauses import Pauses

        async with _database(config) as database:
            return await do(Pauses(database, SystemClock()))

    return asyncio.run(run())


@asynccontextmanager
async def _database(config: Path | None) -> AsyncIterator[Database]:
    from bot.storage import open_database

    loaded = settings(config)
    async with await open_database(loaded.database, mode=loaded.database_mode) as database:
        yield database

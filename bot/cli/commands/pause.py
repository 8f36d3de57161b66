"""`frontdesk pause`, `resume` and `cases`: stop answering, and list messages kept for staff."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.options import ConfigOption, JsonOption, operator, print_json, settings, stdout
from bot.cli.output import heading, remark
from bot.conversations.key import ConversationKey

if TYPE_CHECKING:
    from bot.staff.pauses import Pauses
    from bot.storage import Database
    from bot.storage.cases import Case, Cases

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


def cases(
    config: ConfigOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Include closed ones.")] = False,
    close: Annotated[
        list[int] | None, typer.Option("--close", metavar="NUMBER", help="Close this one.")
    ] = None,
    close_all: Annotated[bool, typer.Option("--close-all", help="Close all of them.")] = False,
    json: JsonOption = False,
) -> None:
    """List cases for staff: paused, stale, given up, asked for a person."""
    if close or close_all:
        closed = _with_cases(config, lambda found: found.close(None if close_all else close))
        heading(f"cases closed: {closed}")
        return
    found = _with_cases(config, lambda kept: kept.listed(closed=everything))
    if json:
        print_json([_as_data(case) for case in found])
    elif found:
        _show(found)
    else:
        remark("no cases are open")


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


def _with_cases(config: Path | None, do: Callable[[Cases], Awaitable[T]]) -> T:
    async def run() -> T:
        from bot.clock import SystemClock
        from bot.storage.cases import Cases

        async with _database(config) as database:
            return await do(Cases(database, SystemClock()))

    return asyncio.run(run())


@asynccontextmanager
async def _database(config: Path | None) -> AsyncIterator[Database]:
    from bot.storage import open_database

    loaded = settings(config)
    async with await open_database(loaded.database, mode=loaded.database_mode) as database:
        yield database


def _as_data(case: Case) -> dict[str, object]:
    closed = case.closed_at.isoformat() if case.closed_at else None
    return asdict(case) | {"opened_at": case.opened_at.isoformat(), "closed_at": closed}


def _show(found: list[Case]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("", "kind", "opened", "conversation", "message", box=None, pad_edge=False)
    for case in found:
        opened = f"{case.opened_at:%Y-%m-%d %H:%M}"
        said = Text(case.text or case.note)
        table.add_row(str(case.id), case.kind, opened, case.conversation, said)
    stdout().print(table)

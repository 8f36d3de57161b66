"""`frontdesk actions`: writes that customers confirmed, and what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.options import ConfigOption, JsonOption, operator, print_json, settings
from bot.cli.output import heading, line, remark

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.storage.action_calls import ActionCalls, StoredCall

T = TypeVar("T")

SHOWN = 12
"""Characters of a key that are shown in lists, and are enough to name it."""

_MOST = 1_000

KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="As `actions` shows it; its beginning is enough.")
]

app = typer.Typer(help="List writes that customers confirmed, and settle those without an outcome.")


class Outcome(StrEnum):
    """What a person found out about a write."""

    DONE = "done"
    FAILED = "failed"


@app.callback(invoke_without_command=True)
def actions(
    context: typer.Context,
    config: ConfigOption = None,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only those whose outcome is not known.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="How many are listed.")] = 50,
    json: JsonOption = False,
) -> None:
    """List writes, the latest first."""
    if context.invoked_subcommand is not None:
        return
    found = _run(config, lambda calls, _: calls.latest(limit, only_open=only_open))
    if json:
        print_json([_plain(each) for each in found])
    elif found:
        _show_list(found)
    else:
        remark("no write is without an outcome" if only_open else "no writes are stored")


@app.command()
def show(key: KeyArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Show a write: what it was called with, and what became of it."""
    call = _run(config, lambda calls, _: _named(calls, key))
    if json:
        print_json(_plain(call))
        return
    for name, value in _plain(call).items():
        if value not in (None, "", {}):
            line(f"{name}: {value}")


@app.command()
def settle(
    key: KeyArgument,
    outcome: Annotated[Outcome, typer.Argument(help="What you found in the shop.")],
    config: ConfigOption = None,
) -> None:
    """Store what became of a write without an outcome, and tell its customer."""
    call = _run(config, lambda calls, loaded: _settle(calls, loaded, key, outcome))
    heading(f"{call.action} {call.key[:SHOWN]}: {outcome}; the customer is told")


async def _settle(calls: ActionCalls, config: Config, key: str, outcome: Outcome) -> StoredCall:
    from bot.answering.actions.settling import settled_post
    from bot.answering.wording import BotWording
    from bot.app.actions import name_of
    from bot.clock import SystemClock
    from bot.storage.action_calls import OPEN
    from bot.understanding.intents.loading import load_intents

    call = await _named(calls, key)
    if call.state not in OPEN:
        _refuse(f"{call.action} {call.key[:SHOWN]} is {call.state}: nothing is left to settle")
    language = config.language.default
    intents = load_intents(config.intents, default_language=language)
    named = name_of(config, intents, call.action, call.language)
    wording = BotWording(config.responder, language)
    post = settled_post(call, named, wording, done=outcome is Outcome.DONE)
    now = SystemClock().now()
    if not await calls.finish(call, outcome.value, now, post=post, by=operator()):
        _refuse("it has just been settled: see `frontdesk actions show`")
    return call


async def _named(calls: ActionCalls, key: str) -> StoredCall:
    """Return the one call whose key begins so."""
    found = await calls.beginning(key)
    if len(found) != 1:
        wrong = "no write has" if not found else f"{len(found)} writes have"
        _refuse(f"{wrong} a key that begins with {key!r}")
    return found[0]


def _show_list(found: Sequence[StoredCall]) -> None:
    for each in found:
        planned = f"{each.planned_at:%Y-%m-%d %H:%M}" if each.planned_at else ""
        why = f": {each.error or each.reason}" if each.error or each.reason else ""
        line(
            f"{each.key[:SHOWN]}  {planned}  {each.state:<8} {each.action}  "
            f"{each.conversation}{why}",
            style="yellow" if each.state in ("sent", "unknown") else "",
        )


def _refuse(text: str) -> None:
    remark(text)
    raise typer.Exit(1)


def _plain(call: StoredCall) -> dict[str, Any]:
    """Return a call as JSON has it."""
    from dataclasses import asdict

    found: Mapping[str, Any] = asdict(call)
    return {
        name: each.isoformat() if isinstance(each, datetime) else each
        for name, each in found.items()
    }


def _run(config: Path | None, do: Callable[[ActionCalls, Config], Awaitable[T]]) -> T:
    async def run() -> T:
        from bot.storage import open_database
        from bot.storage.action_calls import ActionCalls

        loaded = settings(config)
        async with await open_database(loaded.database, mode=loaded.database_mode) as database:
            return await do(ActionCalls(database), loaded)

    return asyncio.run(run())

"""`frontdesk cases`: lists cases, shows one, and works on them while the service runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.commands.case_views import show_case, show_cases
from bot.cli.options import ConfigOption, JsonOption, operator, print_json, settings
from bot.cli.output import heading, remark

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.messages import Author
    from bot.staff.desk import ActResult, Desk
    from bot.storage import Database
    from bot.storage.case_details import CaseDetails
    from bot.storage.cases import Cases

T = TypeVar("T")

NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", help="As `cases` shows it.")]

app = typer.Typer(help="List cases for staff: asked for a person, paused, stale, given up.")


@app.callback(invoke_without_command=True)
def cases(
    context: typer.Context,
    config: ConfigOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Include closed ones.")] = False,
    close_these: Annotated[
        list[int] | None, typer.Option("--close", metavar="NUMBER", help="Close this one.")
    ] = None,
    close_all: Annotated[bool, typer.Option("--close-all", help="Close all of them.")] = False,
    json: JsonOption = False,
) -> None:
    """List cases, or work on one of them."""
    if context.invoked_subcommand is not None:
        return
    if close_these or close_all:
        numbers = None if close_all else close_these
        heading(f"cases closed: {_run(config, lambda desk: desk.close_many(numbers))}")
        return
    found = _run(config, lambda desk: desk.cases.listed(closed=everything))
    if json:
        print_json([_plain(asdict(each)) for each in found])
    elif found:
        show_cases(found)
    else:
        remark("no cases are open")


@app.command(name="list")
def listed(
    context: typer.Context,
    config: ConfigOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Include closed ones.")] = False,
    json: JsonOption = False,
) -> None:
    """List cases."""
    cases(context, config, everything, None, False, json)


@app.command()
def show(number: NumberArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Show a case: what staff read first, the conversation, what did not arrive."""
    found = _run(config, lambda desk: desk.details(number))
    if found is None:
        _refuse(f"no customer's case has the number {number}")
    elif json:
        print_json(_plain(asdict(found)))
    else:
        show_case(found)


@app.command()
def claim(number: NumberArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Take a case."""
    _act(config, "claim", lambda desk, actor: desk.claim(number, actor), json=json)


@app.command()
def reply(
    number: NumberArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Markdown.")] = "",
    config: ConfigOption = None,
    saved: Annotated[
        str, typer.Option("--saved", metavar="INTENT", help="Send the reply of this intent.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Send a text, or a saved reply, to the customer of a case."""
    if bool(text.strip()) == bool(saved):
        raise typer.BadParameter("write a text, or --saved and the name of an intent")

    async def send(desk: Desk, actor: Author) -> ActResult:
        if saved:
            return await desk.reply_saved(number, actor, saved)
        return await desk.reply(number, actor, text, cause="")

    _act(config, "reply", send, json=json)


@app.command()
def close(
    number: NumberArgument,
    closing: Annotated[
        str, typer.Argument(metavar="LINE", help="What the bot is to remember of it.")
    ] = "",
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Close a case; the closing line is for the bot's memory, not for the customer."""
    _act(config, "close", lambda desk, actor: desk.close(number, actor, closing), json=json)


@app.command(name="return")
def return_(number: NumberArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Give the conversation of a case back to the bot."""
    _act(config, "return", lambda desk, actor: desk.return_to_bot(number, actor), json=json)


@app.command()
def retry(
    number: NumberArgument,
    post: Annotated[int, typer.Argument(metavar="POST", help="As `cases show` names it.")],
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Send again what did not reach the customer."""
    _act(config, "retry", lambda desk, actor: desk.retry(number, actor, post), json=json)


class _OpenDesk:
    """The desk of the command line, beside a service that may run."""

    def __init__(self, config: Config, database: Database) -> None:
        from bot.answering.wording import BotWording
        from bot.app.desk import build_desk
        from bot.clock import SystemClock
        from bot.storage.cases import Cases

        self._config = config
        self._database = database
        clock = SystemClock()
        wording = BotWording(config.responder, config.language.default)
        self.cases: Cases = Cases(database, clock)
        self.desk: Desk = build_desk(config, (), database, clock, wording)

    def learn(self) -> None:
        """Read the replies of the intents."""
        from bot.answering.replies import Replies
        from bot.understanding.intents.loading import load_intents

        config, language = self._config, self._config.language.default
        values = {"bot": config.responder.bot, "contact": config.responder.contact}
        intents = load_intents(config.intents, default_language=language)
        self.desk.saved.learn(Replies(intents, language_default=language, values=values))

    async def details(self, number: int) -> CaseDetails | None:
        """Return all that is stored of a case."""
        from functools import partial

        from bot.storage.case_details import details_of

        return await self._database.query(partial(details_of, number=number))

    async def close_many(self, numbers: list[int] | None) -> int:
        """Close cases; of those of customers, the conversation ends as well."""
        open_ones = await self.cases.listed(limit=10_000)
        wanted = [each for each in open_ones if numbers is None or each.id in numbers]
        ended = 0
        for each in wanted:
            if each.kind in ("handoff", "safety"):
                ended += (await self.desk.close(each.id, actor())).done
        others = [each.id for each in wanted if each.kind not in ("handoff", "safety")]
        return ended + (await self.cases.close(others) if others else 0)


def actor() -> Author:
    """Return who works on the command line."""
    from bot.messages import Author

    key = operator()
    return Author(key, key.removeprefix("cli:"), staff=True)


def _act(
    config: Path | None,
    act: str,
    do: Callable[[Desk, Author], Awaitable[ActResult]],
    *,
    json: bool,
) -> None:
    """Do something with a case, and say what came of it."""
    from bot.staff.desk.texts import said

    async def run(opened: _OpenDesk) -> ActResult:
        if act == "reply":
            opened.learn()
        return await do(opened.desk, actor())

    result = _run(config, run)
    if json:
        print_json(asdict(result) | {"outcome": str(result.outcome), "done": result.done})
    elif result.done:
        heading(said(act, result, result.assignee))
    if not result.done:
        _refuse(said(act, result, result.assignee), quiet=json)


def _refuse(text: str, *, quiet: bool = False) -> None:
    if not quiet:
        remark(text)
    raise typer.Exit(1)


def _run(config: Path | None, do: Callable[[_OpenDesk], Awaitable[T]]) -> T:
    async def run() -> T:
        from bot.storage import open_database

        loaded = settings(config)
        async with await open_database(loaded.database, mode=loaded.database_mode) as database:
            return await do(_OpenDesk(loaded, database))

    return asyncio.run(run())


def _plain(data: object) -> object:
    """Return data as JSON has it."""
    if isinstance(data, dict):
        return {name: _plain(each) for name, each in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(each) for each in data]
    return data.isoformat() if isinstance(data, datetime) else data

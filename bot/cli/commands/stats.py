"""`frontdesk stats`: answers by kind, their cost, and what customers think of them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings, stdout
from bot.cli.output import heading, line

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.storage.statistics import Statistics


def stats(
    config: ConfigOption = None,
    days: Annotated[int, typer.Option("--days", min=1, help="Number of days to look back.")] = 7,
    json: JsonOption = False,
) -> None:
    """Show answers by kind, what GPT cost, and what customers think of the answers."""
    loaded = settings(config)
    found = _without_personal_data(asyncio.run(_statistics(loaded, days)))
    if json:
        print_json(asdict(found) | {"cost_per_answer": found.cost_per_answer, "days": days})
        return
    _show(found, loaded.budget.currency, days)


def _without_personal_data(found: Statistics) -> Statistics:
    """Return statistics with placeholders for personal data in what customers wrote."""
    from bot.privacy.pseudonyms import masked

    return replace(found, reasons=[masked(reason) for reason in found.reasons])


async def _statistics(config: Config, days: int) -> Statistics:
    from bot.clock import SystemClock
    from bot.storage import open_database
    from bot.storage.statistics import statistics

    async with await open_database(config.database, mode=config.database_mode) as database:
        return await statistics(database, since=_since(SystemClock().now(), days))


def _since(now: datetime, days: int) -> datetime:
    """Return the start of the period: the last `days` days (UTC), today included."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)


def _show(found: Statistics, currency: str, days: int) -> None:
    from rich.table import Table

    heading(f"The last {days} days: {sum(found.kinds.values())} decisions")
    table = Table("kind", "decisions", box=None)
    for kind, number in sorted(found.kinds.items(), key=lambda item: -item[1]):
        table.add_row(kind, str(number))
    stdout().print(table)
    heading(f"GPT: {found.cost:.4f} {currency} in {found.requests} requests")
    line(
        f"{found.prompt_tokens} tokens sent, {found.completion_tokens} answered"
        f" ({found.estimated} requests estimated); {found.reused} answers served from cache"
    )
    line(f"{found.cost_per_answer:.5f} {currency} per answered question ({found.answered})")
    for title, costs in (
        ("day", found.by_day),
        ("channel", found.by_channel),
        ("person", found.by_person),
        ("conversation", found.by_conversation),
    ):
        if costs:
            table = Table(title, currency, box=None)
            for key, cost in costs.items():
                table.add_row(key, f"{cost:.4f}")
            stdout().print(table)
    if found.votes:
        _show_votes(found)


def _show_votes(found: Statistics) -> None:
    from rich.table import Table

    up, down = (found.votes.get(verdict, 0) for verdict in ("up", "down"))
    heading(f"Feedback: {up} of {up + down} votes found the answer helpful")
    table = Table("answer", "helpful", "not helpful", box=None)
    for answer, votes in found.disliked.items():
        table.add_row(answer, str(votes["up"]), str(votes["down"]))
    stdout().print(table)
    for reason in found.reasons:
        line(f"- {' '.join(reason.split())}")

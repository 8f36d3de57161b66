"""`frontdesk stats`: answers by kind, their cost, and what became of them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigOption, JsonOption, print_json, settings, stdout
from bot.cli.output import heading, line

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.operations.analytics import Analysis, Period
    from bot.storage.statistics import Statistics

DAYS = 7
"""Days that are looked back where nothing else is asked for."""

Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="First day, as in 2026-11-30 (UTC)."),
]
LastDay = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Last day, which counts as well."),
]


def stats(
    config: ConfigOption = None,
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, help="Number of days to look back.", show_default=str(DAYS)),
    ] = None,
    since: Day = None,
    until: LastDay = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with charts.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show answers by kind, what GPT cost, and what became of answers and conversations."""
    from bot.clock import SystemClock

    loaded = settings(config)
    period = period_of(SystemClock().now(), days, since, until)
    found, analysis = asyncio.run(_statistics(loaded, period))
    found = _without_personal_data(found)
    if html is not None:
        _write(analysis, loaded, html)
    if json:
        shown = {"cost_per_answer": found.cost_per_answer, "days": _days(period)}
        print_json(asdict(found) | shown | {"analysis": analysis.to_json()})
        return
    _show(found, loaded.budget.currency, period)
    from bot.cli.analysis_tables import show

    show(analysis)
    if html is not None:
        heading(f"\n{html} written")


def period_of(
    now: datetime, days: int | None, since: datetime | None, until: datetime | None
) -> Period:
    """Return the period that is asked for, in whole days (UTC); without anything, the last 7.

    Raises:
        typer.BadParameter: The options contradict each other.
    """
    from bot.operations.analytics import Period

    if days is not None and since is not None:
        raise typer.BadParameter("--days counts back from the last day: leave out --since")
    last = until.date() if until is not None else now.date()
    first = since.date() if since is not None else last - timedelta(days=(days or DAYS) - 1)
    if first > last:
        raise typer.BadParameter(f"the first day, {first}, is after the last one, {last}")
    midnight = datetime.min.time()
    return Period(
        datetime.combine(first, midnight, UTC),
        datetime.combine(last + timedelta(days=1), midnight, UTC),
    )


def _write(analysis: Analysis, config: Config, path: Path) -> None:
    from bot.operations.analytics.report import write_page

    write_page(analysis, path, limit=config.stats.alert_frustrated or None)


def _days(period: Period) -> int:
    return (period.until - period.since).days


def _without_personal_data(found: Statistics) -> Statistics:
    """Return statistics with placeholders for personal data in what customers wrote."""
    from bot.privacy.pseudonyms import masked

    return replace(found, reasons=[masked(reason) for reason in found.reasons])


async def _statistics(config: Config, period: Period) -> tuple[Statistics, Analysis]:
    from bot.operations.analytics import Courtesies, analyse
    from bot.staff.teams import Teams
    from bot.storage import open_database
    from bot.storage.statistics import statistics

    courtesies = Courtesies(frozenset(config.stats.small_talk), frozenset(config.stats.confirming))
    teams = Teams(config.staff, config.language.default)
    async with await open_database(config.database, mode=config.database_mode) as database:
        found = await statistics(database, since=period.since, until=period.until)
        analysis = await analyse(
            database,
            period,
            courtesies=courtesies,
            hours_of=lambda team: teams.named(team).hours,
        )
    return found, analysis


def _show(found: Statistics, currency: str, period: Period) -> None:
    from rich.table import Table

    last = (period.until - timedelta(days=1)).date()
    heading(f"{period.since.date()} to {last} (UTC): {sum(found.kinds.values())} decisions")
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

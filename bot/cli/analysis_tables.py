"""Tables of what became of answers and conversations, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.options import stdout
from bot.cli.output import count, heading, line
from bot.operations.analytics.wording import NOTHING, between, duration, percent

if TYPE_CHECKING:
    from bot.operations.analytics import Analysis, Figures
    from bot.operations.analytics.intervals import Share, Spread
    from bot.operations.analytics.products import ProductFigures

SHOWN = 10
"""Maximum number of rows of a cut; the JSON has them all. Of weeks, the latest."""

_OUTCOMES = {
    "confirmed": "thumbs up, or thanks as the next message",
    "unconfirmed": "no reaction",
    "came_back": "asked again within 72 hours, or got a case",
    "contradicted": "thumbs down, or none of these",
}
_TIMES = {
    "first_response": "first response, of bot or person",
    "person_first_response": "person's first response",
    "person_first_response_business": "the same in business hours",
    "resolution": "resolution",
    "resolution_business": "the same in business hours",
}


def show(analysis: Analysis) -> None:
    """Print the tables."""
    from rich.table import Table

    total = analysis.total
    if not (total.answers or total.conversations or total.messages):
        line("nothing was answered in this time")
        return
    heading(f"What became of {count(total.answers, 'answer')}")
    table = Table("outcome", "answers", "share", "95 %", "", box=None)
    for name, meaning in _OUTCOMES.items():
        table.add_row(name.replace("_", " "), *_cells(getattr(total, name)), meaning)
    stdout().print(table)
    heading(f"{count(total.conversations, 'conversation')}")
    table = Table("share", "of", "share", "95 %", "", box=None)
    table.add_row("handoff", *_cells(total.handoff), "had a case for a person")
    table.add_row("satisfied", *_cells(total.csat.satisfied), "scored 4 or 5 after a case")
    table.add_row("frustrated", *_cells(total.frustrated), "of the messages that were read")
    table.add_row("pleased", *_cells(total.pleased), "of the messages that were read")
    stdout().print(table)
    table = Table("time", "measured", "median", "95 %", "90 % within", box=None)
    for name, meaning in _TIMES.items():
        table.add_row(meaning, *_durations(getattr(total, name)))
    stdout().print(table)
    for name, cut in analysis.cuts.items():
        _show_cut(name, list(cut.items()))
    _show_products(list(analysis.products.items()))


def _show_cut(name: str, rows: list[tuple[str, Figures]]) -> None:
    from rich.table import Column, Table

    if not rows:
        return
    shown = rows[-SHOWN:] if name == "week" else rows[:SHOWN]
    table = Table(Column(name, overflow="fold"), box=None)
    for title in ("answers", "confirmed", "came back", "contradicted", "handoff", "frustrated"):
        table.add_column(title, no_wrap=True)
    for value, one in shown:
        shares = (one.confirmed, one.came_back, one.contradicted, one.handoff, one.frustrated)
        table.add_row(value, f"{one.answers:,}", *(_cell(each) for each in shares))
    stdout().print(table)
    if len(rows) > len(shown):
        line(f"{len(shown)} of {len(rows)}; --json has them all")


def _show_products(rows: list[tuple[str, ProductFigures]]) -> None:
    from rich.table import Column, Table

    if not rows:
        return
    table = Table(Column("product", overflow="fold"), box=None)
    for title in ("recommended", "why", "more like it", "cheaper", "handoff after it"):
        table.add_column(title, no_wrap=True)
    for name, one in rows[:SHOWN]:
        counts = (one.recommended, one.why, one.more, one.cheaper)
        table.add_row(name, *(f"{each:,}" for each in counts), _cell(one.handoff))
    stdout().print(table)
    if len(rows) > SHOWN:
        line(f"{SHOWN} of {len(rows)}; --json has them all")


def _cells(found: Share) -> tuple[str, str, str]:
    if found.share is None:
        return NOTHING, NOTHING, NOTHING
    return f"{found.number:,} of {found.of:,}", percent(found.share), between(found)


def _cell(found: Share) -> str:
    if found.share is None:
        return NOTHING
    return f"{percent(found.share)} ({between(found).removesuffix(' %')})"


def _durations(found: Spread) -> tuple[str, str, str, str]:
    if found.median is None:
        return "0", NOTHING, NOTHING, NOTHING
    apart = NOTHING
    if found.low is not None and found.high is not None:
        apart = f"{duration(found.low)} to {duration(found.high)}"
    return f"{found.number:,}", duration(found.median), apart, duration(found.p90)

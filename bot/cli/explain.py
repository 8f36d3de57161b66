"""Renders a decision for `/why` and `frontdesk ask`."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.messages import Decision

BAR = 20
"""Characters of a full confidence bar."""


def explain(decision: Decision, *, trace: bool = True) -> RenderableType:
    """Render a decision and its reasons.

    Args:
        decision: What was decided.
        trace: Also show versions and durations.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    table.add_row("decision", Text(str(decision.kind), style="bold"))
    if decision.intents:
        table.add_row("intents", _intents(decision))
        table.add_row("threshold", f"{decision.threshold:.2f}")
    if decision.passages:
        table.add_row("passages", _passages(decision, trace=trace))
    if decision.reasons:
        table.add_row("because", Group(*(Text(reason) for reason in decision.reasons)))
    if trace:
        _add_trace(table, decision)
    return table


def bar(share: float) -> Text:
    """Render a share from 0 to 1 as a bar.

    >>> bar(0.5).plain
    '██████████░░░░░░░░░░'
    """
    full = round(min(max(share, 0.0), 1.0) * BAR)
    return Text.assemble(("█" * full, "cyan"), ("░" * (BAR - full), "dim"))


def _intents(decision: Decision) -> Table:
    """Render intents with confidence; those above the threshold are marked."""
    table = Table.grid(padding=(0, 1))
    for intent in decision.intents:
        sure = intent.confidence >= decision.threshold
        table.add_row(
            Text(intent.name, style="bold" if sure else ""),
            bar(intent.confidence),
            f"{intent.confidence:.2f}",
        )
    return table


def _passages(decision: Decision, *, trace: bool) -> Table:
    """Render passages with scores; with `trace`, also parts of the score and places."""
    table = Table.grid(padding=(0, 1))
    for passage in decision.passages:
        score, citation = f"{passage.score:.2f}", Text(passage.citation)
        if trace:
            parts = f"meaning {passage.meaning:.2f} words {passage.words:.2f}"
            table.add_row(score, Text(parts, style="dim"), citation, Text(passage.place))
        else:
            table.add_row(score, citation)
    return table


def _add_trace(table: Table, decision: Decision) -> None:
    """Add versions and durations."""
    spent = ", ".join(f"{name} {took:.1f} ms" for name, took in decision.milliseconds.items())
    for name, value in (
        ("took", spent),
        ("language", decision.language),
        ("model", decision.model_version),
        ("cost", f"{decision.cost:.4f}" if decision.cost else ""),
    ):
        if value:
            table.add_row(name, Text(value))

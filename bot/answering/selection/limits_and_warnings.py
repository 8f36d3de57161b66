"""What comes along with a chosen unit: the limits beside it, the warnings of its passage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answering.grounding.lexicon import markers
from bot.answering.grounding.parsing import is_negated, plain
from bot.answering.selection.units import ArticleUnit
from bot.text.phrases import begins_with, holds

_LIMITS = 2
"""Most sentences after a chosen one that limit it."""

_LIMITING = frozenset({"except", "if"})


def limits(chosen: int, units: Sequence[ArticleUnit]) -> Iterator[int]:
    """Yield the sentences after a chosen one, in its paragraph, that make a condition or exception.

    Args:
        chosen: Number of the unit, counted from 0.
        units: What is offered.
    """
    for after in range(chosen + 1, min(chosen + 1 + _LIMITS, len(units))):
        unit = units[after]
        if unit.mark or unit.block != units[chosen].block or not _is_limit(unit):
            return
        yield after


def _is_limit(unit: ArticleUnit) -> bool:
    text = plain(unit.text)
    return begins_with(text, "exceptions") or bool(markers(text) & _LIMITING)


def warnings(passage: int, units: Sequence[ArticleUnit]) -> Iterator[int]:
    """Yield the units of a passage that warn of a danger."""
    for number, unit in enumerate(units):
        if unit.passage == passage and is_warning(unit.text):
            yield number


def is_warning(text: str) -> bool:
    """Return whether a sentence warns of a danger.

    >>> is_warning("Never dive from the side."), is_warning("Fins are allowed only in lane 3.")
    (True, False)
    >>> is_warning("请勿在室内给电动自行车充电，以免起火。")
    True
    """
    words = plain(text)
    return begins_with(words, "warnings") or (is_negated(words) and holds(words, "hazards"))

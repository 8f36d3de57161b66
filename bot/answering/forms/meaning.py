"""Reads a choice by what a line means, where it has none of the words: "I went off it"."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.forms.extraction import NOTHING, SlotReading
from bot.open_form import SlotValue
from bot.ports import ComparesTexts, ReadsReasons

NEAR, NEAR_REASON, LEAD = 0.35, 0.3, 0.07
"""Similarity to the words of a choice, or agreement on the kind of reason, from which a choice is
meant, and its lead over the next one, in the sum of both. A smaller lead: the customer is asked."""

_MOST_WORDS = 60
"""Words of all choices that a line is compared with; more are not read by their meaning."""


@dataclass(frozen=True, slots=True)
class _Nearness:
    """How near a line is to a choice: by its words, and by the reason that both give."""

    words: float
    reason: float

    @property
    def total(self) -> float:
        return self.words + self.reason

    @property
    def may_be_meant(self) -> bool:
        return self.words >= NEAR or self.reason >= NEAR_REASON


async def nearest_choice(
    compares: ComparesTexts,
    reasons: ReadsReasons,
    choices: Mapping[str, Sequence[str]],
    text: str,
    *,
    language: str,
) -> SlotReading:
    """Return the choice that a line means; the two between which it does not decide, or nothing.

    Args:
        compares: Compares texts.
        reasons: Reads kinds of reason.
        choices: Words for each choice.
        text: What the customer wrote.
        language: Its BCP 47 tag.
    """
    words = [(value, word) for value, each in choices.items() for word in each]
    if len(choices) < 2 or len(words) > _MOST_WORDS:
        return NOTHING
    said = [word for _, word in words]
    similar = await asyncio.to_thread(compares.similarities, text, said, language=language)
    line, *kinds = await reasons.reasons([text, *said], language=language) or [[]] * (1 + len(said))
    found = {value: _Nearness(-1.0, 0.0) for value in choices}
    for (value, _), near, kind in zip(words, similar, kinds, strict=True):
        best = found[value]
        found[value] = _Nearness(max(near, best.words), max(_agreement(line, kind), best.reason))
    first, second, *_ = sorted(found, key=lambda value: -found[value].total)
    if not found[first].may_be_meant:
        return NOTHING
    if found[first].total - found[second].total >= LEAD:
        return SlotReading(first, next(iter(choices[first])))
    if not found[second].may_be_meant:
        return NOTHING
    near_ones = (SlotValue(each, next(iter(choices[each]))) for each in (first, second))
    return SlotReading(candidates=tuple(near_ones))


def _agreement(line: Sequence[float], word: Sequence[float]) -> float:
    """Return how surely two texts give the same kind of reason."""
    pairs = zip(line, word, strict=True)
    return max((max(one, 0.0) * min(max(other, 0.0), 1.0) for one, other in pairs), default=0.0)

"""Reads a choice by what a line means, where it has none of the words: "I went off it"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answering.forms.extraction import NOTHING, SlotReading
from bot.ports import ComparesTexts

NEAR, LEAD = 0.35, 0.07
"""Similarity to the words of a choice from which it is meant, and its lead over the next one."""

_MOST_WORDS = 60
"""Words of all choices that a line is compared with; more are not read by their meaning."""


def nearest_choice(
    compares: ComparesTexts, choices: Mapping[str, Sequence[str]], text: str, *, language: str
) -> SlotReading:
    """Return the choice that a line means; nothing where none is clearly the nearest.

    Args:
        compares: Compares texts.
        choices: Words for each choice.
        text: What the customer wrote.
        language: Its BCP 47 tag.
    """
    words = [(value, word) for value, each in choices.items() for word in each]
    if len(choices) < 2 or len(words) > _MOST_WORDS:
        return NOTHING
    found = compares.similarities(text, [word for _, word in words], language=language)
    best: dict[str, float] = {}
    for (value, _), near in zip(words, found, strict=True):
        best[value] = max(near, best.get(value, near))
    first, second, *_ = sorted(best, key=lambda value: -best[value])
    if best[first] < NEAR or best[first] - best[second] < LEAD:
        return NOTHING
    return SlotReading(first, next(iter(choices[first])))

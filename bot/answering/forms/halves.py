"""Reads a day and a time that were said in two answers: "on Friday", then "at seven"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.answering.forms.extraction import SlotReading

_HALVES = ("no_time", "no_date")
"""Why the first answer was not enough."""


def with_last(
    read: Callable[[str], SlotReading], text: str, earlier: Sequence[str], found: SlotReading
) -> SlotReading:
    """Return what an answer says together with the one before it, where that had only a half.

    Args:
        read: Reads a text for the slot of `type: datetime` that was asked for again.
        text: The answer.
        earlier: What the customer wrote before, the latest first.
        found: What the answer says by itself.
    """
    if found.value is not None or found.candidates or not earlier:
        return found
    if read(earlier[0]).refused not in _HALVES:
        return found
    both = read(f"{earlier[0]}, {text}")
    return both if both.value is not None or both.candidates else found

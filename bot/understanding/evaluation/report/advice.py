"""What an admin can do about two intents that are taken for each other."""

from __future__ import annotations

from dataclasses import dataclass

from bot.text.shorten import shortened
from bot.understanding.evaluation.predictions import OUT_OF_SCOPE, LabelledPrediction

FEW = 10
"""Examples below which writing more of them helps first."""

OVERLAP = 0.3
"""Share of the smaller intent's texts, confused in either direction, from which two are one."""

_FEWEST = 3
"""Confused texts without which nothing is said about whole intents."""

_QUOTED = 3
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Confused:
    """Texts of one intent that are taken for another.

    Attributes:
        outcomes: The texts, the surest first.
        reverse: How many texts of the other intent are taken for this one.
        sizes: How many texts there are of the expected and of the predicted intent.
    """

    expected: str
    predicted: str
    outcomes: tuple[LabelledPrediction, ...]
    reverse: int
    sizes: tuple[int, int]


def mend(confused: Confused) -> str:
    """Say what to do, the likeliest remedy first."""
    expected, predicted = confused.expected, confused.predicted
    examples = confused.outcomes[0].example is not None
    quoted = _quoted(confused.outcomes)
    if expected == OUT_OF_SCOPE:
        if examples:
            return f"Add to `not:` of {predicted}: {quoted}."
        return f"Add to `out_of_scope:`: {quoted}. If they ask for something new, write an intent."
    if _overlap(confused):
        return (
            f"Merge {expected} and {predicted}, if one reply serves both, and ask for what differs "
            f"in a slot; else rewrite their examples so that each names what only it is about."
        )
    if examples:
        return _mend_examples(confused, quoted)
    return (
        f"Write more examples of {expected} like {quoted}; where they keep being taken for "
        f"{predicted}, add such texts to its `not:`."
    )


def _mend_examples(confused: Confused, quoted: str) -> str:
    expected, predicted = confused.expected, confused.predicted
    sure = [one for one in confused.outcomes if one.is_answered]
    own, other = confused.sizes
    if sure:
        return (
            f"Move {_quoted(sure)} to {predicted}, if that is what is meant; "
            f"else add the text to `not:` of {predicted}."
        )
    if own < FEW or 2 * own < other:
        return f"Write more examples of {expected} like {quoted}: it has {own}."
    return f"Add to `not:` of {predicted}: {quoted}."


def _overlap(confused: Confused) -> bool:
    both = len(confused.outcomes) + confused.reverse
    return both >= _FEWEST and both >= OVERLAP * min(confused.sizes) > 0


def _quoted(outcomes: tuple[LabelledPrediction, ...] | list[LabelledPrediction]) -> str:
    texts = [f"“{_short(one.text)}”" for one in outcomes[:_QUOTED]]
    return ", ".join(texts)


def _short(text: str) -> str:
    return shortened(" ".join(text.split()), _LONGEST, "…")

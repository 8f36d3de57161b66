"""Advice for two intents that are confused with each other."""

from __future__ import annotations

from dataclasses import dataclass

from bot.text.shorten import shortened
from bot.understanding.evaluation.predictions import OUT_OF_SCOPE, LabelledPrediction

FEW = 10
"""Number of examples below which the first advice is to write more."""

OVERLAP = 0.3
"""Merging is advised if this share of the smaller intent's texts is confused, in any direction."""

_FEWEST = 3
"""Minimum number of confused texts for advice about whole intents."""

_QUOTED = 3
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Confused:
    """Texts of one intent that are predicted as another.

    Attributes:
        outcomes: The texts with their predictions, the most confident first.
        reverse: Number of texts of the other intent that are predicted as this one.
        sizes: Number of texts of the expected and of the predicted intent.
    """

    expected: str
    predicted: str
    outcomes: tuple[LabelledPrediction, ...]
    reverse: int
    sizes: tuple[int, int]


def advise(confused: Confused) -> str:
    """Return what to do about a confusion, the likeliest remedy first."""
    expected, predicted = confused.expected, confused.predicted
    examples = confused.outcomes[0].example is not None
    quoted = _quoted(confused.outcomes)
    if expected == OUT_OF_SCOPE:
        if examples:
            return f"Add to `not:` of {predicted}: {quoted}."
        return (
            f"Add to `out_of_scope:`: {quoted}. If customers ask for something new, "
            "write an intent for it."
        )
    if _overlap(confused):
        return (
            f"If one reply fits both, merge {expected} and {predicted}, and ask for the difference "
            f"in a slot; else rewrite their examples so that each fits one of the two only."
        )
    if examples:
        return _advise_examples(confused, quoted)
    return (
        f"Write more examples of {expected} like {quoted}; if they are still predicted as "
        f"{predicted}, add such texts to its `not:`."
    )


def _advise_examples(confused: Confused, quoted: str) -> str:
    expected, predicted = confused.expected, confused.predicted
    sure = [one for one in confused.outcomes if one.is_answered]
    own, other = confused.sizes
    if sure:
        return (
            f"If they belong to {predicted}, move {_quoted(sure)} there; "
            f"else add them to `not:` of {predicted}."
        )
    if own < FEW or 2 * own < other:
        return f"Write more examples of {expected} like {quoted}: it has only {own}."
    return f"Add to `not:` of {predicted}: {quoted}."


def _overlap(confused: Confused) -> bool:
    both = len(confused.outcomes) + confused.reverse
    return both >= _FEWEST and both >= OVERLAP * min(confused.sizes) > 0


def _quoted(outcomes: tuple[LabelledPrediction, ...] | list[LabelledPrediction]) -> str:
    texts = [f"“{_short(one.text)}”" for one in outcomes[:_QUOTED]]
    return ", ".join(texts)


def _short(text: str) -> str:
    return shortened(" ".join(text.split()), _LONGEST, "…")

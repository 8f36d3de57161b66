"""What an answer says at last, where it corrects itself: "at six, no, at seven"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol, TypeVar

from bot.answering.forms.extraction.phrases import Phrases
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import value_words


class _Placed(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


Placed = TypeVar("Placed", bound=_Placed)


@cache
def _phrases(language: str) -> Phrases[str]:
    return Phrases((phrase, "") for phrase in value_words("corrections", language))


def last_said(said: Answer, found: Sequence[Placed], language: str) -> list[Placed]:
    """Return the values that follow the last correction between two of them; else all.

    Args:
        said: The answer.
        found: Values in it, from the left.
        language: BCP 47 tag.
    """
    if len(found) < 2:
        return list(found)
    first, last = found[0].end, found[-1].start
    ends = [each.end for each in _phrases(language).all(said.tokens)]
    between = [end for end in ends if first < end <= last]
    return [each for each in found if not between or each.start >= between[-1]]

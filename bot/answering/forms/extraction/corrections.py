"""Which of several values an answer means: the last after a correction, the one it concludes with.

"at six, no, at seven"; "five, but two are fine, so three"; "large please, my husband wears medium".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol, TypeVar

from bot.answering.forms.extraction.around import is_limited, words_beside
from bot.answering.forms.extraction.phrases import Phrases
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import everywhere, numbered, value_words

_UNIT = 1
"""Words after a value that stands alone which add something: "two pieces, one for me"."""

_MARKS = frozenset(".,;:!?…。，；！？")
_TO_LIMIT = 4
"""Tokens between "only" and the value that it limits, and one: "only give me two"."""

_BEFORE = 4
"""Most words between a conclusion and its value: "today it has to be medium"."""


class _Placed(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


Placed = TypeVar("Placed", bound=_Placed)


@cache
def _phrases(name: str, language: str) -> Phrases[str]:
    return Phrases((phrase, "") for phrase in value_words(name, language))


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
    ends = [each.end for each in _phrases("corrections", language).all(said.tokens)]
    between = [end for end in ends if first < end <= last]
    return [each for each in found if not between or each.start >= between[-1]]


def singled_out(said: Answer, found: Sequence[Placed], language: str) -> list[Placed]:
    """Return the value that an answer concludes with, or has in a part of its own; else all.

    Args:
        said: The answer.
        found: Values in it, from the left, of which one is to be taken.
        language: BCP 47 tag.
    """
    if len(found) < 2 or _takes_several(said, language):
        return list(found)
    limited = [each for each in found if _is_limited(said, each.start, language)]
    if len(limited) == 1:
        return limited
    concluded = [
        each
        for each in _phrases("conclusions", language).all(said.tokens)
        if found[0].end <= each.start
    ]
    for each in found[::-1]:
        if any(_leads_to(said, mark.end, each.start) for mark in concluded):
            return [each]
    alone = [each for each in (found[0], found[-1]) if _stands_alone(said, each, found, language)]
    return alone[:1] or list(found)


def not_past(said: Answer, found: Sequence[Placed], language: str) -> list[Placed]:
    """Return the one value that stands in a part without a word for what was; else all."""
    over = [each.start for each in everywhere(("past_words",), said, language)]
    marks = _marks(said, found)

    def part(place: int) -> int:
        return sum(mark < place for mark in marks)

    told = {part(place) for place in over}
    left = [each for each in found if part(each.start) not in told]
    return left if len(left) == 1 else list(found)


def _takes_several(said: Answer, language: str) -> bool:
    """Return whether an answer says that it does not decide: "or", "between", "both"."""
    both = numbered("collectives", language).all(said.tokens)
    several = any(everywhere(("or", "between"), said, language))
    return several or any(each.meaning == "2" for each in both)


def _is_limited(said: Answer, start: int, language: str) -> bool:
    """Return whether a value is the only one, or the most, with a word or two between."""
    nearest = range(start, max(start - _TO_LIMIT, 0), -1)
    return any(is_limited(said, place, language) for place in nearest)


def _leads_to(said: Answer, place: int, start: int) -> bool:
    """Return whether only a few words, and no value, stand between a conclusion and a value."""
    between = said.tokens[place : max(place, start)]
    return place <= start and len(between) <= _BEFORE and not any(t.folded == "." for t in between)


def _stands_alone(said: Answer, value: _Placed, found: Sequence[_Placed], language: str) -> bool:
    """Return whether a value is all that a part of an answer between two marks says."""
    start = max((at + 1 for at in _marks(said, found) if at < value.start), default=0)
    end = min((at for at in _marks(said, found) if at >= value.end), default=len(said.tokens))
    inside = [each for each in found if start <= each.start < end]
    part = Answer(said.text, said.tokens[start:end])
    before = words_beside(replace(part, tokens=said.tokens[start : value.start]), (), language)
    beside = words_beside(part, [(value.start - start, value.end - start)], language)
    return len(inside) == 1 and not before and beside <= _UNIT


def _marks(said: Answer, found: Sequence[_Placed]) -> list[int]:
    """Return the tokens that are marks between parts, not inside of a value."""
    inside = {place for each in found for place in range(each.start, each.end)}
    return [
        place
        for place, each in enumerate(said.tokens)
        if each.folded in _MARKS and place not in inside
    ]

"""What a number counts: five guests, 2 adults and a child, me and my wife, no children."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.answering.forms.extraction.numbers import Number
from bot.answering.forms.extraction.phrases import Phrases
from bot.answering.forms.extraction.tokens import Answer, folded_tokens
from bot.answering.forms.extraction.vocabulary import begins, ends, numbered, value_words

_ENDS = frozenset(".!?;。！？；")
"""Marks behind which what a number counts does not stand."""

_ADJECTIVES = 2
"""Words between a number and what it counts: "two little kids"."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with what it counts.

    Attributes:
        start, end: Its tokens, with what is counted.
        own: It counts what the slot counts.
        other: It counts something else that the slot could have counted: children, not adults.
        single: A person without a number: "my wife".
    """

    start: int
    end: int
    value: Decimal
    own: bool = False
    other: bool = False
    single: bool = False


@lru_cache(maxsize=256)
def _counting(words: tuple[str, ...]) -> Phrases[str]:
    return Phrases((word, "") for word in words)


def counts_people(counts: Sequence[str], language: str) -> bool:
    """Return whether people of any kind are counted."""
    generic = {folded_tokens(word) for word in value_words("generic_people", language)}
    return any(folded_tokens(word) in generic for word in counts)


def counted(
    said: Answer, found: Sequence[Number], counts: tuple[str, ...], language: str
) -> list[Counted]:
    """Return numbers with what they count, and what is counted without a number.

    Args:
        said: The answer.
        found: Its numbers.
        counts: Words for what the slot counts.
        language: BCP 47 tag.
    """
    people = counts_people(counts, language)
    if people:
        counts = (*counts, *value_words("people", language))
    begin = frozenset(each.start for each in found)
    of_numbers = [
        _with_unit(said, each, counts, begin, people=people, language=language) for each in found
    ]
    taken = {place for each in of_numbers for place in range(each.start, each.end)}
    alone = list(_without_number(said, taken, counts, people=people, language=language))
    return sorted((*of_numbers, *alone), key=lambda each: each.start)


def _with_unit(
    said: Answer,
    number: Number,
    counts: tuple[str, ...],
    begin: frozenset[int],
    *,
    people: bool,
    language: str,
) -> Counted:
    """Return a number with what it counts, up to where another number begins."""
    place = number.end
    for _ in range(_ADJECTIVES + 1):
        if place in begin:
            break
        if place >= len(said.tokens) or said.tokens[place].folded in _ENDS:
            break
        if not said.tokens[place].is_word and place > number.end:
            break
        if said.tokens[place].folded == "-":
            place += 1
            continue
        found = _counting(counts).at(said.tokens, place)
        if found:
            return Counted(number.start, found[0].end, number.value, own=True)
        if not people and ends("people", said, place, language):
            end = ends("people", said, place, language)
            return Counted(number.start, end, number.value, other=True)
        if ends("plus", said, place, language):
            break
        place += 1
    return Counted(number.start, number.end, number.value)


def _without_number(
    said: Answer, taken: set[int], counts: tuple[str, ...], *, people: bool, language: str
) -> Iterator[Counted]:
    place = 0
    while place < len(said.tokens):
        end = 0 if place in taken else ends("none", said, place, language)
        found = _counting(counts).at(said.tokens, end) if 0 < end < len(said.tokens) else ()
        if found:
            yield Counted(place, found[0].end, Decimal(0), own=True)
            place = found[0].end
            continue
        end = 0 if place in taken else ends("articles", said, place, language)
        unit = _after_adjectives(said, end, counts) if end else 0
        if unit and not taken & set(range(place, unit)):
            yield Counted(place, unit, Decimal(1), own=True, single=True)
            place = unit
            continue
        person = numbered("persons", language).at(said.tokens, place)
        places = (place, person[0].end - 1) if person else ()
        own = any(_counting(counts).at(said.tokens, each) for each in places)
        if person and (people or own) and place not in taken:
            value = Decimal(person[0].meaning)
            yield Counted(place, person[0].end, value, own=own, single=True)
            place = person[0].end
            continue
        place += 1


def _after_adjectives(said: Answer, start: int, counts: tuple[str, ...]) -> int:
    """Return where what is counted ends, a few words after an article; 0: nowhere."""
    for place in range(start, min(start + _ADJECTIVES + 1, len(said.tokens))):
        if not said.tokens[place].is_word:
            return 0
        if found := _counting(counts).at(said.tokens, place):
            return found[0].end
    return 0


def total(said: Answer, found: Sequence[Counted], language: str) -> Counted | None:
    """Return what a row of counted parts adds up to; None where they are no row.

    What follows "including" is part of what stands before; a number that all the others add up to
    is their sum, said before or after them.
    """
    if not found:
        return None
    row = [found[0]]
    for each in found[1:]:
        if not _adds(said, row[-1], each, language):
            break
        row.append(each)
    value = sum((each.value for each in row), Decimal(0))
    largest = max(row, key=lambda each: each.value)
    if len(row) > 2 and value == 2 * largest.value and _is_generic(said, largest, language):
        value = largest.value
    return Counted(row[0].start, row[-1].end, value, own=any(each.own for each in row))


def _is_generic(said: Answer, part: Counted, language: str) -> bool:
    """Return whether a part counts people of any kind, or says nothing of what it counts."""
    return part.end == part.start + 1 or any(
        ends("generic_people", said, place, language) == part.end
        for place in range(part.start, part.end)
    )


def _adds(said: Answer, part: Counted, after: Counted, language: str) -> bool:
    """Return whether only "and" or "plus" stands between two parts, or a comma, of what is told."""
    place = part.end
    if place == after.start and part.single:
        return False
    if begins(("between",), said, part.start, language) >= 0:
        return False  # between 3 and 4
    told = all(each.own or each.single for each in (part, after))
    while place < after.start:
        if said.tokens[place].folded == "." and said.tokens[place + 1].folded in {"+", "&", ","}:
            place += 1  # "2 Erw. + 2 Kinder"
            continue
        if said.tokens[place].folded in {",", "+", "&", "，", "、"}:
            if not told and said.tokens[place].folded not in "+&":
                return False
            place += 1
            continue
        place = max(ends(name, said, place, language) for name in ("plus", "articles", "owners"))
        if not place:
            return False
    return True


def told_total(said: Answer, found: Sequence[Counted], language: str) -> Counted | None:
    """Return the number beside a word such as "total"; None where there is none."""
    for each in found:
        before = any(
            ends("total", said, place, language) == each.start
            for place in range(max(0, each.start - 4), each.start)
        )
        after = each.end < len(said.tokens) and ends("total", said, each.end, language)
        following = each.end < len(said.tokens) and ends("including", said, each.end, language)
        if before or after or following:
            return each
    return None

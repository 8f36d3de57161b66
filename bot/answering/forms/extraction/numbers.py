"""Numbers in an answer, in digits and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import ends, locale, numbered, phrases

_SEPARATORS = ".,'’"
_GROUP = 3
_LONGEST = 15
"""Digits of a number; longer ones are codes."""

_HUNDRED, _MYRIAD = 100, 10_000


@dataclass(frozen=True, slots=True)
class Number:
    """A number in an answer.

    Attributes:
        start, end: Its tokens.
        ordinal: It counts a place: "3rd", "third".
        digits: It is written in digits.
    """

    start: int
    end: int
    value: Decimal
    ordinal: bool = False
    digits: bool = True

    @property
    def whole(self) -> int:
        """Its value, where it is a whole number; else -1."""
        return int(self.value) if self.value == int(self.value) else -1


def numbers(said: Answer, language: str) -> list[Number]:
    """Return the numbers of an answer, from the left."""
    return list(_numbers(said, language))


def _numbers(said: Answer, language: str) -> Iterator[Number]:
    place = 0
    while place < len(said.tokens):
        found, end = number_at(said, place, language)
        if found is not None:
            yield found
        place = max(end, place + 1)


def number_at(said: Answer, start: int, language: str) -> tuple[Number | None, int]:
    """Return the number that begins at a token, and where reading goes on."""
    if start >= len(said.tokens):
        return None, start
    if said.tokens[start].is_number:
        found, end = _in_digits(said, start, language)
        return (None, end) if found is None else _scaled(said, found, language)
    if ordinal := numbered("ordinals", language).at(said.tokens, start):
        words = numbered("numbers", language).at(said.tokens, start)
        if not words or words[0].end < ordinal[0].end:
            value = Decimal(ordinal[0].meaning)
            return Number(start, ordinal[0].end, value, ordinal=True, digits=False), ordinal[0].end
    found = _in_words(said, start, language)
    return found, start if found is None else found.end


def _in_digits(said: Answer, start: int, language: str) -> tuple[Number | None, int]:
    groups, end = _groups(said, start, language)
    if sum(map(len, groups[::2])) > _LONGEST:
        return None, end
    value = _value(groups, locale(language).number_symbols["latn"]["decimal"])
    if value is None:
        return None, end
    if _is_negative(said, start):
        value = -value
    sign = ends("ordinal_signs", said, end, language) if end < len(said.tokens) else 0
    ordinal = bool(sign) and said.tokens[end].folded != "." and len(groups) == 1
    return Number(start, sign if ordinal else end, value, ordinal), sign if ordinal else end


def _groups(said: Answer, start: int, language: str) -> tuple[list[str], int]:
    """Return digits and separators in turn, and where they end."""
    groups, end = [said.tokens[start].folded], start + 1
    spaced = locale(language).number_symbols["latn"]["group"].isspace()
    while end < len(said.tokens):
        mark = said.tokens[end]
        after = said.tokens[end + 1] if end + 1 < len(said.tokens) else None
        if mark.glued and mark.folded in _SEPARATORS and after and after.glued and after.is_number:
            groups += [mark.folded, after.folded]
            end += 2
        elif spaced and mark.is_number and len(mark.folded) == _GROUP and len(groups[0]) <= _GROUP:
            groups += [" ", mark.folded]
            end += 1
        else:
            break
    return groups, end


def _value(groups: list[str], decimal: str) -> Decimal | None:
    """Return the value of digits with separators; None for a date, a version, an address."""
    marks, parts = groups[1::2], groups[::2]
    if not marks:
        return Decimal(parts[0])
    in_groups = [len(part) == _GROUP for part in parts[1:]]
    if len(parts[0]) <= _GROUP and all(in_groups) and len(set(marks)) == 1:
        if len(marks) > 1 or marks[0] != decimal:
            return Decimal("".join(parts))
        return Decimal(f"{parts[0]}.{parts[1]}")
    if len(marks) == 1:
        return Decimal(f"{parts[0]}.{parts[1]}")
    if all(in_groups[:-1]) and len(set(marks[:-1])) == 1 and marks[-1] != marks[0]:
        return Decimal(f"{''.join(parts[:-1])}.{parts[-1]}")
    return None


def _is_negative(said: Answer, start: int) -> bool:
    if start == 0 or said.tokens[start - 1].folded not in "-−" or not said.tokens[start].glued:
        return False
    return start == 1 or not said.tokens[start - 1].glued


def _scaled(said: Answer, found: Number, language: str) -> tuple[Number, int]:
    """Return a number with the word behind it that multiplies it: "2 million", "20k"."""
    if found.ordinal or found.end >= len(said.tokens):
        return found, found.end
    scale = numbered("scales", language).at(said.tokens, found.end)
    if not scale:
        return found, found.end
    value = found.value * Decimal(scale[0].meaning)
    return replace(found, end=scale[0].end, value=value), scale[0].end


def _in_words(said: Answer, start: int, language: str) -> Number | None:
    """Return the number that words say: digits and tens, multiplied by what follows them."""
    small, scales = numbered("numbers", language), numbered("scales", language)
    one_by_one = language.startswith(("zh", "ja"))
    total, section, digit, place = 0, 0, None, start
    last = 0
    while place < len(said.tokens):
        if one_by_one and place > start and not said.tokens[place].glued:
            break
        word, scale = small.at(said.tokens, place), scales.at(said.tokens, place)
        begins = digit is None or (one_by_one and (digit == 0 or not (section or total)))
        if word and begins:
            last = 0 if int(word[0].meaning) == 0 else last
            digit = int(word[0].meaning) + 10 * (digit or 0)
            place = word[0].end
        elif scale and (place > start or one_by_one or int(scale[0].meaning) >= _HUNDRED):
            factor = last = int(scale[0].meaning)
            if factor <= _HUNDRED or (one_by_one and factor < _MYRIAD):
                section += (1 if digit is None else digit) * factor
            else:
                total += (section + (digit or 0) or 1) * factor
                section = 0
            digit, place = None, scale[0].end
        elif (total or section) and digit is None and _goes_on(said, place, language):
            place += 1
        else:
            break
    if place == start:
        return None
    if one_by_one and digit and digit < 10 and last >= _HUNDRED:  # 一千八 is 1,800
        digit *= last // 10
    value = Decimal(total + section + (digit or 0))
    return Number(start, place, value, digits=False)


def _goes_on(said: Answer, place: int, language: str) -> bool:
    """Return whether an "and" stands between two parts of a number."""
    if not phrases("ands", language).at(said.tokens, place) or place + 1 >= len(said.tokens):
        return False
    return bool(numbered("numbers", language).at(said.tokens, place + 1))

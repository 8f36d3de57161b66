"""Numbers of orders, parcels and invoices in a text, by their form alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.language.normalise import normalise

_CODE = re.compile(r"[#№]?[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*", re.ASCII)
_FEWEST_DIGITS = 4
_LONGEST = 40
_MOST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class NumberedText:
    """A text and the reference numbers in it.

    Attributes:
        numbers: As they were typed.
        rest: The text without them.
    """

    numbers: tuple[str, ...]
    rest: str


def reference_numbers(text: str) -> NumberedText:
    """Find codes of at least four digits and at most four letters, with `#`, `-` and `/`.

    >>> reference_numbers("order no A-20817, thanks")
    NumberedText(numbers=('A-20817',), rest='order no , thanks')
    >>> reference_numbers("单号47102").numbers, reference_numbers("size 42").numbers
    (('47102',), ())
    """
    plain = normalise(text)
    numbers: list[str] = []
    rest: list[str] = []
    end = 0
    for found in _CODE.finditer(plain):
        code = found.group()
        digits = sum(each.isdigit() for each in code)
        letters = sum(each.isalpha() for each in code)
        if digits >= _FEWEST_DIGITS and letters <= _MOST_LETTERS and len(code) <= _LONGEST:
            numbers.append(code)
            rest.append(plain[end : found.start()])
            end = found.end()
    rest.append(plain[end:])
    return NumberedText(tuple(numbers), " ".join(" ".join(rest).split()))

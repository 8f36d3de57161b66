"""Numbers of orders, parcels and invoices in a text, by their form alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.language.normalise import normalise

_CODE = re.compile(
    r"[0-9]{1,4}(?: [0-9]{2,4}){1,6}(?![A-Za-z0-9])|[#№]?[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*"
)
_FEWEST_DIGITS = 4
_LONGEST = 40
_MOST_LETTERS = 8


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
    """Find codes of at least four digits and no more letters than digits, with `#`, `-` and `/`.

    Digits may stand in groups: "61 207".

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
        few_letters = letters <= min(digits, _MOST_LETTERS)
        if digits >= _FEWEST_DIGITS and few_letters and len(code) <= _LONGEST:
            numbers.append(code)
            rest.append(plain[end : found.start()])
            end = found.end()
    rest.append(plain[end:])
    return NumberedText(tuple(numbers), " ".join(" ".join(rest).split()))

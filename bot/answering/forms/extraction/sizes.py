"""Sizes among choices: what else XXL is called, and the next one up or down."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import everywhere, value_words

_EXTRA = re.compile(r"(x{2,5})([sl])", re.IGNORECASE)
_SIZE = re.compile(r"x{0,5}[sl]|m|\d{1,3}", re.IGNORECASE)


def sizes_like(word: str, language: str) -> Iterator[str]:
    """Yield other ways to write a size.

    >>> list(sizes_like("XXL", "en")), list(sizes_like("blue", "en"))
    (['2XL', 'double XL'], [])
    """
    match = _EXTRA.fullmatch(word)
    if match is None:
        return
    size, often = f"X{match[2].upper()}", str(len(match[1]))
    yield f"{often}{size}"
    for line in value_words("multiples", language):
        times, _, multiple = line.partition(" ")
        if times == often:
            yield f"{multiple} {size}"


def next_to(choices: Collection[str], value: str, said: Answer, language: str) -> str:
    """Return the size above or below a named one, where an answer says so: "M, but one up".

    Args:
        choices: In their order, the smallest first.
        value: The only one that is named.
        said: The answer.
        language: BCP 47 tag.
    """
    if not all(_SIZE.fullmatch(each) for each in choices):
        return value
    up, down = (any(everywhere((name,), said, language)) for name in ("one_up", "one_down"))
    order = list(choices)
    place = order.index(value) + up - down
    return order[place] if 0 <= place < len(order) else value

"""Spans of personal data: type and position of each piece in a text."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

EMAIL = "EMAIL_ADDRESS"
PHONE = "PHONE_NUMBER"
CARD = "CREDIT_CARD"
IBAN = "IBAN_CODE"
IP = "IP_ADDRESS"
URL = "URL"
SSN = "US_SSN"
ORDER = "ORDER_NUMBER"
SECRET = "SECRET"  # noqa: S105 - the name of a kind
PERSON = "PERSON"
ADDRESS = "STREET_ADDRESS"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of personal data in a text.

    Attributes:
        start, end: Position of the first character, and of the one after the last.
        type: Name of its kind (`DataKind.name`), as Presidio calls it where it knows the kind.
    """

    start: int
    end: int
    type: str


Recogniser = Callable[[str], Iterable[Span]]
"""Finds personal data of some kinds in a text; spans may overlap."""


def matches(pattern: re.Pattern[str], text: str, kind: str) -> Iterator[Span]:
    """Yield a span for each match: of the group `it` where the pattern has one, else the whole."""
    group = "it" if "it" in pattern.groupindex else 0
    for match in pattern.finditer(text):
        yield Span(*match.span(group), kind)


def without_overlaps(spans: Iterable[Span], ranks: Mapping[str, int]) -> list[Span]:
    """Return the spans in order, of overlapping ones only the strongest.

    Args:
        spans: In any order.
        ranks: By type, 0 for the strongest; of one type, the longer span wins.
    """
    kept: list[Span] = []  # sorted, so that only the two neighbours can overlap a span
    for span in sorted(spans, key=lambda s: (ranks[s.type], s.start - s.end, s.start)):
        place = bisect(kept, span)
        neighbours = kept[max(place - 1, 0) : place + 1]
        if span.start < span.end and not any(
            span.start < other.end and other.start < span.end for other in neighbours
        ):
            kept.insert(place, span)
    return kept

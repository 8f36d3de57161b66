"""Where personal data stands in a text."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

EMAIL = "EMAIL_ADDRESS"
PHONE = "PHONE_NUMBER"
CARD = "CREDIT_CARD"
IBAN = "IBAN_CODE"
IP = "IP_ADDRESS"
URL = "URL"
SSN = "US_SSN"
ORDER = "ORDER_NUMBER"
SECRET = "SECRET"  # noqa: S105  # the name of a kind
PERSON = "PERSON"
ADDRESS = "STREET_ADDRESS"

STRENGTH = (SECRET, URL, EMAIL, IBAN, CARD, IP, SSN, ADDRESS, PHONE, ORDER, PERSON)
"""Where two kinds claim the same characters, the earlier one is right."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of personal data in a text.

    Attributes:
        start, end: Position of the first character, and of the one after the last.
        type: What it is, in the names that Presidio made usual: `EMAIL_ADDRESS`, `PHONE_NUMBER`,
            `CREDIT_CARD`, `IBAN_CODE`, `IP_ADDRESS`, `URL` (one that carries a person's name or
            key), `US_SSN`, `ORDER_NUMBER`, `SECRET`, `PERSON`, `STREET_ADDRESS`.
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


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Keep the strongest of the spans that overlap, the longer one of equal kinds, in order."""
    kept: list[Span] = []  # in order, so that only two of them can overlap with another
    for span in sorted(spans, key=lambda s: (STRENGTH.index(s.type), s.start - s.end, s.start)):
        place = bisect(kept, span)
        beside = kept[max(place - 1, 0) : place + 1]
        if span.start < span.end and not any(
            span.start < other.end and other.start < span.end for other in beside
        ):
            kept.insert(place, span)
    return kept

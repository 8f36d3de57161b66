"""Finds personal data in what people write."""

from __future__ import annotations

from bot.privacy.recognisers import RECOGNISERS
from bot.privacy.spans import Span, without_overlaps

LONGEST = 20_000
"""Characters that are looked through at a time; longer texts are cut between two words."""


def find(text: str) -> list[Span]:
    """Return the personal data in a text, in order, without overlaps.

    Args:
        text: Anything that a person typed; of any length.

    >>> [span.type for span in find("I am Maria Schmidt, maria@example.org, order 48213")]
    ['PERSON', 'EMAIL_ADDRESS', 'ORDER_NUMBER']
    """
    spans: list[Span] = []
    start = 0
    while start < len(text):
        end = _cut(text, start)
        piece = text[start:end]
        found = without_overlaps(span for look in RECOGNISERS for span in look(piece))
        spans += [Span(span.start + start, span.end + start, span.type) for span in found]
        start = end
    return spans


def _cut(text: str, start: int) -> int:
    """Return where a piece ends: at a white space if there is one."""
    end = start + LONGEST
    if end >= len(text):
        return len(text)
    gap = max(text.rfind(" ", start + LONGEST // 2, end), text.rfind("\n", start, end))
    return gap if gap > start else end

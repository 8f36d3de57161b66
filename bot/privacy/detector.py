"""Detector of personal data: runs all recognisers over a text and resolves overlaps."""

from __future__ import annotations

from collections.abc import Sequence

from bot.privacy.kinds import KINDS, DataKind
from bot.privacy.spans import Span, without_overlaps

LONGEST = 20_000
"""Characters searched at a time; a longer text is cut between two words."""


def find(text: str, kinds: Sequence[DataKind] = KINDS) -> list[Span]:
    """Return the personal data in a text, in order, without overlaps.

    Args:
        text: Anything that a person typed; of any length.
        kinds: What to look for, the strongest first.

    >>> [span.type for span in find("I am Maria Schmidt, maria@example.org, order 48213")]
    ['PERSON', 'EMAIL_ADDRESS', 'ORDER_NUMBER']
    """
    recognisers = dict.fromkeys(kind.recogniser for kind in kinds)
    ranks = {kind.name: rank for rank, kind in enumerate(kinds)}
    spans: list[Span] = []
    start = 0
    while start < len(text):
        end = _piece_end(text, start)
        piece = text[start:end]
        candidates = (span for recognise in recognisers for span in recognise(piece))
        found = without_overlaps((span for span in candidates if span.type in ranks), ranks)
        spans += [Span(span.start + start, span.end + start, span.type) for span in found]
        start = end
    return spans


def _piece_end(text: str, start: int) -> int:
    """Return where a piece ends: at white space if there is any."""
    end = start + LONGEST
    if end >= len(text):
        return len(text)
    gap = max(text.rfind(" ", start + LONGEST // 2, end), text.rfind("\n", start, end))
    return gap if gap > start else end

"""Splits a message into clauses that may be separate requests, without a grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST = 24
"""Maximum number of clauses per message: they are embedded in one batch."""

_READ = 600
"""Characters that are split: people ask for a human early in a message, or in a short one."""

_SHORTEST = 3
"""Minimum number of words in a clause; in scripts without spaces, of characters, plus one."""

# Each pattern repeats a single character class: matching takes time linear in the text.
_SEGMENT = re.compile(r"[^,;.!?:\n，。！？；、：…]+")
_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message.

    Attributes:
        within: The segment that it is the end of; empty if punctuation delimits the clause.
    """

    text: str
    within: str = ""


def clauses(text: str) -> Sequence[Clause]:
    """Return clauses that may be requests: whole segments first, then ends of segments.

    Only ends, no beginnings: many different requests begin with "can I speak to".

    >>> [clause.text for clause in clauses("Where is it? Get me a human")]
    ['Where is it', 'Get me a human', 'me a human']
    >>> clauses("now a human please")[-1].within
    'now a human please'
    """
    segments = [each.strip() for each in _SEGMENT.findall(text[:_READ]) if each.strip()]
    whole = [Clause(each) for each in segments]
    ends = [end for segment in reversed(segments) for end in _ends(segment)]
    return [*whole, *ends][:MOST]


def _ends(segment: str) -> Iterator[Clause]:
    starts = [unit.start() for unit in _UNIT.finditer(segment)]
    least = _SHORTEST + 1 if _IDEOGRAPH.search(segment) else _SHORTEST
    for start in starts[1 : len(starts) - least + 1]:
        yield Clause(segment[start:].strip(), within=segment)

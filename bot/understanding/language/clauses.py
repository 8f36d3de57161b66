"""Cuts a message into what may be wishes of their own: no grammar, only places to cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST = 24
"""Clauses of one message at most: they are read in one batch."""

_READ = 600
"""Characters that are looked at: whoever wants a person says so early or in few words."""

_SHORTEST = 3
"""Words of a clause; in writing without spaces, characters and one more."""

# Each is one class repeated: linear in the length of the text.
_SEGMENT = re.compile(r"[^,;.!?:\n，。！？；、：…]+")
_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message.

    Attributes:
        within: What a cut between words took it from; empty where marks set the clause apart.
    """

    text: str
    within: str = ""


def clauses(text: str) -> Sequence[Clause]:
    """Return what may be a wish of its own: whole segments first, then ends of segments.

    Ends alone, no beginnings: "can I speak to" is the beginning of many another wish.

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

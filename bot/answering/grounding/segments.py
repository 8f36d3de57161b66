"""Segments of a sentence: the parts whose words, numbers and denials belong together.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

from bot.answering.grounding.bounds import bounded
from bot.answering.grounding.parsing import HAN, ParsedText, is_negated, read

_CLAUSE = re.compile(
    r"[;()—]|(?<!\d):|:(?!\d)|\s[–-]\s|\?|,?(?<!\s)\s++(?:but|while|whereas|though|although|however|otherwise|so|if|unless"
    r"|because|as long as|provided)\s|,?(?<!\s)\s++(?:and\s+|but\s+)?(?=without\s)"
    r"|(?:(?<=statement)|(?<=saying)|(?<=say)|(?<=says)|(?<=means)|(?<=confirm)|(?<=know))\s+that\s|(?<!\s)\s++and\s+(?=(?:does|do|is|are|can|may|will|must|should)(?:n't|\s+not)\b)"
    r"|,\s+(?:and\s+|or\s+)?(?=(?:it|you|we|they|there|this|that|nothing|nobody|no|please)\s)",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"^((?:after|before|once|when|if|until|without|as soon as)\s[^,;]*),\s+(?=[a-z])",
    re.IGNORECASE,
)
"""A subordinate clause at the beginning."""

_HAN_CLAUSE = re.compile(r"[,;。!?]|但")
_COMMA = re.compile(r"[,、]\s*(?!\d{3})|(?<!\d):|:(?!\d)|\s(?:and|or)\s(?=[^,]*\d)|和(?=[^,]*\d)")
_FRAGMENT_WORDS = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a unit whose words and numbers belong together.

    Attributes:
        clause: Which of the unit's clauses it is a part of.
    """

    reading: ParsedText
    negated: bool
    keys: frozenset[str]
    han: str
    clause: int = 0


@bounded
@functools.lru_cache(maxsize=4_096)
def parts_of(text: str, *, denied: bool = False) -> tuple[Segment, ...]:
    """Split a plain text into the parts whose words, numbers and denials belong together."""
    pattern = _HAN_CLAUSE if HAN.search(text) else _CLAUSE
    parts: list[tuple[str, bool, int]] = []
    apart = _CASE.sub(_if_denied, text)
    for number, clause in enumerate(p for p in pattern.split(apart) if p and p.strip()):
        for part in _parts(clause):
            if parts and _only_measures(part):
                before, negated, place = parts[-1]  # a number in brackets goes with its words
                parts[-1] = (f"{before} {part}", negated, place)
            else:
                parts.append((part, denied or is_negated(clause), number))
    return tuple(replace(segment_of(read(p), negated), clause=n) for p, negated, n in parts)


def _if_denied(case: re.Match[str]) -> str:
    """Separate a subordinate clause: its negation does not extend to the main clause."""
    return f"{case[1]}; " if is_negated(case[1]) else case.group()


@bounded
def _only_measures(part: str) -> bool:
    """Return whether a part holds nothing but numbers with their units."""
    if not any(character.isalpha() for character in part):
        return True
    words = read(part)
    return bool(words.quantities) and not words.terms and not words.han


@bounded
def _parts(clause: str) -> list[str]:
    """Split a clause at its commas; a short part stays with the number before it."""
    parts: list[str] = []
    for part in (piece.strip() for piece in _COMMA.split(clause) if piece and piece.strip()):
        short = len(part.split()) <= _FRAGMENT_WORDS and not re.search(r"\d", part)
        if parts and short and re.search(r"\d", parts[-1]):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def segment_of(reading: ParsedText, negated: bool) -> Segment:
    """Return a parsed part as a segment."""
    return Segment(reading, negated, reading.keys, "|".join(reading.han))

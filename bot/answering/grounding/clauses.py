"""Clauses of a claim: where a sentence can be cut, and which units may support neighbours.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re

from bot.answering.grounding.bounds import bounded
from bot.answering.grounding.evidence import Unit
from bot.answering.grounding.parsing import HAN, ParsedText

_CUT = re.compile(
    r"(?:(?<!\s)\s+)?+(?:[;()—]|(?<!\d):|:(?!\d))\s*"
    r"|,?(?<!\s)\s++(?:but|while|whereas|although|though|because)\s+"
    r"|,?(?<!\s)\s++(?=(?:if|unless)\s)"
    r"|(?:(?<!\s)\s+)?+,\s*(?!\d)(?:and\s+|or\s+|so\s+|then\s+)?"
    r"|(?<!\s)\s++(?:and|so|or)\s++(?=\S++\s++\S)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\s*(?:if|unless)\s", re.IGNORECASE)
_HAN_CUT = re.compile(r"(?:(?<!\s)\s+)?+[,;:。]\s*(?:但是?|不过|并且?|而且|同时)?|但是?(?=.{3})")


def may_follow(clause: ParsedText, unit: Unit, before: Unit) -> bool:
    """Return whether a clause may be supported by another unit than the one before it.

    Only if it names the subject of that unit: else "the tent costs 12 euros, and the deposit is 80"
    could take its second half from another row. A condition belongs to its own clause.
    """
    if unit is before:
        return True
    if unit.citation != before.citation or _CONDITION.match(clause.text):
        return False
    own = [t for t in clause.terms if t.keys & unit.keys and not t.keys & before.keys]
    text = "|".join(segment.han for segment in before.segments)
    here = "|".join(segment.han for segment in unit.segments)
    return bool(own) or any(run in here and run not in text for run in clause.han)


def breaks_brackets(text: str, start: int, end: int) -> bool:
    """Return whether a part holds only one of two brackets; the closing one may follow the part."""
    part = text[start:end]
    opened = part.count("(") - part.count(")")
    return opened != text[end:].lstrip().startswith(")") if opened > 0 else opened < 0


@bounded
def clause_pieces(text: str) -> list[tuple[int, int]]:
    """Return the positions of the pieces that a sentence can be split into."""
    cuts = list((_HAN_CUT if HAN.search(text) else _CUT).finditer(text))
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    spans = zip(starts, ends, strict=True)
    return [(start, end) for start, end in spans if text[start:end].strip(" .。")]

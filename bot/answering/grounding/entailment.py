"""Entailment by rules: the objections against a unit of the evidence as support of a claim.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.answering.grounding import lexicon
from bot.answering.grounding.alignment import denials, is_light, numbers, pairs
from bot.answering.grounding.evidence import Unit
from bot.answering.grounding.parsing import HAN, ParsedText, Term, read, stems
from bot.answering.grounding.relations import relations

_CONDITION = re.compile(
    r"(?<!\bor )\b(?:if|unless|provided|as long as|when|except)\b[^,;:]*(?:,\s+or\s[^,;:]*)*",
    re.IGNORECASE,
)
_HAN_CONDITION = re.compile(r"(?:如果|若|只要|除非)[^,;。]*|[^,;。]+(?:时|的话)(?=,)")
_STATEMENT = re.compile(r"[;:]|[.!?。]\s|,\s+(?=(?:which|where|who)\s)")
STRICT = ("only", "not only", "all", "except", "before", "after", "more", "less")
_COUNTED_FROM = re.compile(r"\bwithin\s[^,;.]{1,25}\sof\b", re.IGNORECASE)
"""An event within some days of another one comes after it."""

_HAN_COVERED = 0.75
_SHORT = 2
_FAR = 4
"""Missing words from which a unit is not compared any further."""


@dataclass(frozen=True, slots=True)
class Match:
    """The comparison of a claim with one unit.

    Attributes:
        objections: Why the unit does not support it; none: it does, except for `doubtful` words.
        doubtful: Words that occur nowhere in the evidence: only similarity to a word of the unit
            can excuse them.
        covered: How many words and numbers of the claim occur in the unit.
        share: Their share of the claim's informative words and numbers, in [0, 1].
    """

    unit: Unit
    objections: tuple[str, ...]
    doubtful: tuple[str, ...]
    covered: int
    share: float = 0.0

    @property
    def rank(self) -> tuple[int, int]:
        """Sort key: the best match is the smallest."""
        return (len(self.objections) + len(self.doubtful), -self.covered)


def match(claim: ParsedText, unit: Unit, vocabulary: frozenset[str], sentence: ParsedText) -> Match:
    """Compare a claim with a unit.

    Args:
        claim: The sentence, or one of its clauses.
        unit: What may support it.
        vocabulary: Keys of all words of the evidence.
        sentence: The whole sentence: its condition may be in another clause.
    """
    if claim_is_han(claim) != unit.is_han:
        return Match(unit, ("it is in another language than the evidence",), (), 0)
    covered, words, doubtful = _words(claim, unit, vocabulary)
    if len(words) >= _FAR:
        return Match(unit, tuple(words), doubtful, len(covered))
    objections = [
        *words,
        *_han(claim, unit),
        *numbers(claim, unit),
        *_markers(claim, unit),
        *denials(claim, unit, covered),
        *relations(claim, unit),
        *_conditions(sentence, unit),
        *_omissions(claim, unit, covered),
    ]
    weight = len(covered) + len(claim.quantities) + len("".join(claim.han)) // 2
    if not claim.han and not _is_telling(claim, unit, covered):
        objections.append("it shares nothing with the evidence")
    share = _share(claim, unit, len(covered))
    return Match(unit, tuple(dict.fromkeys(objections)), doubtful, weight, share)


def _is_telling(claim: ParsedText, unit: Unit, covered: Iterable[Term]) -> bool:
    """Return whether a claim and a unit share more than what the headings above say."""
    said = [term for term in covered if not is_light(term)]
    own = any(term.keys & unit.keys for term in said)
    return own or bool(said and claim.quantities) or len(claim.quantities) > 1


def _share(claim: ParsedText, unit: Unit, covered: int) -> float:
    """Return the share of a claim's words and numbers that occur in a unit, in [0, 1]."""
    numbers = [q for s in unit.segments for q in s.reading.quantities]
    same = sum(any(q.is_same(other) for other in numbers) for q in claim.quantities)
    here = pairs("|".join([*(s.han for s in unit.segments), *unit.context.han]))
    claim_pairs = pairs("|".join(claim.han))
    total = len(claim.terms) + len(claim.quantities) + len(claim_pairs)
    return (covered + same + len(claim_pairs & here)) / total if total else 0.0


def claim_is_han(claim: ParsedText) -> bool:
    """Return whether a claim is written in Chinese; a foreign name does not change that."""
    return HAN.search(claim.text) is not None


def _words(
    claim: ParsedText, unit: Unit, vocabulary: frozenset[str]
) -> tuple[list[Term], list[str], tuple[str, ...]]:
    covered, wrong, doubtful = [], [], []
    strict = claim.negated or "only" in claim.markers
    lent = 0 if strict else max(1, len(claim.terms) // 3)
    for term in claim.terms:
        if term.keys & unit.keys or term.keys & unit.context.keys:
            covered.append(term)
        elif lent and term.keys & unit.near and not _must_stand(term):
            lent -= 1
        elif is_light(term):
            continue
        elif _must_stand(term) or term.keys & vocabulary:
            wrong.append(f'"{term.surface}" is not in the evidence')
        else:
            doubtful.append(term.surface)
    return covered, wrong, tuple(doubtful)


def _must_stand(term: Term) -> bool:
    return term.name or bool(term.keys & stems("polar")) or not term.surface.isascii()


def _han(claim: ParsedText, unit: Unit) -> Iterator[str]:
    """Check Chinese words by their characters, which need no word boundaries."""
    if not claim.han:
        return
    text = "|".join([*(s.han for s in unit.segments), *unit.context.han])
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    total, known = 0, 0
    for run in claim.han:
        flags = [run[i : i + 2] in pairs for i in range(len(run) - 1)] or [run in text]
        inside = [
            (i > 0 and flags[i - 1]) or (i < len(flags) and flags[i]) for i in range(len(run))
        ]
        if len(run) == 1:
            inside = [run in text]
        total, known = total + len(run), known + sum(inside)
        for gap in re.finditer("0{2,}", "".join("1" if flag else "0" for flag in inside)):
            yield f'"{run[gap.start() : gap.end()]}" is not in the evidence'
    if total and known / total < _HAN_COVERED:
        yield "too few of its words are in the evidence"
    last = claim.han[-1][-2:]
    if not claim.quantities and not any(last in segment.han for segment in unit.segments):
        yield f'"{last}" is only in a heading above it'


def _markers(claim: ParsedText, unit: Unit) -> Iterator[str]:
    markers = unit.markers | unit.context.markers
    if _COUNTED_FROM.search(unit.text):
        markers |= {"after"}
    for name in STRICT:
        if name in claim.markers and name not in markers:
            yield f'"{_marker(claim.text, name)}" is not said there'
    if "if" in claim.markers and "if" not in markers and not _has_condition(unit):
        yield "the condition is not in the evidence"
    if "must" in claim.markers and "must" not in markers and _only_permits(unit):
        yield "it makes a duty of what is allowed"


def _marker(text: str, name: str) -> str:
    found = lexicon.MARKERS[name].search(text)
    return found.group() if found else name


def _has_condition(unit: Unit) -> bool:
    return lexicon.RELATIVE.search(f"{unit.text} {unit.context.text}") is not None


def _only_permits(unit: Unit) -> bool:
    return (
        re.search(r"\b(?:may|can|could|might|optional|if you like)\b|可以|可", unit.text)
        is not None
    )


def _conditions(sentence: ParsedText, unit: Unit) -> Iterator[str]:
    """Yield an objection where the sentence leaves out a condition of the unit."""
    pattern = _HAN_CONDITION if unit.is_han else _CONDITION
    statements = [part for part in _STATEMENT.split(unit.text) if part]
    shared = [_common(read(part), sentence) for part in statements]
    nearest = [p for p, n in zip(statements, shared, strict=True) if n == max(shared)]
    if nearest and all(_is_left_out(part, pattern, sentence) for part in nearest):
        yield "it leaves out the condition"


def _is_left_out(statement: str, pattern: re.Pattern[str], sentence: ParsedText) -> bool:
    """Return whether a sentence names none of the conditions of a statement."""
    conditions = [read(found.group()) for found in pattern.finditer(statement)]
    telling = [each for each in conditions if each.terms or each.han or each.quantities]
    return bool(telling) and not any(_common(each, sentence) for each in telling)


def _omissions(claim: ParsedText, unit: Unit, covered: Iterable[Term]) -> Iterator[str]:
    """Yield an objection where a short claim leaves out most of its clause."""
    if claim.quantities or claim.negated or claim_is_han(claim):
        return
    said = [term for term in covered if not is_light(term)]
    clauses = {s.clause for s in unit.segments for t in said if t.keys & s.keys}
    unit_terms = {t.surface for s in unit.segments if s.clause in clauses for t in s.reading.terms}
    if len(said) <= _SHORT and len(unit_terms) > 2 * len(said):
        yield "it leaves out most of what is said there"


def _common(one: ParsedText, other: ParsedText) -> int:
    """Count the words and numbers that two parsed claims share."""
    numbers = sum(any(q.is_same(p) for p in other.quantities) for q in one.quantities)
    return len(one.keys & other.keys) + numbers + _share_han(one, other)


def _share_han(one: ParsedText, other: ParsedText) -> int:
    text = "|".join(other.han)
    return sum(run[i : i + 2] in text for run in one.han for i in range(max(len(run) - 1, 1)))

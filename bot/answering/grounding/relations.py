"""Relations between the words of a claim: subject, order and scope must be as in the evidence.

A false sentence needs no new word: "the Drizzle copes with a heavy pack" may take its subject from
one statement and the rest from the next, "before" may change sides, "every first Saturday" may
lose its "first".

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.answering.grounding import lexicon
from bot.answering.grounding.alignment import is_light, pairs
from bot.answering.grounding.bounds import bounded
from bot.answering.grounding.evidence import Unit
from bot.answering.grounding.parsing import ParsedText, Term, read, stem
from bot.answering.grounding.quantities import measure
from bot.answering.grounding.segments import Segment, parts_of

_STATEMENT = re.compile(
    r"[;。]|,?\s+(?:but|while|whereas|although|though|however|otherwise)\s+", re.IGNORECASE
)
_STANDS_IN = re.compile(
    r"\b(?:it|its|they|them|their|that|this|these|those|which|who|each|both|all)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:\w+n['’]t|cannot|not|never)\b", re.IGNORECASE)
_EACH = re.compile(r"every|each|all|any", re.IGNORECASE)
_WE = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BETWEEN = 3
_OPENING = 5
_ORDER = (("before", "after"), ("after", "before"))
_PHRASE_END = re.compile(r"[,;:.!?]|\b(?:and|but)\b")


def relations(claim: ParsedText, unit: Unit) -> Iterator[str]:
    """Yield relations between words that differ from those in a unit."""
    if unit.is_han:
        yield from _periods(claim, unit)
        yield from _han_order(claim, unit)
        return
    yield from _about(claim, unit)
    yield from _denied_of(claim, unit)
    yield from _mixed(claim, unit)
    yield from _order(claim, unit)
    yield from _each(claim, unit)


def _about(claim: ParsedText, unit: Unit) -> Iterator[str]:
    """Yield an objection to a claim about another subject than the unit's."""
    whom = read(unit.about)
    named = whom.keys & claim.keys if whom.terms else re.search(_WE, claim.text)
    others = [t for t in claim.terms if t.name and t.keys & unit.keys and not t.keys & whom.keys]
    if unit.about and (not named or others):
        yield "it is said of something else there"


def _denied_of(claim: ParsedText, unit: Unit) -> Iterator[str]:
    """Yield an objection to a denial that leaves out its subject.

    "Discount codes cannot buy gift cards" does not say that gift cards cannot be bought.
    """
    said = [term for term in claim.terms if claim.negated and not is_light(term)]
    homes = [s for s in unit.segments if s.negated and any(t.keys & s.keys for t in said)]
    whom = [_before_denial(segment.reading.text) for segment in homes]
    if homes and all(keys and not keys & claim.keys for keys in whom):
        yield "it is denied of something else there"


@bounded
def _before_denial(text: str) -> frozenset[str]:
    """Return the keys of the subject of a denial; none where it is a pronoun."""
    subject = _DENIAL.split(text, maxsplit=1)[0]
    terms = () if _STANDS_IN.search(subject) or subject == text else read(subject).terms
    return frozenset(key for term in terms if not is_light(term) for key in term.keys)


def _mixed(claim: ParsedText, unit: Unit) -> Iterator[str]:
    """Yield an objection where subject and predicate come from two statements."""
    statements = [read(part) for part in _STATEMENT.split(unit.text) if part.strip()]
    if len(statements) < 2:
        return
    for part in _STATEMENT.split(claim.text):
        said = read(part)
        terms = [term for term in said.terms if not is_light(term)]
        first, rest = terms[:1], terms[1:]
        common = [_shared(rest, each) + _same(said, each) for each in statements]
        most = max(common)
        homes = [s for s, n in zip(statements, common, strict=True) if most and n == most]
        if any(_shared(first, home) for home in homes):
            continue
        elsewhere = any(_shared(first, statement) for statement in statements)
        if homes and elsewhere and all(_has_own_subject(home, said) for home in homes):
            yield f'what it says of "{first[0].surface}" is said of something else there'


def _has_own_subject(statement: ParsedText, claim: ParsedText) -> bool:
    """Return whether a statement begins with a subject that a claim does not name."""
    first = next((term for term in statement.terms if not is_light(term)), None)
    if first is None or first.keys & claim.keys or lexicon.markers(first.surface) & claim.markers:
        return False
    return _STANDS_IN.search(" ".join(statement.text.split()[:_OPENING])) is None


def _shared(terms: list[Term], statement: ParsedText) -> int:
    return sum(bool(term.keys & statement.keys) for term in terms)


def _same(claim: ParsedText, statement: ParsedText) -> int:
    numbers = statement.quantities
    return sum(any(q.is_same(other) for other in numbers) for q in claim.quantities)


def _order(claim: ParsedText, unit: Unit) -> Iterator[str]:
    """Yield an objection where "before" and "after" are exchanged."""
    for name, opposite in _ORDER:
        for said in _arguments(claim.text, name):
            here = any(said & other for other in _arguments(unit.text, name))
            if not here and any(said & other for other in _arguments(unit.text, opposite)):
                yield f'it puts "{name}" where the evidence has "{opposite}"'


def _arguments(text: str, marker: str) -> list[frozenset[str]]:
    """Return the keys of the phrase after each marker of a kind."""
    found = []
    for match in lexicon.MARKERS[marker].finditer(text):
        phrase = _PHRASE_END.split(text[match.end() :].strip())[0]
        terms = read(phrase).terms
        found.append(frozenset(key for t in terms if not is_light(t) for key in t.keys))
    return found


def _each(claim: ParsedText, unit: Unit) -> Iterator[str]:
    """Yield an objection to "every Saturday" where the unit has "every first Saturday"."""
    said = _tokens(claim.text)
    unit_words = _tokens(unit.text)
    for place, word in enumerate(said[:-1]):
        if not _EACH.fullmatch(word):
            continue
        head = stem(said[place + 1])
        narrowed = [
            left for left in _narrowings(unit_words, head) if not read(left).keys <= claim.keys
        ]
        if narrowed and len(narrowed) == len(list(_narrowings(unit_words, head))):
            yield f'"{word} {said[place + 1]}" is narrower there'


def _narrowings(unit_words: list[str], head: str) -> Iterator[str]:
    """Yield the words between "every" or the like and a head, for each occurrence."""
    for place, word in enumerate(unit_words):
        if _EACH.fullmatch(word):
            following = unit_words[place + 1 : place + 1 + _BETWEEN]
            for distance, other in enumerate(following):
                if stem(other) == head:
                    yield " ".join(following[:distance])
                    break


@bounded
def _tokens(text: str) -> list[str]:
    return [match.group().lower() for match in _TOKEN.finditer(text)]


def _periods(claim: ParsedText, unit: Unit) -> Iterator[str]:
    """Yield Chinese words for a day, week or the like without a number that the unit lacks."""
    evidence = f"{unit.text} {unit.context.text}"
    for found in lexicon.HAN_PERIOD.finditer(measure(claim.text).words):
        if found.group() not in evidence:
            yield f'"{found.group()}" is not in the evidence'


def _han_order(claim: ParsedText, unit: Unit) -> Iterator[str]:
    for part in parts_of(claim.text):
        homes = _nearest(part, unit)
        for name, opposite in _ORDER:
            if name not in part.reading.markers or opposite in part.reading.markers or not homes:
                continue
            markers = [home.reading.markers for home in homes]
            if all(opposite in each and name not in each for each in markers):
                yield f'it puts "{name}" where the evidence has "{opposite}"'


def _nearest(part: Segment, unit: Unit) -> list[Segment]:
    """Return the segments that share the most Chinese words with a part of a claim."""
    wanted = pairs(part.han)
    common = [len(wanted & pairs(segment.han)) for segment in unit.segments]
    most = max(common, default=0)
    return [s for s, shared in zip(unit.segments, common, strict=True) if most and shared == most]

"""Alignment of numbers and negations: they must go with the same words in claim and evidence.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.answering.grounding.evidence import Unit
from bot.answering.grounding.numerals import in_digits
from bot.answering.grounding.parsing import ParsedText, Term, count_negations, read, stems
from bot.answering.grounding.quantities import Quantity
from bot.answering.grounding.segments import Segment, parts_of


def is_light(term: Term) -> bool:
    """Return whether a word is so general that another may replace it."""
    return not term.name and bool(term.keys & stems("light")) and not term.keys & stems("polar")


def numbers(claim: ParsedText, unit: Unit) -> Iterator[str]:
    """Yield numbers that are not in the unit, have another bound, or go with other words there."""
    for quantity in claim.quantities:
        same = [s for s in unit.segments if any(quantity.is_same(q) for q in s.reading.quantities)]
        if same:
            yield from _bounds(claim, quantity, same)
        elif not any(quantity.is_same(q) for q in unit.context.quantities):
            yield f"the number {_shown(claim, quantity)} is not in the evidence"
    for group in _groups(claim):
        for quantity in group.quantities:
            yield from _binding(group, quantity, unit)


def _bounds(claim: ParsedText, quantity: Quantity, same: Sequence[Segment]) -> Iterator[str]:
    bounds = {q.bound for s in same for q in s.reading.quantities if quantity.is_same(q)}
    if quantity.bound == "least" and "least" not in bounds:
        yield f"it calls {_shown(claim, quantity)} a minimum"
    elif quantity.bound == "most" and bounds == {"least"}:
        yield f"it calls {_shown(claim, quantity)} a maximum"
    elif not quantity.bound and bounds == {"least"}:
        yield f"{_shown(claim, quantity)} is only a minimum"


def _groups(claim: ParsedText) -> list[ParsedText]:
    """Split a claim with several numbers, so that each number has the words that go with it."""
    parts = [segment.reading for segment in parts_of(claim.text)]
    if sum(bool(part.quantities) for part in parts) < 2:
        return [claim]
    groups: list[str] = []
    waiting: list[str] = []
    for part in parts:
        waiting.append(part.text)
        if part.quantities:
            groups.append(", ".join(waiting))
            waiting = []
    if waiting:
        groups[-1] = ", ".join([groups[-1], *waiting])
    return [read(group) for group in groups]


def _binding(claim: ParsedText, quantity: Quantity, unit: Unit) -> Iterator[str]:
    """Yield words that go with another number of the same kind in the unit."""
    for word, homes in _homes(claim, claim.terms, unit).items():
        if all(_is_rivals(s, quantity) for s in homes):
            yield f'"{word}" goes with another number there'
    for other in claim.quantities:
        if other.unit:
            continue
        homes = [s for s in unit.segments if any(other.is_same(q) for q in s.reading.quantities)]
        if quantity.unit and homes and all(_is_rivals(s, quantity) for s in homes):
            yield f"{_shown(claim, other)} goes with another number there"


def _is_rivals(segment: Segment, quantity: Quantity) -> bool:
    """Return whether a segment is about another number of the same kind."""
    kin = [q for q in segment.reading.quantities if q.unit == quantity.unit]
    return bool(kin) and not any(quantity.is_same(q) for q in segment.reading.quantities)


def _shown(claim: ParsedText, quantity: Quantity) -> str:
    return f'"{in_digits(claim.text)[quantity.start : quantity.end].strip()}"'


def denials(claim: ParsedText, unit: Unit, covered: Iterable[Term]) -> Iterator[str]:
    """Yield what the claim affirms and the unit denies, or the other way round."""
    keys = {key for term in covered for key in term.keys}
    if claim.negated and not any(segment.negated for segment in unit.segments):
        yield "it denies what is not denied there"
        return
    for part in parts_of(claim.text):
        terms = [term for term in part.reading.terms if term.keys & keys]
        homes = _homes(part.reading, terms, unit)
        if part.negated and not homes and not all(map(is_light, terms)):
            yield "it denies what is not denied there"  # only something above the unit names it
        yield from _flipped(part, homes)


def _flipped(part: Segment, homes: dict[str, list[Segment]]) -> Iterator[str]:
    """Compare the polarity of a part of a claim with that of the segments that hold its words.

    A denial may name things that are not denied: "pack the stove without its canister".
    """
    wrong = [w for w, found in homes.items() if all(s.negated != part.negated for s in found)]
    if not part.negated:
        yield from (f'"{word}" is denied there' for word in wrong)
    elif len(wrong) * 2 > len(homes):
        yield from (f'"{word}" is not denied there' for word in wrong)
    elif homes:
        least = min(count_negations(s.reading.text) for found in homes.values() for s in found)
        if count_negations(part.reading.text) < least:
            yield "it denies less than is denied there"
        yield from _twice_denied(part, homes)


def _twice_denied(part: Segment, homes: dict[str, list[Segment]]) -> Iterator[str]:
    """Yield a double negation of what is denied: "not rarely broken"."""
    segments = [segment for found in homes.values() for segment in found]
    most = max(max(count_negations(s.reading.text), s.negated) for s in segments)
    if count_negations(part.reading.text) > most:
        yield "it denies more than is denied there"


def _homes(claim: ParsedText, terms: Iterable[Term], unit: Unit) -> dict[str, list[Segment]]:
    """Return the segments that hold each word itself, or else a synonym."""
    homes: dict[str, list[Segment]] = {}
    for term in terms:
        if is_light(term):
            continue
        exact = {key for key in term.keys if not key.startswith("=")}
        found = [s for s in unit.segments if exact & s.keys]
        homes[term.surface] = found or [s for s in unit.segments if term.keys & s.keys]
    for run in claim.han:
        homes[run] = _han_homes(run, unit)
    return {word: found for word, found in homes.items() if found}


def _han_homes(run: str, unit: Unit) -> list[Segment]:
    """Return the segments that hold the most of a run of Chinese characters."""
    if len(run) == 1:
        return [s for s in unit.segments if run in s.han]
    common = [len(pairs(run) & pairs(s.han)) for s in unit.segments]
    most = max(common, default=0)
    return [s for s, shared in zip(unit.segments, common, strict=True) if most and shared == most]


def pairs(han: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters; runs are separated by `|`."""
    found = (han[at : at + 2] for at in range(len(han) - 1))
    return frozenset(pair for pair in found if "|" not in pair)

"""Vetoes: what rules can tell against a sentence whose words they do not find in the evidence.

Belongs to `gpt.answers: rephrase`: a judge confirms what is not vetoed. People say true things in
words that stand nowhere, so the words alone veto nothing; numbers, "all", order in time and denials
do. An amount of money must stand in the very sentence that is nearest; what is about a danger is
left to the strict rules.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.answering.grounding.entailment import claim_is_han
from bot.answering.grounding.evidence import Unit
from bot.answering.grounding.parsing import ParsedText, is_negated, read
from bot.answering.grounding.quantities import Quantity
from bot.answering.grounding.similarity import Similarity
from bot.answering.grounding.units import CURRENCIES
from bot.text.phrases import holds

_MUST_STAND = ("all", "after", "before")
"""Markers that the nearest unit needs as well."""


def veto(claim: ParsedText, nearest: Unit, units: Sequence[Unit]) -> str:
    """Return what speaks against a sentence; empty for nothing.

    Args:
        claim: The sentence.
        nearest: The unit of the evidence that is nearest to it.
        units: The whole evidence.
    """
    if holds(claim.text, "hazards"):
        return "it is about a danger"
    here, known = _quantities([nearest]), _quantities(units)
    for quantity in claim.quantities:
        among = here if quantity.unit in CURRENCIES else known
        if quantity.unit and not any(quantity.is_same(other) for other in among):
            return "a number is not in the evidence"
    said = read(nearest.text).markers
    for marker in _MUST_STAND:
        if marker in claim.markers and marker not in said:
            return f'"{marker}" is not said there'
    if is_negated(nearest.text) and not claim.negated:
        return "it leaves out a denial"
    return ""


def _quantities(units: Sequence[Unit]) -> list[Quantity]:
    found = [q for unit in units for part in unit.segments for q in part.reading.quantities]
    return found + [quantity for unit in units for quantity in unit.context.quantities]


def likely_source(claim: ParsedText, units: Sequence[Unit], similarity: Similarity) -> str:
    """Return the passage that a sentence is nearest to, if no rule speaks against it; else empty.

    Args:
        claim: The sentence.
        units: The whole evidence.
        similarity: Compares sentences.
    """
    same = [unit for unit in units if unit.is_han == claim_is_han(claim)]
    if not same:
        return ""
    near = similarity.cosines(claim.text, [unit.text for unit in same])
    texts = [f"{unit.context.text} {unit.text}" for unit in same]
    above = similarity.cosines(claim.text, texts)
    shared = [len(claim.keys & unit.keys) / max(1, claim.size) for unit in same]
    nearest = same[int(np.argmax(np.maximum(near, above) + np.array(shared)))]
    return "" if veto(claim, nearest, units) else nearest.citation

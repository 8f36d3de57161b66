"""Weighs what the model reads of a line in an open form against what cues and extractors found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.answering.forms.commands import Said
from bot.answering.forms.extraction import SlotReading
from bot.ports import Asked, DialogueAct

NEAR = 0.2
"""Score from which a line does something, where it says nothing for the asked slot, ..."""

SURE = 0.3
"""... where it says something, or where any text is an answer, and ..."""

AGREES = 0.4
"""... to agree; for a write a known phrase has to say so as well."""

DISAGREES = 0.15
"""Score of anything else up to which a line may agree."""

MOST_REPEATS = 2
"""How often a question is asked again, at most, before only a known phrase asks for that."""

_MEANS = {
    DialogueAct.SKIP: Said(skip=True, pure=True),
    DialogueAct.STOP: Said(stop=True, pure=True),
    DialogueAct.WHY: Said(why=True, pure=True),
    DialogueAct.REPEAT: Said(repeat=True, pure=True),
    DialogueAct.PERSON: Said(person=True, pure=True),
    DialogueAct.YES: Said(yes=True, pure=True),
}
"""What lines say by their act alone."""

_ANSWERS = frozenset({DialogueAct.YES, DialogueAct.NO})


def likely_act(
    scores: Mapping[DialogueAct, float], asked: Asked, reading: SlotReading, *, repeats: int = 0
) -> DialogueAct | None:
    """Return what a line does; None: it answers, or nothing is sure.

    Args:
        scores: How surely it does what.
        asked: What the form waits for.
        reading: What it says for the asked slot.
        repeats: How often the question was asked again since it was last answered.
    """
    if repeats >= MOST_REPEATS:
        scores = {act: score for act, score in scores.items() if act is not DialogueAct.REPEAT}
    closed = asked is Asked.CONFIRMATION
    possible = {act: score for act, score in scores.items() if closed or act not in _ANSWERS}
    if not possible or (reading.whole and reading.value is not None):
        return None
    best, *others = sorted(possible, key=lambda act: -possible[act])
    if best is DialogueAct.NO and possible[DialogueAct.CORRECT] >= SURE:
        return DialogueAct.CORRECT
    if best is DialogueAct.YES:
        agrees = possible[best] >= AGREES and possible[others[0]] < DISAGREES
        return best if agrees else None
    says = (
        asked is Asked.TEXT
        or reading.value is not None
        or bool(reading.candidates)
        or bool(reading.refused)
    )
    return best if possible[best] >= (SURE if says else NEAR) else None


def with_act(said: Said, act: DialogueAct | None, asked: Asked) -> Said:
    """Return what a line says by its cue phrases, or by its act where it is no phrase alone."""
    refuses = act is DialogueAct.NO and said.skip  # "rather not", to what was summed up
    agrees = said.agrees and asked is not Asked.CONFIRMATION  # to nothing
    if act is None or (said.pure and not (refuses or agrees)):
        return said
    if act is DialogueAct.ELSEWHERE:
        return Said(no_but=said.no_but, elsewhere=True)
    if act is DialogueAct.CORRECT:
        return Said(no_but=said.no_but, corrects=True, changes=said.changes)
    if act is DialogueAct.STOP and said.stop:
        return replace(said, pure=True)
    if act is DialogueAct.NO:
        return Said(no=True, no_but=True, changes=said.changes, pure=True)
    return _MEANS[act]

"""Reads what a message says in an open form; see `bot/answering/forms/commands.py`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.forms.acts import likely_act, with_act
from bot.answering.forms.commands import Command, Heard, read_command
from bot.answering.forms.corrections import CorrectingLine, find_correction
from bot.answering.forms.extraction import NOTHING, SlotReading
from bot.answering.forms.halves import with_last
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.meaning import nearest_choice
from bot.answering.forms.said import read_said
from bot.answering.forms.turn import FormTurn
from bot.open_form import OpenForm
from bot.ports import (
    Answer,
    Answers,
    Asked,
    Classifier,
    ComparesTexts,
    DialogueAct,
    Languages,
    Prediction,
    ReadsClauses,
    ReadsDialogueActs,
    ReadsReasons,
    ReadsWishes,
)
from bot.ports.understanding import MIXED
from bot.responder import Turn
from bot.stages.human import CERTAIN
from bot.understanding.intents.slots import Slot
from bot.understanding.language.words import Known

ASKS = 0.6
"""How surely a text must ask for something to be a question of its own in a form."""

WISHES = 0.15
"""How surely a line in a form must ask for a person, where another head is certain of it."""

HINT = 0.1
"""From when a line may be a correction, where it has an unmistakable value for a filled slot."""

_QUESTION_MARKS = ("?", "？", "؟")


@dataclass(frozen=True, slots=True)
class FormReaders:
    """What reads messages beside the extractors.

    Attributes:
        classifier: Which intent they may mean.
        wishes: Whether they ask for a person.
        clauses: Whether they ask for something.
        acts: What they do in a form.
        reasons: Which kind of reason they give.
        compares: Which choice they are near to.
        answers: Tells which intents begin forms, or hand over.
        known: Tells which words are no misspellings.
        languages: Tells the language of a line, which may be another one than the form's.
    """

    classifier: Classifier
    wishes: ReadsWishes
    clauses: ReadsClauses
    acts: ReadsDialogueActs
    reasons: ReadsReasons
    compares: ComparesTexts
    answers: Answers
    known: Known
    languages: Languages


class ReadsForms:
    """Reads commands.

    Args:
        machine: Knows what is asked.
        readers: Read the message.
    """

    def __init__(self, machine: FormMachine, readers: FormReaders) -> None:
        self._machine = machine
        self._readers = readers

    async def command(self, turn: Turn, form: OpenForm, event: FormTurn) -> Command:
        """Return what a message does in a form."""
        return read_command(await self._heard(turn, form, event))

    def is_phrase(self, text: str) -> bool:
        """Return whether a text is one of the fixed phrases, such as "skip", and nothing else."""
        return read_said(text, self._readers.known, strict=True).pure

    async def is_sure(self, text: str, form: OpenForm) -> bool:
        """Return whether a text surely is an intent, the form's own included."""
        prediction = await self._readers.classifier.classify(text, language=form.language)
        return bool(_sure(prediction, ""))

    async def _heard(self, turn: Turn, form: OpenForm, event: FormTurn) -> Heard:
        text, readers = turn.text, self._readers
        languages = self._languages(form, text)
        language = languages[0]
        reading = self._reading(form, text, event, languages)
        slot = self._machine.entry(form).slots.get(form.asked) if form.step == "slots" else None
        asked = _asked(form, slot)
        prediction, wishes, clauses, acts = await asyncio.gather(
            readers.classifier.classify(text, language=language),
            readers.wishes.wishes([text], language=language),
            readers.clauses.read_clauses([text], language=language),
            readers.acts.dialogue_acts([text], asked=asked, language=language),
        )
        takes_text = asked is Asked.TEXT
        said = read_said(text, readers.known, strict=takes_text)
        act = likely_act(acts[0], asked, reading, repeats=form.asides) if acts else None
        if act is DialogueAct.YES and form.step == "confirm" and not said.agrees:
            act = None  # the model alone agrees to no write: a known phrase has to say so too
        said = with_act(said, act, asked)
        hinted = bool(acts) and acts[0][DialogueAct.CORRECT] >= HINT
        line = CorrectingLine(text, language, said, reading, hinted=hinted)
        correction = find_correction(self._machine, form, line, event)
        if slot is not None and slot.type == "choice" and not (said.does_more or correction):
            reading = await self._by_meaning(form, slot, text, reading, language)
        other = _sure(prediction, form.intent)
        answer = (
            readers.answers.answer(
                other, language=form.language, platform=turn.platform, seed=turn.message.id
            )
            if other
            else None
        )
        wanted = wishes[0].wanted >= CERTAIN if wishes else False
        if wanted and acts:
            wanted = acts[0][DialogueAct.PERSON] >= WISHES
        return Heard(
            said=said,
            wishes_person=wanted or (_hands_over(answer) and act in (None, DialogueAct.PERSON)),
            reading=reading,
            own_word=slot is not None and slot.type == "choice" and _is_own_word(reading),
            takes_text=takes_text,
            correction=correction,
            other=other if answer is not None else "",
            other_begins=answer is not None and answer.form,
            asks=not acts and bool(clauses and clauses[0].request >= ASKS),
            marked=_marked(text),
            closed=asked is Asked.CONFIRMATION,
        )

    async def _by_meaning(
        self, form: OpenForm, slot: Slot, text: str, reading: SlotReading, language: str
    ) -> SlotReading:
        """Return the choice that a text means, where it names none."""
        if reading != NOTHING or slot.many:
            return reading
        words = self._machine.words(form, slot, language)
        readers = self._readers
        return await nearest_choice(
            readers.compares, readers.reasons, words, text, language=language
        )

    def answers(self, form: OpenForm, text: str, event: FormTurn) -> bool:
        """Return whether a text has what the open question asks for, and says little else."""
        reading = self._reading(form, text, event, self._languages(form, text))
        return reading.whole and (reading.value is not None or bool(reading.candidates))

    def _languages(self, form: OpenForm, text: str) -> Sequence[str]:
        """Return the languages that a text may be in, the likeliest first, and the form's."""
        found = self._readers.languages.candidates(text, prior=form.language)
        return [each for each in dict.fromkeys((*found, form.language)) if each != MIXED]

    def _reading(
        self, form: OpenForm, text: str, event: FormTurn, languages: Sequence[str]
    ) -> SlotReading:
        """Return what a text says for the asked slot, in the first language in which it does."""
        if form.step != "slots" or form.asked not in self._machine.entry(form).slots:
            return NOTHING
        kind = self._machine.entry(form).slots[form.asked].type
        again = form.tries > 1 and kind == "datetime"
        for language in languages[:1] if kind == "address" else languages:

            def read(said: str, tag: str = language) -> SlotReading:
                return self._machine.read(form, form.asked, said, event, language=tag)

            found = with_last(read, text, event.earlier, read(text)) if again else read(text)
            if found != NOTHING:
                return found
        return NOTHING


def _asked(form: OpenForm, slot: Slot | None) -> Asked:
    """Return what a form waits for."""
    proposed = form.step == "slots" and form.proposed is not None
    if form.step in ("confirm", "offer") or proposed:
        return Asked.CONFIRMATION
    return Asked.TEXT if slot is not None and slot.type == "text" else Asked.VALUE


def _sure(prediction: Prediction, own: str) -> str:
    """Return the intent that a text surely is; empty: none, or the form's own."""
    best = prediction.intents[0] if prediction.intents else None
    if best is None or best.name == own or best.confidence < prediction.threshold:
        return ""
    return best.name


def _is_own_word(reading: SlotReading) -> bool:
    """Return whether a text is just one of the words of a choice."""
    return reading.value is not None and reading.whole


def _hands_over(answer: Answer | None) -> bool:
    return answer is not None and answer.handoff and not answer.form


def _marked(text: str) -> bool:
    return text.rstrip().endswith(_QUESTION_MARKS)

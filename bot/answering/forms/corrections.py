"""Finds corrections: another value for a slot that is filled, with a word that says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.forms.commands import Correct, Said
from bot.answering.forms.extraction import SlotReading
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.turn import FormTurn
from bot.open_form import OpenForm, SlotValue
from bot.understanding.language.words import folded_words

_FEW = 4
"""Words of a line that does little more than name a slot: "the size, please"."""


@dataclass(frozen=True, slots=True)
class CorrectingLine:
    """A line that may correct something.

    Attributes:
        text: What the customer wrote.
        language: Its BCP 47 tag.
        said: Its cue phrases.
        reading: For the asked slot.
        hinted: The model does not rule out that it corrects something.
    """

    text: str
    language: str
    said: Said
    reading: SlotReading
    hinted: bool = False

    @property
    def fits_asked(self) -> bool:
        """Whether it has a value for the asked slot."""
        return self.reading.value is not None or bool(self.reading.candidates)


def find_correction(
    machine: FormMachine, form: OpenForm, line: CorrectingLine, turn: FormTurn
) -> Correct | None:
    """Return what a line corrects; None: nothing.

    A filled slot that is named, or any that the value fits, the latest first. Where the asked slot
    takes the line as well, only words that surely speak of something earlier count.

    Args:
        machine: Reads slots.
        form: The open form.
        line: What the customer wrote.
        turn: The event.
    """
    said, fits_asked = line.said, line.fits_asked
    named = [name for name in form.slots if _names(machine, form, name, line.text)]
    if fits_asked and not named and _is_unmistakable(machine, form, line, turn):
        return None
    declined = _at_summary(form, said)
    cued = said.corrects or ((said.changes or declined) and not fits_asked)
    if not cued and form.step == "confirm" and not named:
        return _only_fit(machine, form, line, turn)
    hinted = cued or (line.hinted and not fits_asked)
    if not hinted and (not named or fits_asked):
        return None
    for name in _order(form, named):
        if name == form.asked:
            continue
        asked = name in named or (cued and machine.is_choice(form, name))
        found = machine.read(form, name, line.text, turn, asked=asked, language=line.language)
        if found.value is not None and found.value != form.value(name):
            return Correct(name, SlotValue(found.value, found.shown))
    again = cued or (form.step == "confirm" and len(folded_words(line.text)) <= _FEW)
    return Correct(named[0]) if named and again and not fits_asked else None


def _only_fit(
    machine: FormMachine, form: OpenForm, line: CorrectingLine, turn: FormTurn
) -> Correct | None:
    """Return the one slot of a summary that a text is another value for, and nothing else."""
    found = []
    for name in form.slots:
        asked = machine.is_choice(form, name)
        read = machine.read(form, name, line.text, turn, asked=asked, language=line.language)
        if read.whole and read.value is not None and read.value != form.value(name):
            found.append(Correct(name, SlotValue(read.value, read.shown)))
    return found[0] if len(found) == 1 else None


def _is_unmistakable(
    machine: FormMachine, form: OpenForm, line: CorrectingLine, turn: FormTurn
) -> bool:
    """Return whether a line has a value for the asked slot that it would have unasked."""
    if form.step == "slots" and machine.entry(form).slots[form.asked].type == "address":
        return True
    read = machine.read(form, form.asked, line.text, turn, asked=False, language=line.language)
    return read.value is not None


def _at_summary(form: OpenForm, said: Said) -> bool:
    """Return whether what was summed up is declined, with more than a refusal."""
    return form.step == "confirm" and said.no_but and not (said.no and said.pure)


def _order(form: OpenForm, named: list[str]) -> Iterator[str]:
    """Yield the slots that may be meant: those that are named, else the latest first."""
    yield from named or [*form.slots][::-1]


def _names(machine: FormMachine, form: OpenForm, name: str, text: str) -> bool:
    """Return whether a text has the name of a slot in it."""
    words, parts = folded_words(text), folded_words(machine.name(form, name))
    ends = range(len(parts), len(words) + 1)
    return bool(parts) and any(words[end - len(parts) : end] == parts for end in ends)

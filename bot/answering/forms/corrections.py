"""Finds corrections: another value for a slot that is filled, with a word that says so."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.forms.commands import Correct, Said
from bot.answering.forms.extraction import SlotReading
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.turn import FormTurn
from bot.open_form import OpenForm, SlotValue
from bot.understanding.language.words import folded_words


def find_correction(
    machine: FormMachine,
    form: OpenForm,
    text: str,
    said: Said,
    reading: SlotReading,
    turn: FormTurn,
    language: str,
) -> Correct | None:
    """Return what a text corrects; None: nothing.

    A filled slot that is named, or any that the value fits, the latest first. Where the asked slot
    takes the text as well, only words that surely speak of something earlier count.

    Args:
        machine: Reads slots.
        form: The open form.
        text: What the customer wrote.
        said: Its cue phrases.
        reading: For the asked slot.
        turn: The event.
        language: BCP 47 tag of the text.
    """
    named = [name for name in form.slots if _names(machine, form, name, text)]
    fits_asked = reading.value is not None or bool(reading.candidates)
    cued = said.corrects or ((said.changes or _at_summary(form, said)) and not fits_asked)
    if not cued and form.step == "confirm" and not named:
        return _only_fit(machine, form, text, turn, language)
    if not cued and (not named or fits_asked):
        return None
    for name in _order(form, named):
        if name == form.asked:
            continue
        asked = name in named or machine.is_choice(form, name)
        found = machine.read(form, name, text, turn, asked=asked, language=language)
        if found.value is not None and found.value != form.value(name):
            return Correct(name, SlotValue(found.value, found.shown))
    return Correct(named[0]) if named and (cued or form.step == "confirm") else None


def _only_fit(
    machine: FormMachine, form: OpenForm, text: str, turn: FormTurn, language: str
) -> Correct | None:
    """Return the one slot of a summary that a text is another value for, and nothing else."""
    found = []
    for name in form.slots:
        asked = machine.is_choice(form, name)
        read = machine.read(form, name, text, turn, asked=asked, language=language)
        if read.whole and read.value is not None and read.value != form.value(name):
            found.append(Correct(name, SlotValue(read.value, read.shown)))
    return found[0] if len(found) == 1 else None


def _at_summary(form: OpenForm, said: Said) -> bool:
    """Return whether what was summed up is declined."""
    return form.step == "confirm" and said.no_but


def _order(form: OpenForm, named: list[str]) -> Iterator[str]:
    """Yield the slots that may be meant: those that are named, else the latest first."""
    yield from named or [*form.slots][::-1]


def _names(machine: FormMachine, form: OpenForm, name: str, text: str) -> bool:
    """Return whether a text has the name of a slot in it."""
    words, parts = folded_words(text), folded_words(machine.name(form, name))
    ends = range(len(parts), len(words) + 1)
    return bool(parts) and any(words[end - len(parts) : end] == parts for end in ends)

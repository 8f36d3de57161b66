"""What becomes of an open form: slots are filled, skipped, corrected; the next one is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.open_form import OpenForm, SlotValue
from bot.understanding.intents.slots import Slot

Slots = Mapping[str, Slot]
"""The slots of an intent, in the order in which they are asked for."""


def next_slot(form: OpenForm, slots: Slots) -> str:
    """Return the first slot that is neither filled nor skipped; empty: all are done."""
    done = {*form.slots, *form.skipped}
    return next((name for name in slots if name not in done), "")


def filled(form: OpenForm, name: str, value: SlotValue) -> OpenForm:
    """Return the form with a slot filled; no question is open then."""
    others = {each: held for each, held in form.slots.items() if each != name}
    skipped = tuple(each for each in form.skipped if each != name)
    return unasked(replace(form, slots={**others, name: value}, skipped=skipped))


def said_before(form: OpenForm, name: str, value: SlotValue) -> OpenForm:
    """Return the form with a value that is checked once it is the slot's turn."""
    return replace(form, said_before={**form.said_before, name: value})


def taken(form: OpenForm, name: str) -> tuple[OpenForm, SlotValue]:
    """Return the form without such a value, and the value."""
    others = {each: held for each, held in form.said_before.items() if each != name}
    return replace(form, said_before=others), form.said_before[name]


def skipped(form: OpenForm, name: str) -> OpenForm:
    """Return the form with a slot left out."""
    return unasked(replace(form, skipped=(*form.skipped, name)))


def corrected(
    form: OpenForm, name: str, value: SlotValue | None, slots: Slots
) -> tuple[OpenForm, tuple[str, ...]]:
    """Return the form with another value, and the names of filled slots that it cleared.

    A slot that depends on it, at once or through others, is asked for again; where choices are
    among those, what actions returned counts no more. The open question will be shown once more,
    which counts as no try.

    Args:
        form: The form.
        name: The slot.
        value: None: it is to be asked for again.
        slots: All slots of the intent.
    """
    cleared = {name}
    for each, slot in slots.items():
        if cleared & {*slot.after}:
            cleared.add(each)
    kept = {each: held for each, held in form.slots.items() if each not in cleared}
    again = tuple(each for each in slots if each in cleared - {name} and each in form.slots)
    results = {} if any(slots[each].choices_from for each in cleared) else form.results
    left_out = tuple(each for each in form.skipped if each not in cleared)
    changed = replace(unasked(form), slots=kept, skipped=left_out, results=results, confirmed="")
    changed = changed if value is None else filled(changed, name, value)
    if form.step == "slots" and form.tries and form.asked not in cleared:
        asides = form.asides + 1
        changed = replace(changed, asked=form.asked, tries=form.tries - 1, asides=asides)
    return changed, again


def asks(form: OpenForm, name: str) -> OpenForm:
    """Return the form with a slot asked for, once more if it was the one."""
    again = form.step == "slots" and form.asked == name
    tries = form.tries + 1 if again else 1
    return replace(form, step="slots", asked=name, tries=tries, asides=form.asides if again else 0)


def needs_ways_out(form: OpenForm, tries: int) -> bool:
    """Return whether a question was shown so often, below answers to side questions as well."""
    return form.tries + form.asides >= tries


def unasked(form: OpenForm) -> OpenForm:
    """Return the form without an open question."""
    return replace(form, step="slots", asked="", tries=0, asides=0, proposed=None)

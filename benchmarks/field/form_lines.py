"""Measures what lines of customers do in an open form.

    python -m benchmarks.field --list form_lines

The form asks for all kinds of slots; those before the asked one are filled. The shop's other
intents are those that Frontdesk ships, without what they do in the shop.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.field.reading import Entry, Line, entries
from benchmarks.forms.desk import Answered, FormDesk, open_desk
from bot.messages import DecisionKind
from bot.open_form import OpenForm, SlotValue

SHOP = Path(__file__).parents[2] / "intents"
FORM = Path(__file__).parent / "form_lines_form.yaml"

INTENT = "line_form"

FILLED: Mapping[str, Any] = {
    "order_number": "10001",
    "size": "XXL",
    "colour": "black",
    "reason": "not as described",
    "quantity": 9,
    "amount": "99.00 EUR",
    "date": "2026-11-02",
    "email": "old@example.org",
    "phone": "+442079460000",
    "address": "1 Old Street, London",
    "description": "It is torn.",
}
"""What the slots before the asked one hold."""

CLOSED = {"confirm", "confirmation"}
"""What is asked where all is filled and summed up."""

PASSED_ON = {"side_question", "other_request"}
"""Effects that are answered by other stages, and then the question again."""


def form_lines(part: str) -> Iterator[Line]:
    """Count the lines that do what a careful agent would let them do."""
    read = entries(part, "form_lines")
    if not read:
        return
    found = asyncio.run(_found(read))
    right = [_is_right(entry, answered) for entry, answered in zip(read, found, strict=True)]
    wrong = tuple(
        f"{entry.get('id', number)} ({entry['asked']}): {entry['effect']}, taken as {effect(a)}"
        for number, (entry, a, is_right) in enumerate(zip(read, found, right, strict=True))
        if not is_right
    )
    yield Line("lines taken rightly", tuple(right), wrong)
    effects = Counter(entry["effect"] for entry in read)
    for name in sorted(effects):
        of_effect = zip(read, right, strict=True)
        yield Line(name, tuple(hit for entry, hit in of_effect if entry["effect"] == name))
    filled = [
        effect(answered) == "answer"
        for entry, answered in zip(read, found, strict=True)
        if entry["effect"] != "answer"
    ]
    yield Line("lines that answer nothing, taken as answers", tuple(filled))
    values = [
        _value(entry, answered) == _expected(entry)
        for entry, answered in zip(read, found, strict=True)
        if entry["effect"] == "answer" and effect(answered) == "answer"
    ]
    yield Line("right values of answers", tuple(values))


async def _found(read: Sequence[Entry]) -> list[Answered]:
    with TemporaryDirectory() as folder:
        async with open_desk(_intents(Path(folder))) as desk:
            return [await _say(desk, number, entry) for number, entry in enumerate(read)]


def _intents(folder: Path) -> Path:
    """Return a folder with the intents of the shop and the form."""
    intents = folder / "intents"
    intents.mkdir()
    for file in sorted(SHOP.glob("*.yaml")):
        shutil.copy(file, intents)
    shutil.copy(FORM, intents / "form.yaml")
    return intents


async def _say(desk: FormDesk, number: int, entry: Entry) -> Answered:
    where = f"terminal:a:{number}"
    await desk.open(_form(desk, where, entry["asked"]))
    return await desk.say(where, entry["say"], keeps=False)


def _form(desk: FormDesk, where: str, asked: str) -> OpenForm:
    form = desk.blank(where, INTENT)
    names = list(FILLED)
    closed = asked in CLOSED
    before = names[: names.index(asked)] if asked in names else names
    slots = {name: SlotValue(FILLED[name], str(FILLED[name])) for name in before}
    if closed:
        return replace(form, slots=slots, step="confirm", asked="hash")
    return replace(form, slots=slots, asked=asked, tries=1)


def effect(answered: Answered) -> str:
    """Return what a line has done, in the words of the list."""
    match answered.decision.kind:
        case DecisionKind.SAFETY:
            return "safety"
        case DecisionKind.HANDOFF:
            return "human"
    for reason in answered.decision.reasons:
        if reason.startswith("the customer stopped the form"):
            return "other_request" if "something else" in reason else "stop"
        if reason.startswith("asks something else than the form"):
            return "side_question"
        if reason.startswith("in the form of"):
            return _COMMANDS[reason.rpartition(": ")[2]]
    return "nothing"


_COMMANDS = {
    "Stop": "stop",
    "Skip": "skip",
    "Why": "why",
    "Repeat": "repeat",
    "Correct": "correct",
    "Answer": "answer",
    "FreeText": "unclear",
    "Yes": "yes",
    "No": "no",
}


def _is_right(entry: Entry, answered: Answered) -> bool:
    taken, wanted = effect(answered), entry["effect"]
    if wanted in PASSED_ON:
        return taken in PASSED_ON
    if taken == "answer" and answered.form is not None and not _filled(entry, answered):
        taken = "unclear"  # refused, or several that fit: asked again
    if taken != wanted:
        return False
    if wanted in ("answer", "correct"):
        return bool(_value(entry, answered) == _expected(entry))
    return True


def _filled(entry: Entry, answered: Answered) -> bool:
    return answered.form is None or entry["asked"] in answered.form.slots


def _value(entry: Entry, answered: Answered) -> Any:  # noqa: ANN401 - what JSON holds
    """Return what the line has filled; of a correction, the slots that have other values."""
    form = answered.form
    if form is None:
        return answered.text.partition("<")[2].rpartition(">")[0]
    if entry["effect"] == "answer":
        return str(form.value(entry["asked"]))
    return {
        name: str(each.value)
        for name, each in form.slots.items()
        if name in FILLED and each.value != FILLED[name]
    }


def _expected(entry: Entry) -> Any:  # noqa: ANN401 - what YAML holds
    value = entry.get("value")
    if isinstance(value, dict):
        return {name: str(each) for name, each in value.items()}
    return str(value)

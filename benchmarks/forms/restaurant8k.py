"""Answers to a booking form's questions: restaurant8k (Coope et al. 2020, CC-BY-4.0).

Each row has what a customer wrote, the slots that were asked for, and the words that are values.
The slots are as a restaurant would write them. Where several were asked for and the answer has one
value, it is that of the first, or of the one that is requested twice, so again.

Counted are the answers to a question, and the values in them. An answer is *right* when all that it
says of the asked slots is read so, and nothing more; *wrong* when another value is read, or one
that nobody wrote; else the bot asks again, which is right for an answer that names no asked slot.
Built with `train_3.json` (`--part train`); `test.json` is for reporting alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.forms.spans import check
from benchmarks.forms.tally import Outcome, Tally
from bot.answering.forms.extraction import NOTHING, SlotContext, SlotReading, SlotSpec, read_slot

NOW = datetime(2018, 4, 11, 10, 0, tzinfo=UTC)
"""The dates with a year are of 2018, from April on."""

FILES = {"train": "train_3.json", "test": "test.json"}

SLOTS = {
    "people": SlotSpec("people", "number", min=1, counts=("people", "persons", "guests")),
    "time": SlotSpec("time", "time", hours=("11:00", "22:59")),
    "date": SlotSpec("date", "date"),
    "first_name": SlotSpec("first_name", "name", part="first"),
    "last_name": SlotSpec("last_name", "name", part="last"),
}


NAMES, OTHER = "name an asked slot", "name none"


def tables(data: Path, part: str, shown: frozenset[str] = frozenset()) -> list[str]:
    """Return the tables of the answers and of the values.

    Args:
        data: Folder of the data sets.
        part: `train` or `test`.
        shown: Outcomes whose texts are printed.
    """
    rows = json.loads((data / "restaurant8k" / FILES[part]).read_text(encoding="utf-8"))
    answers, values = Tally(), Tally(shown=shown)
    for row in rows:
        text = row["userInput"]["text"]
        requested = row.get("context", {}).get("requestedSlots", [])
        if not requested:
            continue
        marked = _marked(text, row.get("labels", []))
        readings = _readings(text, requested)
        found = [_count(values, slot, text, marked.get(slot), readings[slot]) for slot in readings]
        named = bool(marked.keys() & set(requested))
        answers.add(NAMES if named else OTHER, _worst([each for each in found if each]))
    title = f"restaurant8k, {part}"
    return [*answers.lines(f"{title}: answers"), *values.lines(f"{title}: values")]


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome of an answer, by those of its values."""
    order: tuple[Outcome, ...] = ("wrong", "asked again")
    return next((each for each in order if each in outcomes), "right")


def _readings(text: str, requested: Sequence[str]) -> dict[str, SlotReading]:
    """Return the readings of all slots that were asked for; no word fills two of them."""
    context = SlotContext("en", NOW)
    readings: dict[str, SlotReading] = {}
    for slot in sorted(set(requested), key=lambda each: each != _asked(requested)):
        reading = read_slot(SLOTS[slot], text, context)
        same = any(
            reading.value == other.value
            and (reading.start, reading.end) == (other.start, other.end)
            for other in readings.values()
        )
        readings[slot] = NOTHING if same else reading
    return readings


def _marked(text: str, labels: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    spans = {label["slot"]: label.get("valueSpan", {}) for label in labels}
    return {
        slot: text[span.get("startIndex", 0) : span.get("endIndex", len(text))]
        for slot, span in spans.items()
    }


def _asked(requested: Sequence[str]) -> str:
    again = [slot for slot, times in Counter(requested).items() if times > 1]
    return again[-1] if again and len(again) < len(set(requested)) else requested[0]


def _count(
    tally: Tally, slot: str, text: str, words: str | None, reading: SlotReading
) -> Outcome | None:
    """Count a slot of an answer, and return its outcome; None: neither named nor filled."""
    if words is not None:
        outcome = _outcome(slot, words, reading)
    elif reading.value is not None:
        outcome = "wrong"
    else:
        return None
    tally.add(slot, outcome, text, f"{words!r} read as {reading.value!r}")
    return outcome


def _outcome(slot: str, words: str, reading: SlotReading) -> Outcome:
    if reading.value is None:
        return "asked again"
    right = check(slot, words, NOW)
    if right is None:
        alone = read_slot(SLOTS[slot], words, SlotContext("en", NOW))
        return "right" if alone.value == reading.value else "wrong"
    return "right" if right(reading.value) else "wrong"

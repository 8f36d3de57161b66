"""Values in messages to a bank and a hotel: nlupp (Casanueva et al. 2022, CC-BY-4.0).

Each row has a message, and its slots with normalised values. Every value is asked for and read from
the whole message, by a slot as a bank or hotel would write it; right is the same value. Where a
message could mean two values, the bot asks, which counts as asked again.

- The rows of each file were split in half by a shuffle of their numbers with seed 16. Readers were
  built with the first half (`--part train` reads it alone, with `--show`); both are reported.
- "Today" is that of the data: Tuesday, 15 March 2022, nine in the morning.
- Times without a half of the day are of its first half in the data: `hours` of the slot says so.
- Companies and categories are lists in a bank's configuration: here, the values of the first half.
  What is on no list cannot be read.
- Periods are read as their two ends, or as a duration. Dates and periods without any value in the
  data ("monthly", "some days ago") are left out, and counted.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.forms.tally import Outcome, Tally
from bot.answering.forms.extraction import SlotContext, SlotReading, SlotSpec, read_slot

NOW = datetime(2022, 3, 15, 9, 0, tzinfo=UTC)
SEED = 16
DOMAINS = ("banking", "hotels")

_DURATION = re.compile(r"P(\d+)([DMY])")
_DAYS = {"D": 1, "M": 30, "Y": 365}

_LITERAL = ("00:00", "11:59")
_ADULTS = ("adult", "adults", "grown ups", "me", "myself", "i", "my wife", "my husband", "couple")
_KIDS = (
    "kid", "kids", "child", "children", "son", "sons", "daughter", "daughters", "baby", "babies",
    "toddler", "toddlers", "little one", "little ones", "infant", "infants", "minor", "minors",
    "teenager", "teenagers", "boy", "boys", "girl", "girls", "kiddos", "ankle biters",
)  # fmt: skip

SLOTS: Mapping[str, SlotSpec] = {
    "date": SlotSpec("date", "date"),
    "date_from": SlotSpec("date_from", "date", end="from"),
    "date_to": SlotSpec("date_to", "date", end="to"),
    "time": SlotSpec("time", "time", hours=_LITERAL),
    "time_from": SlotSpec("time_from", "time", hours=_LITERAL, end="from"),
    "time_to": SlotSpec("time_to", "time", hours=_LITERAL, end="to"),
    "duration": SlotSpec("duration", "duration"),
    "amount_of_money": SlotSpec("amount_of_money", "amount"),
    "number": SlotSpec("number", "number"),
    "people": SlotSpec("people", "number", counts=("people", "persons", "guests")),
    "adults": SlotSpec("adults", "number", counts=_ADULTS),
    "kids": SlotSpec("kids", "number", counts=_KIDS),
    "rooms": SlotSpec(
        "rooms", "number", counts=("room", "rooms", "suite", "suites", "bedroom", "bedrooms")
    ),
    "person_name": SlotSpec("person_name", "name"),
    "company_name": SlotSpec("company_name", "choice"),
    "shopping_category": SlotSpec("shopping_category", "choice"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A message with its values."""

    text: str
    slots: Mapping[str, Any]
    first_half: bool


def tables(data: Path, part: str, shown: frozenset[str] = frozenset()) -> list[str]:
    """Return the tables of both domains.

    Args:
        data: Folder of the data sets.
        part: `train`: the first halves alone.
        shown: Outcomes whose texts are printed.
    """
    lines: list[str] = []
    whole = {True: Tally(), False: Tally()}
    left_out = 0
    for domain in DOMAINS:
        rows = _rows(data / "nlupp" / f"{domain}.jsonl")
        slots = {**SLOTS, **_lists(rows)}
        for first_half in (True,) if part == "train" else (True, False):
            tally = Tally(shown=shown)
            for row in rows:
                if row.first_half == first_half:
                    left_out += _measure(row, slots, (tally, whole[first_half]))
            half = "first half, built with" if first_half else "second half"
            lines += tally.lines(f"nlupp, {domain}, {half}")
    for first_half, tally in whole.items():
        if tally.counts:
            half = "first half, built with" if first_half else "second half"
            lines += tally.lines(f"nlupp, both domains, {half}")[:2]
    return [*lines, f"  {left_out} dates and periods without a value in the data are left out"]


def _rows(file: Path) -> list[Row]:
    entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    numbers = list(range(len(entries)))
    random.Random(SEED).shuffle(numbers)  # noqa: S311 - a split, no secret
    first = frozenset(numbers[: len(numbers) // 2])
    return [
        Row(entry["text"], entry.get("slots", {}), number in first)
        for number, entry in enumerate(entries)
    ]


def _lists(rows: Sequence[Row]) -> dict[str, SlotSpec]:
    """Return the slots of choices, with the values of the first half."""
    return {
        name: replace(
            SLOTS[name], choices={value.casefold(): (value,) for value in _values(rows, name)}
        )
        for name in ("company_name", "shopping_category")
    }


def _values(rows: Sequence[Row], name: str) -> Iterator[str]:
    seen = {str(row.slots[name]["value"]) for row in rows if row.first_half and name in row.slots}
    yield from sorted(seen)


def _measure(row: Row, slots: Mapping[str, SlotSpec], tallies: Sequence[Tally]) -> int:
    """Count the values of a message; return how many have none in the data."""
    left_out = 0
    for name, marked in row.slots.items():
        wanted = _wanted(name, marked)
        if wanted is None:
            left_out += 1
            continue
        readings = [_read(slots[slot], row.text) for slot, _ in wanted]
        outcome = _outcome(readings, [value for _, value in wanted])
        given = [reading.value for reading in readings]
        for tally in tallies:
            tally.add(name, outcome, row.text, f"{marked['text']!r}: {wanted}, read as {given}")
    return left_out


def _read(slot: SlotSpec, text: str) -> SlotReading:
    return read_slot(slot, text, SlotContext("en", NOW))


def _outcome(readings: Sequence[SlotReading], wanted: Sequence[object]) -> Outcome:
    if any(reading.value is None for reading in readings):
        return "asked again"
    same = all(_same(reading.value, value) for reading, value in zip(readings, wanted, strict=True))
    return "right" if same else "wrong"


def _same(given: object, wanted: object) -> bool:
    """Return whether two values are the same; a year has 365 days, a month 30."""
    found = [_DURATION.fullmatch(str(each)) for each in (given, wanted)]
    if found[0] and found[1]:
        days = [int(each[1]) * _DAYS[each[2]] for each in found if each]
        return days[0] == days[1]
    return str(given).casefold() == str(wanted).casefold()


def _wanted(name: str, marked: Mapping[str, Any]) -> list[tuple[str, object]] | None:
    """Return the slots by which a value is read, and what each must say; None: it has no value."""
    values = marked.get("values")
    if values is not None:
        return _period(name, values)
    value = marked["value"]
    if value == "ambiguous":
        return None
    if name.startswith("date"):
        return [(name, _day(value))]
    if name.startswith("time"):
        return [(name, _clock(value))]
    if name == "amount_of_money":
        currency = "" if value["currency"] == "ambiguous" else f" {value['currency']}"
        return [(name, f"{value['amount']:.2f}{currency}")]
    return [(name, value)]


def _period(name: str, values: Mapping[str, Any]) -> list[tuple[str, object]] | None:
    if values["type"] == "relative":
        amount = values["days"]  # minutes, in a period of time
        minutes = int(amount)
        hours = f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"
        return [("duration", f"P{int(amount)}D" if name == "date_period" else hours)]
    if values["type"] != "absolute":
        return None
    if name == "date_period":
        return [("date_from", _day(values["from"])), ("date_to", _day(values["to"]))]
    return [("time_from", _clock(values["from"])), ("time_to", _clock(values["to"]))]


def _day(value: Mapping[str, int]) -> str:
    return f"{value['year']:04d}-{value['month']:02d}-{value['day']:02d}"


def _clock(value: Mapping[str, int]) -> str:
    return f"{value['hour'] % 24:02d}:{value['minute']:02d}"

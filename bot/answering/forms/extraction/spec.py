"""What a slot takes, when it is read, and what a text says for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from bot.open_form import SlotValue
from bot.understanding.intents.slots import SlotType

SLOT_TYPES: tuple[str, ...] = get_args(SlotType)
"""Forms of values. `value` is then: pattern, email, name, address, text: text; choice: one of
`choices`; number: int or float; amount: `20.00 EUR` (`20.00` where no currency is known); date:
`2026-12-01`; time: `19:30`; datetime: `2026-12-01T19:30`; duration: ISO 8601, `P3D`, `PT45M`;
phone: `+49301234`. With `many` it is a list of those."""

Refusal = Literal[
    "",
    "too_small",
    "too_large",
    "too_long",
    "in_the_past",
    "in_the_future",
    "no_such_date",
    "no_date",
    "no_time",
    "not_whole",
    "other_currency",
    "not_an_email",
    "not_a_phone_number",
]
"""Why a value that was found is refused; empty: it is not."""

REFUSAL_TEXTS: Mapping[str, str] = {
    "too_small": "slot_too_small",
    "too_large": "slot_too_large",
    "too_long": "slot_too_long",
    "in_the_past": "slot_in_the_past",
    "in_the_future": "slot_in_the_future",
    "no_such_date": "slot_no_such_date",
    "no_date": "slot_no_date",
    "no_time": "slot_no_time",
    "not_whole": "slot_not_whole",
    "other_currency": "slot_other_currency",
    "not_an_email": "slot_not_an_email",
    "not_a_phone_number": "slot_not_a_phone_number",
}
"""The fixed text that says it, by reason."""

LONGEST_TEXT = 500
"""Characters of a text slot without `longest`."""


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """What a slot takes.

    Attributes:
        pattern: RE2; its first group is the value, else the match.
        choices: Words for each value, in the customer's and the default language.
        many: Takes several values.
        min, max: Bounds of numbers and amounts; of durations, in days.
        past, future: Whether dates and times before and after now are taken.
        longest: Most characters of a text; 0: `LONGEST_TEXT`.
        currency: ISO 4217 code that amounts are in; empty: any.
        region: ISO 3166 code that telephone numbers without a country code are of; empty: by
            language.
        part: Of a name: the first or last name, else the whole.
        end: Which end of a range is meant, "from 3 to 5 May"; empty: a range has two candidates.
        hours: From when to when a time is meant that names no half of the day: with
            `("11:00", "22:59")` "at 7" is 19:00. Empty: the customer is asked which.
        counts: What a number counts: "guests", "people"; a number beside such a word goes first.
    """

    name: str
    type: SlotType = "text"
    pattern: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    many: bool = False
    min: float | None = None
    max: float | None = None
    past: bool = True
    future: bool = True
    longest: int = 0
    currency: str = ""
    region: str = ""
    part: Literal["", "first", "last"] = ""
    end: Literal["", "from", "to"] = ""
    hours: tuple[str, str] | tuple[()] = ()
    counts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotContext:
    """When and where a slot is read.

    Attributes:
        language: BCP 47 tag of the customer's language.
        now: In the customer's or else the team's time zone.
        asked: The slot was just asked for; else the value must be unmistakable.
    """

    language: str
    now: datetime
    asked: bool = True


@dataclass(frozen=True, slots=True)
class SlotReading:
    """What a text says for a slot.

    Attributes:
        value: None where nothing was found, it was refused, or there are candidates.
        shown: As the customer reads it; of a refused value as well.
        whole: The text says little else.
        refused: Why a value is refused.
        start, end: Where it stands in the normalised text; the same: nowhere.
        candidates: Values between which the text does not decide: the customer is asked which.
    """

    value: Any | None = None
    shown: str = ""
    whole: bool = False
    refused: Refusal = ""
    candidates: tuple[SlotValue, ...] = ()
    start: int = 0
    end: int = 0


NOTHING = SlotReading()
"""A text that says nothing for a slot."""

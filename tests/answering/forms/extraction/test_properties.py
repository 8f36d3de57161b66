"""Whatever is written: nothing fails, values keep their form and bounds, reading is repeatable."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.forms.extraction import SLOT_TYPES, SlotSpec, SlotType
from tests.answering.forms.extraction.reading import NOW, read

LANGUAGES = ("en", "de", "zh", "fr", "es", "it", "nl", "pt-BR", "pl", "ja", "tr")
WORDS = (
    "half", "past", "seven", "to", "ten", "quarter", "7", "30", "2026", "12", ".", ":", ",", "/",
    "-", "next", "last", "friday", "may", "3rd", "the", "of", "in", "ago", "days", "weeks", "hours",
    "tomorrow", "am", "pm", "not", "no", "sorry", "and", "me", "my wife", "kids", "euros", "$",
    "a@b.example", "navy", "halb", "acht", "übermorgen", "三点", "后天", "下午", "两", "晚", "年",
    "月", "日", "Anna", "Mr", "O'Brien", "+49", "030", "1234567", "from", "until",
)  # fmt: skip
FORMS = {
    "number": r"-?\d+(\.\d+)?",
    "amount": r"\d+\.\d\d( [A-Z]{3})?",
    "date": r"\d{4}-\d\d-\d\d",
    "time": r"\d\d:\d\d",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d",
    "duration": r"P(\d+[DMY]|T\d+[HM])",
    "email": r"\S+@\S+\.\S+",
    "phone": r"\+\d{5,15}",
}


def slot_of(kind: SlotType) -> SlotSpec:
    choices = {"navy": ("navy", "dark blue"), "black": ("black",)}
    return SlotSpec(
        "a", kind, pattern=r"[A-Z]+\d+", choices=choices, min=0, max=10_000, counts=("people",)
    )


texts = st.one_of(
    st.text(max_size=120), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
)


@settings(max_examples=150)
@given(st.sampled_from(SLOT_TYPES), texts, st.sampled_from(LANGUAGES), st.booleans())
def test_any_text_is_read_without_a_failure(
    kind: SlotType, text: str, language: str, asked: bool
) -> None:
    slot = slot_of(kind)
    reading = read(slot, text, language, asked=asked)

    assert reading == read(slot, text, language, asked=asked)
    assert not (reading.refused and reading.value is not None)
    assert not (reading.candidates and reading.value is not None)
    for value in [each.value for each in reading.candidates] + [reading.value]:
        form = FORMS.get(kind, r".+")
        assert value is None or re.fullmatch(form, str(value), re.DOTALL), value


@settings(max_examples=60)
@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 1, 1)))
def test_every_date_is_read_as_it_is_written(day: date) -> None:
    slot = SlotSpec("day", "date")
    for language, text in (
        ("en", f"{day:%d %B %Y}"),
        ("en", f"{day:%B} the {day.day}, {day.year}"),
        ("de", f"am {day.day}.{day.month}.{day.year}"),
        ("zh", f"{day.year}年{day.month}月{day.day}日"),
        ("fr", f"{day:%Y-%m-%d}"),
    ):
        assert read(slot, text, language).value == day.isoformat(), text


@settings(max_examples=60)
@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_is_read_as_it_is_written(hour: int, minute: int) -> None:
    at = f"{hour:02d}:{minute:02d}"
    half = f"{datetime(2026, 1, 1, hour, minute):%I:%M %p}"  # noqa: DTZ001
    slot = SlotSpec("time", "time")
    assert read(slot, at, "de").value == at
    assert read(slot, half).value == at
    assert read(slot, f"{hour} Uhr {minute:02d}", "de").value in (at, None) or hour <= 12


@settings(max_examples=60)
@given(st.integers(1, 3000))
def test_days_ahead_and_behind_are_counted(amount: int) -> None:
    slot = SlotSpec("day", "date")
    today = NOW.date()
    assert read(slot, f"in {amount} days").value == str(today + timedelta(days=amount))
    assert read(slot, f"vor {amount} Tagen", "de").value == str(today - timedelta(days=amount))


@settings(max_examples=100)
@given(st.integers(0, 99_999), st.integers(0, 99))
def test_amounts_are_exact(whole: int, cents: int) -> None:
    slot = SlotSpec("money", "amount")
    assert read(slot, f"{whole:,}.{cents:02d} euros").value == f"{whole}.{cents:02d} EUR"
    german = f"{whole:,}".replace(",", ".")
    assert read(slot, f"{german},{cents:02d} €", "de").value == f"{whole}.{cents:02d} EUR"


@settings(max_examples=100)
@given(st.text(max_size=60), st.floats(-5, 5), st.floats(5, 50))
def test_a_number_keeps_its_bounds(text: str, least: float, greatest: float) -> None:
    reading = read(SlotSpec("n", "number", min=least, max=greatest), text)
    found = [each.value for each in reading.candidates] + [reading.value]
    assert all(value is None or least <= value <= greatest for value in found)

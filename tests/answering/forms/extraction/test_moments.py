"""Slots of `type: date`, `time`, `datetime` and `duration`, read on Wednesday, 15 July 2026."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.forms.extraction import SlotSpec
from tests.answering.forms.extraction.reading import read

DAY = SlotSpec("day", "date")
TIME = SlotSpec("time", "time")
EVENING = replace(TIME, hours=("11:00", "22:59"))
MOMENT = SlotSpec("moment", "datetime", past=False)
STAY = SlotSpec("stay", "duration")


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "tomorrow please", "2026-07-16"),
        ("en", "the day after tomorrow", "2026-07-17"),
        ("en", "the 31st", "2026-07-31"),
        ("en", "19th of November", "2026-11-19"),
        ("en", "On Friday, Aug 17, 2018", "2018-08-17"),
        ("en", "2018/04/24.", "2018-04-24"),
        ("en", "13/04/2027", "2027-04-13"),
        ("en", "Friday", "2026-07-17"),
        ("en", "Friday week", "2026-07-24"),
        ("en", "Friday next week", "2026-07-24"),
        ("en", "last Thursday", "2026-07-09"),
        ("en", "eleven days from now", "2026-07-26"),
        ("en", "a week from tomorrow", "2026-07-23"),
        ("en", "8 days ago", "2026-07-07"),
        ("en", "the 3rd of next month", "2026-08-03"),
        ("en", "thursday the 3rd", "2026-09-03"),
        ("en", "Feburary 3rd", "2027-02-03"),
        ("en", "sat", "2026-07-18"),
        ("en", "not friday, saturday", "2026-07-18"),
        ("en", "friday, sorry, saturday", "2026-07-18"),
        ("en", "move it from Friday to Saturday", "2026-07-18"),
        ("en", "12", "2026-08-12"),
        ("de", "übermorgen", "2026-07-17"),
        ("de", "am 3.5.", "2027-05-03"),
        ("de", "den 3. Mai", "2027-05-03"),
        ("de", "Freitag nächster Woche", "2026-07-24"),
        ("de", "vor zwei Wochen", "2026-07-01"),
        ("de", "03.04.2027", "2027-04-03"),
        ("zh", "后天", "2026-07-17"),
        ("zh", "下周五", "2026-07-24"),
        ("zh", "2026年12月1日", "2026-12-01"),
        ("zh", "三天后", "2026-07-18"),
        ("fr", "dans deux semaines", "2026-07-29"),
        ("fr", "le 3 mars", "2027-03-03"),
        ("es", "pasado mañana", "2026-07-17"),
        ("it", "dopodomani", "2026-07-17"),
        ("nl", "overmorgen", "2026-07-17"),
        ("pt-BR", "depois de amanhã", "2026-07-17"),
        ("pl", "pojutrze", "2026-07-17"),
        ("ja", "来週の金曜日", "2026-07-24"),
        ("tr", "yarın", "2026-07-16"),
        ("ru", "послезавтра", "2026-07-17"),
    ],
)
def test_a_date_is_read(language: str, text: str, value: str) -> None:
    assert read(DAY, text, language).value == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("03/04", ["2027-03-04", "2027-04-03"]),
        ("next Friday", ["2026-07-17", "2026-07-24"]),
        ("Wednesday", ["2026-07-15", "2026-07-22"]),
        ("this weekend", ["2026-07-18", "2026-07-19"]),
        ("Friday or Saturday", ["2026-07-17", "2026-07-18"]),
        ("from 3 to 5 May", ["2027-05-03", "2027-05-05"]),
        ("Monday, 16 July", ["2026-07-16", "2026-07-13"]),
    ],
)
def test_where_two_dates_may_be_meant_the_customer_is_asked(text: str, values: list[str]) -> None:
    reading = read(DAY, text)
    assert reading.value is None
    assert [each.value for each in reading.candidates] == values


@pytest.mark.parametrize(
    "text",
    ["may I ask why?", "at 7", "5 people", "i don't know", "next month", "may", "so", "a"],
)
def test_other_words_are_no_date(text: str) -> None:
    assert read(DAY, text).value is None
    assert read(DAY, text).candidates == ()


@pytest.mark.parametrize("language", ["gsw", "xx", "sr-Latn", "nb"])
def test_a_language_that_nobody_reads_has_no_dates_in_words(language: str) -> None:
    assert read(DAY, "hmm let me see then", language).value is None
    assert read(DAY, "2027-05-03", language).value == "2027-05-03"


def test_a_sunday_is_not_seen_in_a_german_so() -> None:
    assert read(DAY, "so um sieben ungefähr", "de").value is None
    assert read(DAY, "am So. bitte", "de").value == "2026-07-19"


def test_a_range_has_two_ends() -> None:
    first, last = replace(DAY, end="from"), replace(DAY, end="to")
    for text in ("from 17 to 19 August", "17 - 19 August", "between the 17th and 19th of August"):
        assert read(first, text).value == "2026-08-17", text
    assert read(last, "from 17 to 19 August").value == "2026-08-19"
    assert read(last, "leaving on the 19th, arriving on the 17th").value == "2026-07-19"
    assert read(first, "until Friday").value is None
    assert read(first, "next month").value == "2026-08-01"
    assert read(last, "the last three days").value == "2026-07-15"


@pytest.mark.parametrize(
    ("slot", "text", "refused"),
    [
        (DAY, "31 February", "no_such_date"),
        (replace(DAY, past=False), "yesterday", "in_the_past"),
        (replace(DAY, future=False), "tomorrow", "in_the_future"),
        (MOMENT, "today at 8 am", "in_the_past"),
        (MOMENT, "tomorrow", "no_time"),
        (MOMENT, "at 8 pm", "no_date"),
    ],
)
def test_a_date_is_refused_with_a_reason(slot: SlotSpec, text: str, refused: str) -> None:
    reading = read(slot, text)
    assert (reading.value, reading.refused) == (None, refused)


def test_a_day_without_its_year_lies_where_the_slot_says() -> None:
    assert read(replace(DAY, past=False), "1 July").value == "2027-07-01"
    assert read(replace(DAY, future=False), "1 August").value == "2025-08-01"
    assert read(DAY, "1 July").value == "2026-07-01"
    assert read(replace(DAY, future=False), "Friday").value == "2026-07-10"


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "7:30 pm", "19:30"),
        ("en", "half past seven in the evening", "19:30"),
        ("en", "25 to 7 p.m.", "18:35"),
        ("en", "9 05 in the morning", "09:05"),
        ("en", "2030", "20:30"),
        ("en", "730pm", "19:30"),
        ("en", "8 at night", "20:00"),
        ("en", "noon", "12:00"),
        ("en", "12am", "00:00"),
        ("en", "12:25 night", "00:25"),
        ("en", "2 hours before 8pm", "18:00"),
        ("en", "in an hour", "11:00"),
        ("en", "change it from 18:00 to 17:45", "17:45"),
        ("en", "14hr", "14:00"),
        ("de", "19 Uhr 30", "19:30"),
        ("de", "fünf vor halb acht abends", "19:25"),
        ("de", "viertel nach drei nachmittags", "15:15"),
        ("de", "7:30", "07:30"),
        ("zh", "下午三点一刻", "15:15"),
        ("zh", "晚上七点半", "19:30"),
        ("fr", "sept heures et demie du soir", "19:30"),
        ("fr", "19h30", "19:30"),
        ("es", "a las siete y media de la tarde", "19:30"),
        ("ja", "午後7時半", "19:30"),
    ],
)
def test_a_time_is_read(language: str, text: str, value: str) -> None:
    assert read(TIME, text, language).value == value


@pytest.mark.parametrize("text", ["7", "half past seven", "at 7", "8ish", "ten to nine"])
def test_a_time_without_its_half_of_the_day_is_two(text: str) -> None:
    assert len(read(TIME, text).candidates) == 2
    assert read(EVENING, text).value is not None


def test_usual_hours_leave_what_is_said_alone() -> None:
    assert read(EVENING, "7").value == "19:00"
    assert read(EVENING, "7 am").value == "07:00"
    assert read(EVENING, "for 4 people at 7").value == "19:00"


@pytest.mark.parametrize("text", ["in 14 days", "5 people", "the 3rd of May", "not 7", "evening"])
def test_other_numbers_are_no_time(text: str) -> None:
    assert read(TIME, text).value is None


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "tomorrow at 7", ["2026-07-16T07:00", "2026-07-16T19:00"]),
        ("en", "today at 7", ["2026-07-15T19:00"]),
        ("en", "in 3 hours", ["2026-07-15T13:00"]),
        ("zh", "后天下午三点", ["2026-07-17T15:00"]),
        ("de", "übermorgen um halb acht", ["2026-07-17T07:30", "2026-07-17T19:30"]),
        ("de", "übermorgen um 19.30 Uhr", ["2026-07-17T19:30"]),
    ],
)
def test_a_day_and_a_time_make_a_moment(language: str, text: str, values: list[str]) -> None:
    reading = read(MOMENT, text, language)
    found = [each.value for each in reading.candidates] or [reading.value]
    assert found == values


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "3 nights", "P3D"),
        ("en", "a week", "P7D"),
        ("en", "a fortnight", "P14D"),
        ("en", "an hour and a half", "PT90M"),
        ("en", "1 hour 30 minutes", "PT90M"),
        ("en", "half an hour", "PT30M"),
        ("de", "anderthalb Stunden", "PT90M"),
        ("de", "eine halbe Stunde", "PT30M"),
        ("zh", "两晚", "P2D"),
        ("fr", "deux semaines", "P14D"),
        ("en", "18 months", "P18M"),
    ],
)
def test_a_span_of_time_is_read(language: str, text: str, value: str) -> None:
    assert read(STAY, text, language).value == value


def test_a_span_of_time_has_bounds_in_days() -> None:
    stay = replace(STAY, min=1, max=30)
    assert read(stay, "40 nights").refused == "too_large"
    assert read(stay, "20 minutes").refused == "too_small"
    assert [each.value for each in read(stay, "two to three nights").candidates] == ["P2D", "P3D"]


def test_what_was_not_asked_for_must_be_a_date_or_a_time_for_sure() -> None:
    assert read(DAY, "my order 12 is late", asked=False).value is None
    assert read(TIME, "a table for 4", asked=False).value is None
    assert read(EVENING, "a table for 4 at 7", asked=False).value == "19:00"
    assert read(DAY, "a table for 4 tomorrow", asked=False).value == "2026-07-16"


def test_a_value_is_shown_in_the_customers_language() -> None:
    assert read(DAY, "übermorgen", "de").shown == "Freitag, 17. Juli 2026"
    assert read(STAY, "两晚", "zh").shown == "2晚"
    assert read(TIME, "halb acht abends", "de").shown == "19:30"


def test_an_answer_is_whole_when_it_says_little_else() -> None:
    assert read(DAY, "tomorrow please").whole
    assert read(TIME, "at 7:30 pm, please").whole
    assert not read(DAY, "tomorrow, but where is my parcel").whole
    assert not read(DAY, "is tomorrow possible?").whole


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "two weeks ago today", "2026-07-01"),
        ("de", "heute vor einer Woche", "2026-07-08"),
        ("fr", "ça fait deux semaines aujourd'hui", "2026-07-01"),
        ("en", "it came yesterday after two weeks of silence", "2026-07-14"),
        ("en", "on boxing day", "2026-12-26"),
        ("de", "an Silvester", "2026-12-31"),
        ("zh", "平安夜", "2026-12-24"),
    ],
)
def test_a_day_is_told_from_today_or_by_its_name(language: str, text: str, value: str) -> None:
    assert read(DAY, text, language).value == value

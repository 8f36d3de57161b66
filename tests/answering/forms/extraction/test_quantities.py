"""Slots of `type: number` and `amount`."""

from __future__ import annotations

import pytest

from bot.answering.forms.extraction import SlotSpec
from tests.answering.forms.extraction.reading import read

COUNT = SlotSpec("count", "number")
PEOPLE = SlotSpec("people", "number", min=1, max=20, counts=("people", "Personen", "人"))
ROOMS = SlotSpec("rooms", "number", counts=("room", "rooms"))
KIDS = SlotSpec("kids", "number", counts=("kid", "kids", "child", "children", "daughter"))
MONEY = SlotSpec("money", "amount")
EUROS = SlotSpec("euros", "amount", currency="EUR", min=5, max=500)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "two hundred and five", 205),
        ("en", "1,200", 1200),
        ("en", "-5", -5),
        ("en", "2.5", 2.5),
        ("en", "20k", 20000),
        ("de", "1.200", 1200),
        ("de", "einundzwanzig", 21),
        ("de", "2,5", 2.5),
        ("zh", "三百二十", 320),
        ("zh", "一千二百", 1200),
        ("fr", "quatre-vingt-dix-neuf", 99),
        ("pl", "dwadzieścia jeden", 21),
        ("en", "five, no, six", 6),
        ("en", "not 4, 5", 5),
    ],
)
def test_a_number_is_read_in_digits_and_in_words(language: str, text: str, value: float) -> None:
    assert read(COUNT, text, language).value == value


@pytest.mark.parametrize("text", ["the blue one", "in 17 days", "at 7:30 pm", "18.7.2026"])
def test_what_is_no_number_by_itself_is_none(text: str) -> None:
    assert read(COUNT, text).value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("There will be 5 adults and 1 child.", 6),
        ("it's five of us", 5),
        ("me and 3 others", 4),
        ("myself, my wife, my parents and 2 kids", 6),
        ("me, my husband and our three children", 5),
        ("a table for a couple", 2),
        ("just me", 1),
        ("Family of 8 total including the poodle.", 8),
        ("10 people, 4 kids and 6 adults", 10),
        ("2 adults, one teen and a child", 4),
        ("change from 8 people to 7", 7),
        ("7 guests at 8 pm", 7),
        ("book in 17 days", None),
    ],
)
def test_people_add_up(text: str, value: int | None) -> None:
    assert read(PEOPLE, text).value == value


def test_a_number_counts_what_the_slot_counts() -> None:
    assert read(KIDS, "2 adults and 1 child").value == 1
    assert read(KIDS, "we have no children").value == 0
    assert read(KIDS, "me with my daughter").value == 1
    assert read(ROOMS, "two rooms for a fortnight").value == 2
    assert read(ROOMS, "an en suite room for 2 adults").value == 1
    assert read(PEOPLE, "四个人", "zh").value == 4
    assert read(PEOPLE, "wir sind zu viert", "de").value == 4


def test_between_two_numbers_the_customer_decides() -> None:
    for text in ("4-5 people", "4 or 5", "between 4 and 5"):
        assert [each.value for each in read(PEOPLE, text).candidates] == [4, 5], text


def test_a_number_is_refused_with_a_reason() -> None:
    assert read(PEOPLE, "0").refused == "too_small"
    assert read(PEOPLE, "30 people").refused == "too_large"
    assert read(PEOPLE, "2.5").refused == "not_whole"


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "$200", "200.00 USD"),
        ("en", "a $5600 transfer", "5600.00 USD"),
        ("en", "56.79 pounds", "56.79 GBP"),
        ("en", "twenty euros fifty", "20.50 EUR"),
        ("en", "20 quid", "20.00 GBP"),
        ("en", "C$12", "12.00 CAD"),
        ("en", "400", "400.00"),
        ("de", "1.200,50 €", "1200.50 EUR"),
        ("de", "zwanzig Franken", "20.00 CHF"),
        ("zh", "一百块", "100.00 CNY"),
        ("zh", "¥80", "80.00 CNY"),
        ("ja", "800円", "800.00 JPY"),
        ("en", "40€, not 50€", "40.00 EUR"),
    ],
)
def test_an_amount_is_read_with_its_currency(language: str, text: str, value: str) -> None:
    assert read(MONEY, text, language).value == value


def test_an_amount_is_in_the_currency_of_its_slot() -> None:
    assert read(EUROS, "20").value == "20.00 EUR"
    assert read(EUROS, "$20").refused == "other_currency"
    assert read(EUROS, "600 euros").refused == "too_large"
    assert read(EUROS, "2 euros").refused == "too_small"
    assert read(SlotSpec("a", "amount", currency="CAD"), "$20").value == "20.00 CAD"
    assert read(EUROS, "20", asked=False).value is None
    assert read(EUROS, "1.200,50 €", "de").shown == "1.200,50\xa0€"


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "not more than three, I keep the others", 3),
        ("en", "I had six but only send two", 2),
        ("de", "fünf gekauft, nur zwei gehen zurück", 2),
        ("zh", "买了五件,只退其中两件", 2),
    ],
)
def test_a_number_that_is_limited_is_meant_and_not_denied(
    language: str, text: str, value: int
) -> None:
    assert read(COUNT, text, language).value == value


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "thirty nine fifty dollars", "39.50 USD"),
        ("en", "twelve ninety nine, I believe it said pounds", "12.99 GBP"),
        ("en", "a flat 31.40, dollars that is", "31.40 USD"),
        ("en", "eighty five", "85.00"),
        ("en", "two hundred and five euros", "205.00 EUR"),
    ],
)
def test_an_amount_is_said_as_two_numbers_and_apart_from_its_currency(
    language: str, text: str, value: str
) -> None:
    assert read(MONEY, text, language).value == value

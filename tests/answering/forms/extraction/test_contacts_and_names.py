"""Slots of `type: email`, `phone` and `name`."""

from __future__ import annotations

import pytest

from bot.answering.forms.extraction import SlotSpec
from tests.answering.forms.extraction.reading import read

EMAIL = SlotSpec("email", "email")
PHONE = SlotSpec("phone", "phone")
NAME = SlotSpec("name", "name")
FIRST = SlotSpec("first", "name", part="first")
LAST = SlotSpec("last", "name", part="last")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("it is (Anna.B@Example.COM), thanks", "Anna.B@example.com"),
        ("anna+shop@mail.example.co.uk.", "anna+shop@mail.example.co.uk"),
        ("a@b.example, no, c@d.example", "c@d.example"),
        ("<mailto:a@b.example>", "a@b.example"),
        ("no mail", None),
    ],
)
def test_an_address_is_read(text: str, value: str | None) -> None:
    assert read(EMAIL, text).value == value


@pytest.mark.parametrize("text", ["anna@example", "anna@@b.example", "@b.example", "a b@.example"])
def test_what_means_to_be_an_address_is_refused(text: str) -> None:
    assert read(EMAIL, text).refused == "not_an_email"
    assert read(EMAIL, text, asked=False).refused == ""


def test_two_addresses_are_two_candidates() -> None:
    found = read(EMAIL, "a@b.example or c@d.example").candidates
    assert [each.value for each in found] == ["a@b.example", "c@d.example"]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("de", "030 12345678", "+493012345678"),
        ("en", "+1 415 555 2671", "+14155552671"),
        ("en", "my number is (415) 555-2671", "+14155552671"),
        ("zh", "13800138000", "+8613800138000"),
        ("pl", "512 345 678", "+48512345678"),
    ],
)
def test_a_telephone_number_is_read(language: str, text: str, value: str) -> None:
    assert read(PHONE, text, language).value == value


def test_the_region_of_a_slot_goes_first() -> None:
    slot = SlotSpec("phone", "phone", region="CH")
    assert read(slot, "044 668 18 00", "de").value == "+41446681800"
    assert read(PHONE, "12345").refused == "not_a_phone_number"
    assert read(PHONE, "call me").refused == ""


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Phyllis Selzer", "Phyllis", "Selzer"),
        ("I am called Arla Posis", "Arla", "Posis"),
        ("First name Carry, last name Jocoy", "Carry", "Jocoy"),
        ("Dulcie, Petsch", "Dulcie", "Petsch"),
        ("it is booked under the name Les Oullette, I would like to cancel", "Les", "Oullette"),
        ("Mark Smith", "Mark", "Smith"),
        ("Amy, surname Wong", "Amy", "Wong"),
        ("anna maria garcia lopez", "Anna", "Maria Garcia Lopez"),
        ("Jean-Luc Picard", "Jean-Luc", "Picard"),
        ("Paul O'Connor", "Paul", "O'Connor"),
        ("van der Berg", None, "van der Berg"),
        ("Mr. Brown", None, "Brown"),
        ("surname is Wong", None, "Wong"),
        ("Golombecki", "Golombecki", "Golombecki"),
        ("That's not right", None, None),
        ("No thanks", None, None),
        ("nevermind", None, None),
        ("next friday", None, None),
        ("Outside table please", None, None),
        ("can we do a party of 9 instead", None, None),
        ("why do you need my name?", None, None),
    ],
)
def test_a_name_is_read_in_parts(text: str, first: str | None, last: str | None) -> None:
    assert (read(FIRST, text).value, read(LAST, text).value) == (first, last)


def test_a_chinese_name_begins_with_the_family() -> None:
    assert read(NAME, "我叫张伟", "zh").value == "张伟"
    assert (read(FIRST, "张伟", "zh").value, read(LAST, "张伟", "zh").value) == ("伟", "张")


def test_a_name_that_was_not_asked_for_must_be_introduced() -> None:
    assert read(NAME, "where is my parcel, Anna", asked=False).value is None
    assert read(NAME, "my name is Anna Berg", asked=False).value == "Anna Berg"

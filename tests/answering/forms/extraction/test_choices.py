"""Slots of `type: choice`, `pattern` and `text`."""

from __future__ import annotations

import pytest

from bot.answering.forms.extraction import SlotSpec
from tests.answering.forms.extraction.reading import read

COLOUR = SlotSpec(
    "colour",
    "choice",
    choices={"blue": ("blue", "navy"), "black": ("black", "schwarz"), "dark_blue": ("dark blue",)},
)
SIZE = SlotSpec("size", "choice", choices={"s": ("S", "small"), "xl": ("XL",)})
ORDER = SlotSpec("order", "pattern", pattern=r"\b\d{5}\b")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the navy one please", "blue"),
        ("balck", "black"),
        ("Dark-Blue", "dark_blue"),
        ("the second one", "black"),
        ("3", "dark_blue"),
        ("not the blue one, the black one", "black"),
        ("blue, no, black", "black"),
        ("neither", None),
        ("what is the weather like", None),
        ("I bought it last year", None),
        ("the first time I called nobody answered", None),
        ("back", None),
    ],
)
def test_a_choice_is_named_by_its_words_or_its_place(text: str, value: str | None) -> None:
    assert read(COLOUR, text).value == value


def test_between_two_choices_the_customer_decides() -> None:
    reading = read(COLOUR, "blue or black?")
    assert reading.value is None
    assert [each.value for each in reading.candidates] == ["blue", "black"]
    assert [each.value for each in read(COLOUR, "not blue").candidates] == ["black", "dark_blue"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("41 grey", ["grey41"]),
        ("the grey one, size 41 please", ["grey41"]),
        ("grey", ["grey38", "grey41"]),
        ("brown 38 or grey 41", ["brown38", "grey41"]),
    ],
)
def test_the_choice_of_which_all_is_said_is_meant(text: str, values: list[str]) -> None:
    variants = {
        f"{color}{size}": (color, size) for color in ("brown", "grey") for size in ("38", "41")
    }
    variants.pop("brown41")
    reading = read(SlotSpec("to", "choice", choices=variants), text)
    found = [each.value for each in reading.candidates] or [reading.value]
    assert sorted(map(str, found)) == values


def test_a_slot_of_many_takes_several_choices() -> None:
    many = SlotSpec("colours", "choice", choices=COLOUR.choices, many=True)
    assert read(many, "blue and black").value == ["blue", "black"]
    assert read(many, "all of them").value == ["blue", "black", "dark_blue"]


def test_what_was_not_asked_for_must_be_spelt_out() -> None:
    assert read(SIZE, "it's a small thing", asked=False).value == "s"
    assert read(SIZE, "s", asked=False).value is None
    assert read(COLOUR, "balck", asked=False).value is None
    assert read(COLOUR, "the second one", asked=False).value is None


@pytest.mark.parametrize(
    ("text", "value", "whole"),
    [
        ("48213", "48213", True),
        ("it is 48 213, thanks", "48213", True),
        ("48213 but I lost the invoice", "48213", False),
        ("12345, no wait, 54321", "54321", True),
        ("48213?", "48213", False),
        ("1234", None, False),
    ],
)
def test_a_pattern_finds_its_value(text: str, value: str | None, whole: bool) -> None:
    reading = read(ORDER, text)
    assert (reading.value, reading.whole) == (value, whole)


def test_two_numbers_are_two_candidates() -> None:
    assert [each.value for each in read(ORDER, "12345 or 54321").candidates] == ["12345", "54321"]


def test_a_text_is_taken_as_it_is_when_it_was_asked_for() -> None:
    note = SlotSpec("note", longest=20)
    assert read(note, "  the zip\nis broken ").value == "the zip is broken"
    assert read(note, "the zip is broken", asked=False).value is None
    assert read(note, "the zip of the jacket is broken").refused == "too_long"
    assert read(note, "?!").value is None


SIZES = SlotSpec(
    "size", "choice", choices={each: (each,) for each in ("XS", "S", "M", "L", "XL", "XXL")}
)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "3 of them? no, 2xl", "XXL"),
        ("en", "a double XL then", "XXL"),
        ("nl", "dubbel XL graag", "XXL"),
        ("en", "my M is tight, so one size up", "L"),
        ("de", "eine Nummer kleiner als L", "M"),
        ("fr", "une taille au-dessus du S", "M"),
        ("en", "the S was a sack, XS", "XS"),
    ],
)
def test_a_size_is_also_said_by_another_one(language: str, text: str, value: str) -> None:
    assert read(SIZES, text, language).value == value


def test_there_is_nothing_above_the_largest_size_and_no_colour_above_another() -> None:
    assert read(SIZES, "XXL, one up").value == "XXL"
    assert read(COLOUR, "navy, one up").value == "blue"


def test_a_misspelt_phrase_is_longer_than_a_word_in_it() -> None:
    sizes = SlotSpec("size", "choice", choices={"XS": ("extra small",), "S": ("small",)})
    assert read(sizes, "xtra small").value == "XS"


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "it was 50927 not 48213", "50927"),
        ("en", "48213 no wait 50927", "50927"),
        ("nl", "vierenvijftig een nul zeven", "54107"),
        ("en", "double five two oh nine", "55209"),
        ("de", "doppel fünf zwei null neun", "55209"),
    ],
)
def test_a_number_that_is_denied_or_spelt_out(language: str, text: str, value: str) -> None:
    assert read(ORDER, text, language).value == value

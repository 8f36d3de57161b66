"""Slots of `type: address`: cut out of what is said around them."""

from __future__ import annotations

import pytest

from bot.answering.forms.extraction import NOTHING, SlotSpec
from tests.answering.forms.extraction.reading import read

PLACE = SlotSpec("place", "address")


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "5 Rowan Close, Whitby YO21 3AB", "5 Rowan Close, Whitby YO21 3AB"),
        ("en", "please bring it to 5 Rowan Close, Whitby, thanks", "5 Rowan Close, Whitby"),
        ("en", "Flat 2, 31 Dene Road, Leeds. nobody is in before four", None),
        ("de", "wir wohnen jetzt Ahornweg 9, 24103 Kiel, bitte laut klopfen", None),
        ("fr", "chez mon père, 8 rue des Acacias, 35000 Rennes", "8 rue des Acacias, 35000 Rennes"),
        ("es", "Calle Roble 3, 1º A, 28004 Madrid, gracias", "Calle Roble 3, 1º A, 28004 Madrid"),
        ("nl", "graag naar Beukenlaan 15, 3702 AA Zeist", "Beukenlaan 15, 3702 AA Zeist"),
        ("zh", "送到杭州市西湖区文三路90号", "杭州市西湖区文三路90号"),
    ],
)
def test_an_address_is_cut_out_of_a_sentence(language: str, text: str, value: str | None) -> None:
    expected = (
        value
        or {
            "en": "Flat 2, 31 Dene Road, Leeds",
            "de": "Ahornweg 9, 24103 Kiel",
        }[language]
    )
    assert read(PLACE, text, language).value == expected


@pytest.mark.parametrize(
    "text", ["I would like to talk to somebody", "why do you want to know where I live"]
)
def test_a_sentence_without_an_address_is_none(text: str) -> None:
    assert read(PLACE, text, "en") == NOTHING


def test_what_has_a_number_is_taken_whole_where_no_address_is_found() -> None:
    said = "unit 12 at the back of the old gasworks"
    assert read(PLACE, said, "en").value is not None


def test_an_address_in_a_language_that_was_not_learned_is_taken_whole() -> None:
    said = "Москва, улица Ленина 5"
    assert read(PLACE, said, "ru").value == said


def test_an_address_is_not_taken_unasked_and_not_when_it_is_too_long() -> None:
    said = "5 Rowan Close, Whitby YO21 3AB"
    assert read(PLACE, said, "en", asked=False) == NOTHING
    short = SlotSpec("place", "address", longest=10)
    assert read(short, said, "en").refused == "too_long"

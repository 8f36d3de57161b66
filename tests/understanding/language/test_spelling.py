"""The spelling of messages is corrected to score them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.word_lists import WordList, word_list
from bot.understanding.language.desk_words import DeskWords, desk_words
from bot.understanding.language.edits import likelihood, neighbours
from bot.understanding.language.spelling import MOST_WORDS, SpellingCorrector

DESK = [
    ("en", "Where is my order? I want to return the Skarvik jacket."),
    ("en", "What is the delivery time? I forgot my password. Pay with Klarna."),
    ("en", "exchange an item, order status, delivery costs, return an order"),
    ("de", "Wo ist meine Bestellung? Ich möchte umtauschen."),
]
CORRECTOR = SpellingCorrector(desk_words(DESK))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("i want to retrun", "i want to return"),
        ("exchnage", "exchange"),
        ("delivry time", "delivery time"),
        ("wehre is my ordr", "where is my order"),
        ("my pasword doesnt work", "my password doesn't work"),
        ("skarvick jaket", "skarvik jacket"),
        ("RETRUN please", "return please"),
    ],
)
def test_misspelled_words_become_those_of_the_desk(written: str, meant: str) -> None:
    assert CORRECTOR.correct(written, "en").text == meant


def test_the_words_that_were_put_in_are_named() -> None:
    assert CORRECTOR.correct("retrun my ordr", "en").words == ("return", "order")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("what is the delivrytime", "what is the delivery time"), ("my pass word", "my password")],
)
def test_words_without_their_space_and_with_one_too_many(written: str, meant: str) -> None:
    assert CORRECTOR.correct(written, "en").text == meant


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        ("de", "meine Bestelung geleifert", "meine bestellung geliefert"),
        ("fr", "la livrasion", "la livraison"),
        ("es", "todabia", "todavía"),
        ("tr", "siparis degisim", "sipariş değişim"),
        ("pt-BR", "devolucao", "devolução"),
    ],
)
def test_every_language_with_a_list_is_corrected(language: str, written: str, meant: str) -> None:
    assert CORRECTOR.correct(written, language).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "where is my order",
        "code XQ-88z1 for ordr48213",
        "write to retrun@exmaple.org",
        "see https://exmaple.org/retrun",
        "does iDEALL work",
        "ordr " * (MOST_WORDS + 1),
        "我的订单到哪了",
        "",
    ],
)
def test_known_words_codes_addresses_and_long_texts_are_left_alone(text: str) -> None:
    assert CORRECTOR.correct(text, "en").text == text


def test_a_language_without_words_is_left_alone() -> None:
    assert CORRECTOR.correct("retrun", "xx").text == "retrun"


def test_names_of_the_desk_are_known_in_every_language() -> None:
    assert CORRECTOR.correct("Skarvik umtauschen", "de").words == ()


def test_a_rare_misspelling_in_an_example_is_no_word_of_the_desk() -> None:
    texts = ["return an order"] * 8 + ["retrun an order"]

    assert "retrun" not in DeskWords(texts, word_list("en"))
    assert "retrun" in DeskWords(texts)


def test_letters_in_the_wrong_order_are_likelier_than_another_letter() -> None:
    assert likelihood("retrun", "return") > likelihood("retuxn", "return")
    assert likelihood("order", "order") == 0


def test_neighbours_are_one_slip_away() -> None:
    found = neighbours("ordr")

    assert {"order", "odr", "rodr", "orxr"} <= set(found)
    assert "ordr" not in found


def test_the_most_frequent_spelling_of_a_word_without_accents_is_taken() -> None:
    words = WordList([("où", -2.0), ("ou", -2.5), ("commande", -4.0)])

    assert words.among(["ou", "comande"]) == [("où", -2.0)]
    assert words.frequency("Où") == words.frequency("ou")
    assert WordList([]).frequency("ou") is None


def test_a_language_without_a_list_has_none() -> None:
    assert word_list("xx") is None


@given(st.text(st.characters(), max_size=80), st.sampled_from(["en", "de", "zh", "tr"]))
def test_any_text_can_be_corrected_and_a_corrected_one_stays(text: str, language: str) -> None:
    found = CORRECTOR.correct(text, language)

    assert bool(found.words) or found.text == text


@given(st.text("abcdefgh", min_size=4, max_size=12))
def test_a_word_of_the_desk_is_never_corrected(word: str) -> None:
    corrector = SpellingCorrector({"xx": DeskWords([word])})

    assert corrector.correct(word, "xx").text == word

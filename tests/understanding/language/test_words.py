"""Words of short texts, and which misspelt word stands for which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.language.words import (
    Vocabulary,
    folded_words,
    is_misspelling,
    same_word,
    similar_word,
)


def nothing(_word: str) -> bool:
    return False


def everything(_word: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("secnd", "second"), ("teh", "the"), ("neihter", "neither"), ("yesss", "yes")],
)
def test_an_ordinary_slip_is_the_word_that_was_meant(typed: str, meant: str) -> None:
    assert same_word(typed, meant, nothing)


@pytest.mark.parametrize(
    ("typed", "meant"), [("to", "no"), ("hat", "the"), ("lost", "first"), ("二", "三"), ("", "no")]
)
def test_another_word_is_no_slip(typed: str, meant: str) -> None:
    assert not same_word(typed, meant, nothing)


def test_a_word_that_exists_is_no_misspelling() -> None:
    assert not same_word("nien", "nein", everything)
    assert Vocabulary(["nein"]).meant("nien", everything) == {}
    assert Vocabulary(["nein"]).meant("nien", nothing) == {"nein": 1}


def test_forms_of_a_word_are_similar() -> None:
    assert similar_word("countries", "country", everything)
    assert not similar_word("care", "card", everything)


@given(st.text(max_size=60))
def test_folding_again_changes_nothing(text: str) -> None:
    once = folded_words(text)
    assert folded_words(" ".join(once)) == once


@given(st.text(min_size=1, max_size=20))
def test_no_word_is_too_odd_to_be_compared(word: str) -> None:
    assert same_word(word, word, nothing)
    is_misspelling(word, "second")
    Vocabulary(["second", "no"]).meant(word, nothing)

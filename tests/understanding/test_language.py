"""Which language a message is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.language import LanguageDetector

DETECTOR = LanguageDetector(["en", "zh-CN", "de"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order?", "en"),
        ("Wo ist meine Bestellung geblieben?", "de"),
        ("我的订单到哪了", "zh-CN"),
        ("订单 48213 status", "zh-CN"),
    ],
)
def test_a_language_of_the_desk_is_recognised(text: str, language: str) -> None:
    assert DETECTOR.detect(text, prior="en") == language


def test_a_text_without_words_keeps_the_prior() -> None:
    assert DETECTOR.detect("48213", prior="de") == "de"


def test_a_desk_of_one_language_does_not_guess() -> None:
    assert LanguageDetector(["en"]).detect("Wo ist meine Bestellung?", prior="en") == "en"


@given(st.text(st.characters()))
def test_any_text_gets_a_language_of_the_desk(text: str) -> None:
    assert DETECTOR.detect(text, prior="en") in {"en", "zh-CN", "de"}

"""Which language a message is in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.language.detector import LanguageDetector
from bot.understanding.language.tags import canonical

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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Missä tilaukseni on? Haluan rahani takaisin", "fi"),
        ("注文した商品がまだ届きません", "ja"),
        ("내 주문은 어디에 있나요?", "ko"),
        ("Где мой заказ?", "ru"),
        ("أين طلبي؟", "ar"),
        ("מתי תגיע ההזמנה שלי", "he"),
    ],
)
def test_other_languages_are_not_taken_for_english(text: str, language: str) -> None:
    found = DETECTOR.detect(text, prior="en")

    assert found != "en"
    assert found == language or language == "fi"  # related languages pass for each other


@pytest.mark.parametrize("text", ["where is my order?", "my card was declined"])
def test_english_is_recognised_in_another_conversation(text: str) -> None:
    detector = LanguageDetector(["en", "de"], familiar=lambda _: 1.0)

    assert detector.detect(text, prior="de") == "en"


@pytest.mark.parametrize("text", ["passcode retrieval", "Is it orthopaedic", "pincode check"])
def test_what_looks_foreign_is_english_when_its_words_are_known(text: str) -> None:
    known = LanguageDetector(["en"], familiar=lambda _: 1.0)
    unknown = LanguageDetector(["en"], familiar=lambda _: 0.0)

    assert known.detect(text, prior="en-GB") == "en-GB"
    assert unknown.detect(text, prior="en-GB") != "en-GB"


@pytest.mark.parametrize("prior", ["en", "fr", "zh-CN"])
@pytest.mark.parametrize("text", ["thx", "OK", "no", "👍", ""])
def test_short_words_keep_the_language_of_the_conversation(text: str, prior: str) -> None:
    assert DETECTOR.detect(text, prior=prior) == prior


def test_a_foreign_word_in_an_english_sentence_changes_nothing() -> None:
    assert DETECTOR.detect("what does 谢谢 mean in English", prior="en") == "en"


@settings(deadline=None)  # the models of a script are loaded with its first text
@given(st.text(st.characters()))
def test_any_text_gets_a_language(text: str) -> None:
    assert canonical(DETECTOR.detect(text, prior="en"))

"""Which reading of a message is classified, and what the customer is told about the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.config.schema import LanguageConfig, ResponderConfig
from bot.conversations.transcript import Conversation, TranscriptEntry
from bot.introduction import Introduction
from bot.messages import Author, Message, Received, Say, ScoredIntent
from bot.ports import Prediction
from bot.ports.understanding import MIXED
from bot.responder import Turn
from bot.stages.understand import Classify
from bot.understanding.language.desk_words import desk_words
from bot.understanding.language.spelling import SpellingCorrector

NOW = datetime(2026, 11, 28, tzinfo=UTC)
SERVED = ServedLanguages(LanguageConfig(default="en", served=("en", "de")))
WORDING = BotWording(ResponderConfig(), "en", SERVED)
NOTICE = WORDING.say("not_served", "sv")
SPELLING = SpellingCorrector(desk_words([("en", "return my order, where is my order")]))


class Scripted:
    """A classifier and a detector with fixed results."""

    def __init__(
        self, confidences: dict[tuple[str, str], float], languages: Sequence[str] = ("en",)
    ) -> None:
        self.confidences = confidences
        self.languages = languages
        self.asked: list[tuple[str, str | None]] = []

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        self.asked.append((text, language))
        confidence = self.confidences.get((text, language or ""), 0.1)
        return Prediction((ScoredIntent(text, confidence),), 0.6, 0.4, "", "")

    def detect(self, text: str, *, prior: str) -> str:
        return self.languages[0]

    def candidates(self, text: str, *, prior: str) -> Sequence[str]:
        return self.languages


def turn(text: str, *said: str) -> Turn:
    message = Message("a:b:c:1", "a:b:c", Author("a:u"), text, NOW)
    turns = tuple(TranscriptEntry("bot", each, NOW, False) for each in said)
    return Turn(Received(message), Conversation("a:b:c", turns), text, "en")


async def classified(scripted: Scripted, before: Turn) -> Turn:
    stage = Classify(scripted, scripted, WORDING, SPELLING, SERVED.serves)
    turns = [part async for part in stage.handle(before) if isinstance(part, Turn)]
    return turns[-1]


def first(after: Turn) -> str:
    assert after.prediction is not None
    return after.prediction.intents[0].name


async def test_the_surer_of_both_readings_counts_and_the_text_stays_the_customers() -> None:
    scripted = Scripted({("return my order", "en"): 0.9})

    after = await classified(scripted, turn("retrun my ordr"))

    assert first(after) == "return my order"
    assert after.text == after.message.text == "retrun my ordr"
    assert after.scored == "return my order"
    assert after.reasons == ("also read with its spelling corrected: return, order",)


async def test_the_text_as_written_counts_where_it_is_surer() -> None:
    scripted = Scripted({("retrun my order", "en"): 0.9})

    assert first(await classified(scripted, turn("retrun my order"))) == "retrun my order"


async def test_known_words_are_classified_once() -> None:
    scripted = Scripted({})

    after = await classified(scripted, turn("return my order"))

    assert scripted.asked == [("return my order", "en")]
    assert after.reasons == ()


async def test_an_unsure_language_is_the_one_in_which_the_message_is_understood() -> None:
    understood = Scripted({("x", "de"): 0.9, ("x", "en"): 0.3}, ("en", "de"))
    both = Scripted({("x", "de"): 0.9, ("x", "en"): 0.8}, ("en", "de"))
    unclear = Scripted({("x", "de"): 0.5, ("x", "en"): 0.3}, ("en", "de"))

    assert (await classified(understood, turn("x"))).language == "de"
    assert (await classified(both, turn("x"))).language == "en"
    assert (await classified(unclear, turn("x"))).language == "en"


async def test_a_mixture_is_understood_and_answered_in_the_language_of_the_conversation() -> None:
    mixture = Scripted({("mera order", MIXED): 0.9}, ("en", MIXED))

    after = await classified(mixture, turn("mera order"))

    assert after.language == "en"
    assert after.prediction is not None
    assert after.prediction.intents[0].confidence == 0.9


async def test_a_customer_is_told_once_that_their_language_is_not_served() -> None:
    scripted = Scripted({}, ("sv",))

    told = await classified(scripted, turn("var är mitt paket"))
    again = await classified(scripted, turn("var är mitt paket", f"Hi! {NOTICE}\n\nHm."))

    assert told.notice == NOTICE
    assert again.notice == ""
    assert "sv is not served: answered in the default language" in again.reasons


async def test_a_customer_whose_language_is_served_is_told_nothing() -> None:
    assert (await classified(Scripted({}, ("de",)), turn("wo ist es"))).notice == ""


def test_the_notice_stands_before_the_reply_once() -> None:
    introduction = Introduction(WORDING, needed=False)

    parts = [*introduction.around(Say("a"), "sv", notice=NOTICE)]
    parts += introduction.around(Say("b"), "sv", notice=NOTICE)

    assert parts == [Say(f"{NOTICE}\n\n"), Say("a"), Say("b")]
    assert replace(turn("x"), notice=NOTICE).notice == NOTICE

"""A frustrated customer gets another tone and the offer of a person; sarcasm is not thanked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.conversations.transcript import EarlierDecision
from bot.messages import Button, Decision, DecisionKind, Done, Offer, Part, Say, ScoredIntent
from bot.ports import Answer, EventOutcome, Prediction
from bot.responder import Responder, Turn
from bot.sentiment import Sentiment
from bot.stages.feelings import AnswerFrustrated, ReadFeelings, is_frustrated
from bot.storage import Database, StoredButtons, StoredTranscripts
from bot.storage.tables import decisions
from bot.storage.transcripts import record
from bot.understanding.language.detector import LanguageDetector
from tests.delivery.support import MovableClock, received

ANGRY, CALM = Sentiment(0.9, 0.02), Sentiment(0.1, 0.1)
SCRIPT = {
    "STILL NO PARCEL": ANGRY,
    "Great, third broken zipper this year": ANGRY,
    "this jacket is sick": Sentiment(0.05, 0.9),
}
PHRASE = "I'm sorry that this is so annoying."


class Understanding:
    """Reads feelings by heart, and takes everything for thanks, or else for an order."""

    async def sentiments(self, texts: Sequence[str], *, language: str) -> list[Sentiment]:
        return [SCRIPT.get(text, CALM) for text in texts]

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        return Answer(
            "You are welcome!" if intent == "thanks" else "Soon.", small_talk=intent == "thanks"
        )

    def why_not(self, intent: str) -> str:
        return ""

    def title(self, intent: str, *, language: str) -> str:
        return intent

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        ranked = (ScoredIntent("thanks", 0.8), ScoredIntent("order", 0.15))
        yield replace(turn, prediction=Prediction(ranked, 0.5, 0.1, "v", "h"))


class Asking:
    """Repeats the question of a form, with the ways out of it."""

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        yield replace(turn, offers=(Button("person", "Ask a person"), Button("stop", "Stop")))


class Replying:
    """Replies as the likeliest intent does, perhaps with a button."""

    def __init__(self, understanding: Understanding, kind: DecisionKind, *, offers: bool) -> None:
        self._understanding, self._kind, self._offers = understanding, kind, offers

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        assert turn.prediction is not None
        best = turn.prediction.intents[0].name
        answer = self._understanding.answer(best, language="en", platform="test", seed="")
        yield Say(answer.markdown if answer else "")
        if self._offers:
            yield Offer((Button("own", "Own"),))
        yield turn.decide(self._kind, best)


class Desk:
    """A responder over a database that records what it decides."""

    def __init__(
        self,
        database: Database,
        *,
        kind: DecisionKind = DecisionKind.INTENT,
        offers: bool = False,
        asking: bool = False,
    ) -> None:
        self.database, clock = database, MovableClock()
        known, wording = Understanding(), BotWording(ResponderConfig(introduction=False), "en")
        self.buttons = StoredButtons(database, clock)
        self.responder = Responder(
            [
                ReadFeelings(known, LanguageDetector({"en", "de"})),
                known,
                *([Asking()] if asking else []),
                AnswerFrustrated(known, self.buttons, wording),
                Replying(known, kind, offers=offers),
            ],
            transcripts=StoredTranscripts(database),
            wording=wording,
            clock=clock,
            default_language="en",
        )

    async def say(self, text: str, number: int = 1) -> tuple[str, list[str], Decision]:
        event = received(number, text=text)
        parts = [part async for part in self.responder.respond(event)]
        said = "".join(part.markdown for part in parts if isinstance(part, Say))
        labels = [each.label for part in parts if isinstance(part, Offer) for each in part.buttons]
        last = parts[-1]
        assert isinstance(last, Done)
        outcome = EventOutcome(last.decision, said)
        await self.database.write(
            partial(record, answered=[(event, outcome)], at=event.message.sent_at)
        )
        return said, labels, last.decision


async def test_a_frustrated_customer_gets_another_tone_and_the_offer_of_a_person(
    database: Database,
) -> None:
    said, labels, decision = await Desk(database).say("STILL NO PARCEL")
    assert said.startswith(PHRASE)
    assert labels == ["Talk to a person"]
    assert decision.sentiment == ANGRY
    assert "the customer is frustrated, at 0.90" in decision.reasons


async def test_the_button_brings_a_person(database: Database) -> None:
    desk = Desk(database)
    event = received(1, text="STILL NO PARCEL")
    parts = [part async for part in desk.responder.respond(event)]
    (offer,) = (part for part in parts if isinstance(part, Offer))
    choice = await desk.buttons.choice(offer.buttons[0].id)
    assert choice is not None
    assert (choice.kind, choice.question) == ("handoff", "STILL NO PARCEL")


async def test_sarcasm_is_not_thanked_for(database: Database) -> None:
    said, _, decision = await Desk(database).say("Great, third broken zipper this year")
    assert "welcome" not in said
    assert decision.intents == (ScoredIntent("order", 0.15),)


@pytest.mark.parametrize("text", ["this jacket is sick", "where is it"])
async def test_others_are_answered_as_ever(database: Database, text: str) -> None:
    said, labels, decision = await Desk(database).say(text)
    assert (said, labels) == ("You are welcome!", [])
    assert decision.sentiment == SCRIPT.get(text, CALM)


async def test_the_ways_out_of_a_form_stay(database: Database) -> None:
    _, labels, _ = await Desk(database, asking=True).say("STILL NO PARCEL")
    assert labels == ["Ask a person", "Stop"]


async def test_the_button_stands_beside_those_of_the_reply(database: Database) -> None:
    _, labels, _ = await Desk(database, offers=True).say("STILL NO PARCEL")
    assert labels == ["Own", "Talk to a person"]


async def test_who_is_handed_over_is_not_asked_again(database: Database) -> None:
    _, labels, _ = await Desk(database, kind=DecisionKind.HANDOFF).say("STILL NO PARCEL")
    assert labels == []


async def test_the_phrase_is_not_said_twice_in_a_row(database: Database) -> None:
    desk = Desk(database)
    await desk.say("STILL NO PARCEL")
    said, labels, _ = await desk.say("STILL NO PARCEL", 2)
    assert PHRASE not in said
    assert labels == ["Talk to a person"]


async def test_the_feeling_is_stored_with_the_decision_and_remembered(database: Database) -> None:
    desk = Desk(database)
    _, _, decision = await desk.say("STILL NO PARCEL")
    async with database.read() as connection:
        stored = await connection.scalar(select(decisions.c.sentiment))
    assert stored == {"frustrated": 0.9, "pleased": 0.02}
    author = received(1).message.author
    known = await StoredTranscripts(database).conversation("test:app:one", author)
    assert [each.sentiment for each in known.decisions] == [decision.sentiment]


@pytest.mark.parametrize(
    ("sentiment", "earlier", "frustrated"),
    [
        (Sentiment(0.45, 0.05), [0.9, 0.9], True),
        (Sentiment(0.45, 0.05), [0.1, 0.2], False),
        (Sentiment(0.45, 0.05), [], False),
        (Sentiment(0.45, 0.05), [0.9, 0.1, 0.1], False),
        (Sentiment(0.2, 0.05), [0.9, 0.9], False),
        (Sentiment(0.1, 0.8), [1.0, 1.0], False),
        (Sentiment(0.6, 0.1), [0.0, 0.0], True),
    ],
)
def test_the_trend_of_the_conversation_counts(
    sentiment: Sentiment, earlier: list[float], frustrated: bool
) -> None:
    before = tuple(
        EarlierDecision("", "intent", sentiment=Sentiment(each, 0.0)) for each in earlier
    )
    assert is_frustrated(sentiment, before) is frustrated

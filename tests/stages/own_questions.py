"""A desk with scripted understanding, whose customers answer the bot's own questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.messages import (
    Author,
    Decision,
    DecisionKind,
    Done,
    Event,
    Message,
    Offer,
    Pressed,
    Received,
    Say,
    ScoredIntent,
)
from bot.ports import Answer, EventOutcome, Prediction
from bot.responder import Responder, Stage
from bot.staff.handoffs import NoStaff
from bot.stages.bare_number import BareNumber
from bot.stages.button_words import ButtonWords
from bot.stages.clarify import Disambiguate
from bot.stages.intent_reply import AnswerIntent, ButtonPress, IntentReply
from bot.stages.offer_reply import OfferReply
from bot.stages.quote import AdmitUnknown
from bot.stages.small_things import SmallThings
from bot.stages.spoken import SpokenLanguage
from bot.stages.understand import Classify
from bot.storage import Database, StoredButtons, StoredTranscripts
from bot.storage.last_answers import StoredLastAnswers
from bot.storage.transcripts import record
from bot.understanding.language.detector import LanguageDetector

ANN = "test:w:ann"

REPLIES: Mapping[str, Answer] = {
    "cancel_order": Answer("Cancelled like this."),
    "change_order": Answer("Changed like this.", suggestions=("refund_status",)),
    "refund_status": Answer("Your money comes."),
    "shipping_time": Answer("Two days.", suggestions=("change_order", "refund_status")),
    "thanks": Answer("You are welcome.", small_talk=True),
    "person": Answer("A colleague.", handoff=True),
    "track_order": Answer("", form=True),
}
TITLES = {
    "cancel_order": "Cancel my order",
    "change_order": "Change the order",
    "refund_status": "Where is my refund?",
    "shipping_time": "Delivery times",
    "track_order": "Track my order",
}
SCRIPT: Mapping[str, Mapping[str, float]] = {
    "my order": {"cancel_order": 0.5, "change_order": 0.4},
    "about my order": {"thanks": 0.5, "cancel_order": 0.4},
    "how long": {"shipping_time": 0.9},
    "how to change it": {"change_order": 0.9},
    "thank you": {"thanks": 0.9},
    "call it off": {"cancel_order": 0.4},
    "when does it come": {"shipping_time": 0.9},
    "cancel 48213": {"cancel_order": 0.9},
    "someone to talk to": {"person": 0.5, "cancel_order": 0.45},
    "ok": {"thanks": 0.5},
    "fine": {"thanks": 0.9},
}


@dataclass
class Scripted:
    """Gives each text the confidences that the script has for it."""

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        ranked = sorted(SCRIPT.get(text, {}).items(), key=lambda item: -item[1])
        return Prediction(
            tuple(ScoredIntent(*item) for item in ranked), 0.6, 0.3, "model", "intents"
        )

    def similarities(self, text: str, others: Sequence[str], *, language: str) -> list[float]:
        return [
            0.7 if (text, other) == ("my money", TITLES["refund_status"]) else 0.1
            for other in others
        ]


class Taught:
    """Replies and titles; one example is taught."""

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        return REPLIES.get(intent)

    def why_not(self, intent: str) -> str:
        return f"{intent} is a draft"

    def title(self, intent: str, *, language: str) -> str:
        return TITLES.get(intent, intent)

    def topics(self, language: str) -> Sequence[str]:
        return list(TITLES.values())

    def is_taught(self, text: str) -> bool:
        return text == "fine"


@dataclass(frozen=True)
class Heard:
    """A reply."""

    text: str
    buttons: Mapping[str, str]
    decision: Decision

    @property
    def kind(self) -> DecisionKind:
        return self.decision.kind

    @property
    def intents(self) -> list[str]:
        """The likeliest intent of each part."""
        return [each.name for part in self.decision.parts for each in part.intents[:1]]


@dataclass
class Desk:
    """The responder and its database; every message is recorded, as the inbox does."""

    database: Database
    said: int = field(default=0)
    subjects: tuple[str, ...] = ()

    def taking(self, text: str, language: str) -> Sequence[str]:
        """Return the intents whose form takes a number."""
        return self.subjects

    def responder(self) -> Responder:
        clock = SystemClock()
        wording = BotWording(ResponderConfig(introduction=False, contact="me@x"), "en")
        buttons = StoredButtons(self.database, clock)
        last = StoredLastAnswers(self.database, clock)
        model, answers = Scripted(), Taught()
        languages = LanguageDetector(["en", "de"], lambda text: float(text.isascii()))
        replies = IntentReply(answers, buttons, NoStaff(), wording)
        spoken = SpokenLanguage(languages)
        words = ButtonWords(model, languages, model, _known)
        own: list[Stage] = [
            BareNumber(last, model, answers, buttons, replies, wording, _known, self.taking),
            OfferReply(last, buttons, words, answers, model, wording, spoken, _known),
            SmallThings(answers, wording, spoken, _known),
        ]
        return Responder(
            [
                *own,
                ButtonPress(buttons, replies, wording),
                Classify(model, languages, wording),
                AnswerIntent(replies),
                Disambiguate(answers, buttons, wording),
                AdmitUnknown(wording),
            ],
            transcripts=StoredTranscripts(self.database),
            wording=wording,
            clock=clock,
            default_language="en",
        )

    async def say(self, text: str, author: str = ANN, where: str = "test:app:c") -> Heard:
        return await self._respond(Received(self._message(text, author, where)))

    async def press(self, button: str, author: str = ANN, where: str = "test:app:c") -> Heard:
        return await self._respond(Pressed(self._message("", author, where), button))

    def _message(self, text: str, author: str, where: str) -> Message:
        self.said += 1
        return Message(f"{where}:{self.said}", where, Author(author), text, datetime.now(UTC))

    async def _respond(self, event: Event) -> Heard:
        parts = [part async for part in self.responder().respond(event)]
        text = "".join(part.markdown for part in parts if isinstance(part, Say))
        offers = [part for part in parts if isinstance(part, Offer)]
        buttons = {button.label: button.id for offer in offers for button in offer.buttons}
        (decision,) = (part.decision for part in parts if isinstance(part, Done))
        outcome = EventOutcome(replace(decision), text)
        await self.database.write(lambda it: record(it, [(event, outcome)], datetime.now(UTC)))
        return Heard(text, buttons, decision)


def _known(word: str) -> bool:
    return word in {"when", "does", "come", "lost", "order", "change"}

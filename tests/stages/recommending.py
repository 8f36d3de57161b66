"""A desk that recommends from the small shop, over a database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.index import ProductIndex
from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.conversations.transcript import Conversation, EarlierDecision
from bot.messages import (
    Author,
    Button,
    Card,
    Choice,
    Decision,
    Done,
    Message,
    Offer,
    Part,
    Pressed,
    Readers,
    Received,
    Say,
    ScoredIntent,
)
from bot.ports import Answer, Prediction, RecommendScope
from bot.responder import Turn
from bot.stages.recommend import ProductReplies, Recommend
from bot.stages.remembered_wishes import KnowsOrders, RememberedWishes
from bot.storage import Database, StoredButtons
from bot.storage.wishes import StoredWishes
from tests.answering.recommendations.shop import WordVectors, catalogue

ANSWERS = {
    "find_product": Answer("", recommends=RecommendScope()),
    "order_status": Answer("Look under *My orders*."),
}


@dataclass
class Shown:
    """What a customer sees."""

    text: str = ""
    cards: tuple[Card, ...] = ()
    buttons: tuple[Button, ...] = ()
    decision: Decision | None = None

    @property
    def products(self) -> list[str]:
        passages = self.decision.passages if self.decision else ()
        return [each.citation.partition("#")[2] for each in passages]

    def button(self, label: str) -> str:
        return next(each.id for each in self.buttons if label in each.label)


class SomeAnswers:
    """The replies of two intents."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        return self._answers.get(intent)

    def why_not(self, intent: str) -> str:
        return intent

    def title(self, intent: str, *, language: str) -> str:
        return intent


@dataclass
class Counter:
    """A customer at the counter of the shop.

    Attributes:
        alone: Nobody else reads the answers.
        conversation: Where they write.
    """

    database: Database
    of: Catalogue = field(default_factory=catalogue)
    across: bool = False
    past: KnowsOrders | None = None
    alone: bool = True
    conversation: str = "chat:A:C"
    language: str = "en"
    asked: int = 0
    decisions: tuple[EarlierDecision, ...] = ()

    def __post_init__(self) -> None:
        found = ProductIndex(self.of, lambda word: False)
        found.embed(WordVectors(), "en")
        self._index: ProductIndex | None = found
        wishes = RememberedWishes(
            StoredWishes(self.database, SystemClock()), across=self.across, past=self.past
        )
        self._buttons = StoredButtons(self.database, SystemClock())
        wording = BotWording(ResponderConfig(), "en")
        self.replies = ProductReplies(self, WordVectors(), wishes, self._buttons, wording)
        self.stage = Recommend(self.replies, SomeAnswers(ANSWERS), ["find_product"])

    async def index(self, language: str) -> ProductIndex | None:
        return self._index

    def close(self) -> None:
        """There are no products any more."""
        self._index = None

    def turn(self, text: str, *, intent: str = "", confidence: float = 0.1) -> Turn:
        self.asked += 1
        message = Message(
            id=f"{self.conversation}:{self.asked}",
            conversation=self.conversation,
            author=Author("chat:W:U"),
            text=text,
            sent_at=datetime(2026, 1, 1, tzinfo=UTC),
            readers=Readers.AUTHOR if self.alone else Readers.OTHERS,
        )
        best = (ScoredIntent(intent or "order_status", confidence),)
        prediction = Prediction(best, 0.5, 0.2, "", "")
        conversation = Conversation(self.conversation, decisions=self.decisions)
        return Turn(Received(message), conversation, text, self.language, prediction=prediction)

    async def ask(self, text: str, scope: RecommendScope | None = None) -> Shown:
        """Write something that the classifier takes for the wish for a product."""
        turn = self.turn(text, intent="find_product", confidence=0.9)
        return await self._seen(self.replies.recommend(turn, scope or RecommendScope(), "asked"))

    async def go_on(self, text: str, *, intent: str = "", confidence: float = 0.1) -> Shown | None:
        """Write something further; None: the stage passes it on."""
        turn = self.turn(text, intent=intent, confidence=confidence)
        found = await self._seen(self.stage.handle(turn))
        return found if found.decision is not None else None

    async def press(self, shown: Shown, label: str) -> Shown:
        button = shown.button(label)
        choice = await self._buttons.choice(button)
        assert isinstance(choice, Choice)
        turn = self.turn(label)
        turn = replace(turn, event=Pressed(turn.message, button), text="")
        return await self._seen(self.replies.press(turn, choice))

    async def _seen(self, parts: AsyncIterator[Part | Turn]) -> Shown:
        shown = Shown()
        async for part in parts:
            self._see(shown, part)
        if shown.decision is not None:
            decision = EarlierDecision("", str(shown.decision.kind))
            self.decisions = (*self.decisions, decision)
        return shown

    def _see(self, shown: Shown, part: Part | Turn) -> None:
        match part:
            case Say():
                shown.text += part.markdown
                shown.cards += part.cards
            case Offer(buttons):
                shown.buttons += buttons
            case Done(decision):
                shown.decision = decision

"""The bot's fallback over the shipped articles, with the guard or without."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.answering.generation.budget import Budget
from bot.answering.generation.prompt import Persona
from bot.answering.grounding import CheckOutcome, CheckResult, Evidence, Guard
from bot.answering.knowledge import (
    Encoders,
    KnowledgeIndex,
    KnowledgeRetriever,
    load_articles,
)
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.selection.nearness import Nearness
from bot.answering.selection.offer import UnitSearch
from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import BudgetConfig, GptConfig, ResponderConfig
from bot.conversations.transcript import Conversation, TranscriptEntry
from bot.messages import Author, Done, Message, Received, Say
from bot.ports import Audience, ChatModel, Passage
from bot.responder import Stage, Turn
from bot.stages.generate import GenerateAnswer
from bot.stages.quote import AdmitUnknown, QuoteArticle
from bot.stages.select import SelectAnswer
from bot.stages.select_nearest import SelectNearest
from bot.storage import open_database
from bot.storage.spend import StoredSpend
from bot.text.catalogues import cue_words
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import Encoder, load_encoder_files
from bot.understanding.encoders.source import MULTILINGUAL

ARTICLES = Path(__file__).parents[2] / "intents" / "knowledge"
CONTACT = ResponderConfig().contact
_ANN = Author("benchmark:team:ann")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the customer read.

    Attributes:
        kind: Of the decision.
        text: All of it.
        reasons: Of the decision.
        passages: What was found.
        milliseconds: Until the first words.
    """

    kind: str
    text: str
    reasons: tuple[str, ...]
    passages: tuple[Passage, ...]
    milliseconds: float = 0.0


class Unchecked:
    """No guard: everything is kept."""

    async def check(self, sentence: str, evidence: Evidence, language: str) -> CheckResult:
        """Keep a sentence."""
        del evidence, language
        return CheckResult(CheckOutcome.KEPT, sentence)


@dataclass
class Timed:
    """A guard with a stop-watch.

    Attributes:
        milliseconds: How long each sentence took.
    """

    guard: Guard
    milliseconds: list[float] = field(default_factory=list)

    async def check(self, sentence: str, evidence: Evidence, language: str) -> CheckResult:
        """Check a sentence."""
        started = time.perf_counter()
        verdict = await self.guard.check(sentence, evidence, language)
        self.milliseconds.append((time.perf_counter() - started) * 1000)
        return verdict


@dataclass(frozen=True)
class Shop:
    """The articles, indexed once."""

    encoder: Encoder
    retriever: KnowledgeRetriever
    wording: BotWording

    @classmethod
    def open(cls, articles: Path = ARTICLES) -> Shop:
        """Index articles, the shipped ones by default, with the embedded encoders."""
        encoder = load_encoder_files(exported_encoder("embedded"))
        encoders = Encoders(encoder, load_encoder_files(exported_encoder(MULTILINGUAL)))
        index = KnowledgeIndex.build(load_articles(articles, "en"), encoders)
        wording = BotWording(ResponderConfig(), "en")
        return cls(encoder, KnowledgeRetriever(index, encoders, SystemClock()), wording)


@dataclass(frozen=True)
class Desk:
    """The stages of the fallback."""

    stages: Sequence[Stage]

    def without_model(self) -> Desk:
        """Return the desk as it is without GPT."""
        return Desk(self.stages[1:])

    async def ask(self, text: str, *, language: str, after: str = "") -> Reply:
        """Return what a customer reads."""
        turns = (TranscriptEntry("customer", after, datetime.now(UTC)),) if after else ()
        message = Message("benchmark:app:c:1", "benchmark:app:c", _ANN, text, datetime.now(UTC))
        turn = Turn(Received(message), Conversation("benchmark:app:c", turns), text, language)
        said, started, first = "", time.perf_counter(), 0.0
        for stage in self.stages:
            async for part in stage.handle(turn):
                if isinstance(part, Turn):
                    turn = part
                if isinstance(part, Say):
                    first = first or (time.perf_counter() - started) * 1000
                    said += part.markdown
                if isinstance(part, Done):
                    decision = part.decision
                    found = tuple(turn.passages or ())
                    return Reply(decision.kind.value, said, decision.reasons, found, first)
        return Reply("silent", said, (), ())


@asynccontextmanager
async def open_selecting(shop: Shop, model: ChatModel) -> AsyncIterator[Desk]:
    """Put `gpt.answers: select` before a model."""
    clock = SystemClock()
    search = ArticleSearch(shop.retriever, lambda _: Audience())
    units = UnitSearch(search, Nearness(shop.retriever.encoders), cue_words("joints"))
    free = BudgetConfig(user_day=0, day=0, prompt_price=0, completion_price=0)
    with TemporaryDirectory() as folder:
        async with await open_database(f"sqlite:///{folder}/desk.db") as database:
            budget = Budget(free, GptConfig(), StoredSpend(database, clock), None, clock)
            persona = Persona("Frontdesk", CONTACT)
            selected = SelectAnswer(
                model, search, units, shop.wording, budget, None, persona=persona, by=""
            )
            yield Desk([selected, QuoteArticle(search, shop.wording), AdmitUnknown(shop.wording)])


def ranking_desk(shop: Shop) -> Desk:
    """Return a desk that shows the units nearest to a question, without any model."""
    search = ArticleSearch(shop.retriever, lambda _: Audience())
    units = UnitSearch(search, Nearness(shop.retriever.encoders), cue_words("joints"))
    ranked = SelectNearest(search, units, shop.wording)
    return Desk([ranked, QuoteArticle(search, shop.wording), AdmitUnknown(shop.wording)])


@asynccontextmanager
async def open_desk(shop: Shop, model: ChatModel, guard: Timed | Unchecked) -> AsyncIterator[Desk]:
    """Put the fallback before a model."""
    clock = SystemClock()
    library = ArticleSearch(shop.retriever, lambda _: Audience())
    free = BudgetConfig(user_day=0, day=0, prompt_price=0, completion_price=0)
    with TemporaryDirectory() as folder:
        async with await open_database(f"sqlite:///{folder}/desk.db") as database:
            ledger = StoredSpend(database, clock)
            generated = GenerateAnswer(
                model,
                library,
                guard,
                shop.wording,
                Budget(free, GptConfig(), ledger, None, clock),
                None,
                persona=Persona("Frontdesk", CONTACT),
                by="",  # nothing is kept
            )
            yield Desk([generated, QuoteArticle(library, shop.wording), AdmitUnknown(shop.wording)])

"""A gym's articles behind the stages of `gpt.answers: select`, and a real model server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.generation.budget import Budget
from bot.answering.generation.openai import build_chat_model
from bot.answering.generation.prompt import Persona
from bot.answering.knowledge import Encoders, KnowledgeIndex, KnowledgeRetriever, load_articles
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.selection.nearness import Nearness
from bot.answering.selection.offer import UnitSearch
from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import BudgetConfig, GptConfig, ResponderConfig
from bot.conversations.transcript import Conversation, TranscriptEntry
from bot.messages import Author, Cite, Done, Message, Received, Say
from bot.ports import Audience
from bot.responder import Stage, Turn
from bot.stages.quote import AdmitUnknown, QuoteArticle
from bot.stages.select import SelectAnswer
from bot.stages.select_nearest import SelectNearest
from bot.storage import Database, open_database
from bot.storage.answer_cache import StoredAnswers
from bot.storage.spend import StoredSpend
from bot.text.catalogues import cue_words
from tests.servers.openai import OpenAIServer

ARTICLES = {
    "pool.md": """---
title: Using the pool
url: https://gym.example/pool
---
The pool is at Harbour. It is 25 metres long and has four lanes.

## Hours

| Days | Open | Note |
|---|---|---|
| Monday to Friday | 6:30–21:30 | Lane 4 is for lessons |
| Saturday | 9:00–18:00 | Family swim from 14:00 |

## Rules

- A swimming cap is compulsory; reception sells them for €3.
- Fins are allowed only in lane 3.

Never dive from the side: the water is only 1.35 metres deep.
""",
    "guests.md": """---
title: Guest passes
---
Any guest needs a day pass for €15. However, Plus members bring two guests a month for free.

A guest must be at least 16 years old and show photo ID.
""",
    "parking.md": """---
title: 停车
language: zh
---
北门店会员停车免费。停车票丢失须付 15 欧元。
""",
}

Ask = Callable[..., AbstractAsyncContextManager["SelectingDesk"]]


@dataclass(frozen=True)
class Answered:
    """What a customer reads."""

    text: str
    sources: tuple[str, ...]
    kind: str
    reasons: tuple[str, ...]
    pieces: tuple[str, ...]


@dataclass
class SelectingDesk:
    """The stages, with a real server behind them."""

    stages: list[Stage]

    async def ask(self, text: str, language: str = "en", after: str = "") -> Answered:
        now = datetime.now(UTC)
        turns = (TranscriptEntry("customer", after, now),) if after else ()
        message = Message("test:app:c:1", "test:app:c", Author("test:team:ann"), text, now)
        turn = Turn(Received(message), Conversation("test:app:c", turns), text, language)
        pieces: list[str] = []
        cited: tuple[str, ...] = ()
        for stage in self.stages:
            async for part in stage.handle(turn):
                match part:
                    case Turn():
                        turn = part
                    case Say():
                        pieces.append(part.markdown)
                    case Cite():
                        cited = tuple(source.title for source in part.sources)
                    case Done():
                        decision = part.decision
                        return Answered(
                            "".join(pieces),
                            cited,
                            decision.kind.value,
                            decision.reasons,
                            tuple(pieces),
                        )
        raise AssertionError("nobody handled the turn")


@pytest.fixture(scope="session")
def retriever(encoders: Encoders, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeRetriever:
    folder = tmp_path_factory.mktemp("articles")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    index = KnowledgeIndex.build(load_articles(folder, "en"), encoders)
    return KnowledgeRetriever(index, encoders, SystemClock())


@pytest.fixture
def ranking(retriever: KnowledgeRetriever) -> SelectingDesk:
    """The stages of `chooser: ranking`, which ask no model."""
    wording = BotWording(ResponderConfig(contact="help@gym.example"), "en")
    search = ArticleSearch(retriever, lambda _: Audience())
    units = UnitSearch(search, Nearness(retriever.encoders), cue_words("joints"))
    nearest = SelectNearest(search, units, wording)
    return SelectingDesk([nearest, QuoteArticle(search, wording), AdmitUnknown(wording)])


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{tmp_path}/desk.db") as opened:
        yield opened


@pytest.fixture
def selecting(retriever: KnowledgeRetriever, database: Database) -> Ask:
    """Return what opens the stages before a model server."""

    @asynccontextmanager
    async def opened(
        server: OpenAIServer, *, cap: float = 0.0, by: str = "m, select"
    ) -> AsyncIterator[SelectingDesk]:
        clock = SystemClock()
        wording = BotWording(ResponderConfig(contact="help@gym.example"), "en")
        gpt = GptConfig(base_url=server.url, timeout=5.0)
        model = build_chat_model(gpt, {})
        assert model is not None
        budget = Budget(BudgetConfig(user_day=cap), gpt, StoredSpend(database, clock), None, clock)
        search = ArticleSearch(retriever, lambda _: Audience())
        units = UnitSearch(search, Nearness(retriever.encoders), cue_words("joints"))
        async with aclosing(model):
            select = SelectAnswer(
                model,
                search,
                units,
                wording,
                budget,
                StoredAnswers(database, clock),
                persona=Persona("Robin", "help@gym.example"),
                by=by,
            )
            yield SelectingDesk([select, QuoteArticle(search, wording), AdmitUnknown(wording)])

    return opened

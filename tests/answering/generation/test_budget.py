"""Real requests to a real server, written down in a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.generation.budget import Budget
from bot.answering.generation.factory import answering_model
from bot.answering.generation.openai import build_chat_model
from bot.answering.generation.prompt import Persona
from bot.answering.grounding import Guard
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import BudgetConfig, GptConfig, ResponderConfig
from bot.conversations.transcript import Conversation, TranscriptEntry
from bot.messages import (
    Addressing,
    Author,
    Decision,
    DecisionKind,
    Done,
    Message,
    Part,
    Readers,
    Received,
    Say,
    Source,
)
from bot.ports import Audience, Passage, Scope, SearchResult
from bot.responder import Turn
from bot.stages.generate import GenerateAnswer
from bot.storage import Database, open_database
from bot.storage.answer_cache import StoredAnswers
from bot.storage.spend import StoredSpend
from bot.storage.statistics import statistics
from tests.servers.openai import OpenAIServer, openai_server

ANN, BOB = Author("test:team:ann"), Author("test:team:bob")
START = datetime(2026, 1, 1, tzinfo=UTC)
ARTICLE = "You can return anything within 30 days. The label is in the parcel."


@dataclass
class OneArticle:
    """A retriever that always finds the same passage."""

    text: str = ARTICLE
    threshold: float = 0.5

    async def search(
        self, text: str, *, language: str, limit: int, audience: Audience | None = None
    ) -> SearchResult:
        return SearchResult((Passage("returns.md#How", Source("Returns"), "How", self.text, 0.9),))

    def view(self, audience: Audience) -> str:
        return "everything"


class Told:
    """Alerts that staff got."""

    def __init__(self) -> None:
        self.kinds: list[str] = []

    async def alert(self, kind: str, text: str) -> None:
        self.kinds.append(kind)

    async def clear(self, kind: str) -> None:
        pass


@dataclass
class Desk:
    """GPT over one article, with a budget."""

    database: Database
    server: OpenAIServer
    generated: GenerateAnswer
    told: Told
    article: OneArticle

    async def ask(
        self,
        text: str,
        author: Author = ANN,
        *,
        number: int = 1,
        addressing: Addressing = Addressing.DIRECT,
        turns: tuple[TranscriptEntry, ...] = (),
    ) -> tuple[str, Decision | None, list[str]]:
        conversation = Conversation("test:app:c", turns)
        alone = addressing is Addressing.DIRECT
        message = Message(
            f"test:app:c:{number}",
            "test:app:c",
            author,
            text,
            START,
            addressing=addressing,
            readers=Readers.AUTHOR if alone else Readers.OTHERS,
        )
        turn = Turn(Received(message), conversation, text, "en")
        parts: list[Part | Turn] = [part async for part in self.generated.handle(turn)]
        said = "".join(part.markdown for part in parts if isinstance(part, Say))
        decision = next((part.decision for part in parts if isinstance(part, Done)), None)
        passed_on = [part for part in parts if isinstance(part, Turn)][-1]
        return said, decision, list(decision.reasons if decision else passed_on.reasons)

    async def spent(self, scope: Scope) -> float:
        ledger = StoredSpend(self.database, SystemClock())
        return (await ledger.spent([scope], since=START))[0]

    def read_by_gpt(self) -> str:
        """Everything that the server was sent."""
        return repr([request.body for request in self.server.requests])


@asynccontextmanager
async def desk(
    database: Database,
    *scripts: str,
    answer: str = ARTICLE,
    by: str = "",
    **budget: object,
) -> AsyncIterator[Desk]:
    async with openai_server(*scripts, answer=answer) as server:
        gpt = GptConfig(base_url=server.url, timeout=5.0)
        model = build_chat_model(gpt, {})
        assert model is not None
        clock, told, article = SystemClock(), Told(), OneArticle()
        ledger = StoredSpend(database, clock)
        wording = BotWording(ResponderConfig(), "en")
        generated = GenerateAnswer(
            model,
            ArticleSearch(article, lambda _: Audience()),
            Guard(None, wording),
            wording,
            Budget(BudgetConfig.model_validate(budget), gpt, ledger, told, clock),
            StoredAnswers(database, clock),
            persona=Persona("Robin", "help@example.com"),
            by=by or answering_model(gpt),
        )
        yield Desk(database, server, generated, told, article)
        await model.aclose()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{tmp_path}/desk.db") as opened:
        yield opened


async def test_an_answer_is_accounted_with_the_figures_of_the_provider(database: Database) -> None:
    async with desk(
        database, prompt_price=1_000_000, completion_price=1, user_day=0, day=0
    ) as here:
        _, decision, _ = await here.ask("can I send it back?")

        assert decision is not None
        sent = here.server.requests[0].body["messages"]
        counted = sum(len(each["content"].split()) for each in sent)
        assert decision.cost == pytest.approx(counted + len(ARTICLE.split()) / 1_000_000)
        for scope in (
            Scope(),
            Scope(author=ANN.key),
            Scope(conversation="test:app:c"),
            Scope(channel="test:app:c"),
        ):
            assert await here.spent(scope) == pytest.approx(decision.cost)
        assert await here.spent(Scope(author=BOB.key)) == 0


async def test_an_answer_that_breaks_off_is_paid_for_by_estimate(database: Database) -> None:
    async with desk(database, "cut_midway") as here:
        await here.ask("can I send it back?")

    found = await statistics(database, since=START)
    assert (found.requests, found.estimated) == (1, 1)
    assert found.cost > 0


async def test_a_troll_does_not_switch_gpt_off_for_others(database: Database) -> None:
    async with desk(database, user_day=0.003, day=10.0, completion_price=2.0) as here:
        refused = 0
        for number in range(200):
            _, decision, reasons = await here.ask(f"question {number}?", number=number)
            refused += decision is None
            assert decision or "the person's budget of today is used up" in reasons[-1]

        assert refused > 100
        _, decision, _ = await here.ask("can I send it back?", BOB, number=999)
        assert decision is not None
        assert here.told.kinds == []


async def test_questions_side_by_side_do_not_overdraw_a_cap(database: Database) -> None:
    cap = 0.005
    async with desk(database, day=cap, user_day=0) as here:
        await asyncio.gather(*(here.ask(f"question {n}?", number=n) for n in range(40)))

        assert 0 < await here.spent(Scope()) <= cap
        assert here.told.kinds
        assert set(here.told.kinds) == {"spend-cap"}


async def test_a_restart_keeps_the_counters(database: Database) -> None:
    async with desk(database, user_day=0.0025) as here:
        assert (await here.ask("one?"))[1]
        spent = await here.spent(Scope(author=ANN.key))
    async with desk(database, user_day=spent + 0.002) as here:
        assert (await here.ask("two?"))[1] is None


async def test_an_equal_question_is_answered_for_nothing(database: Database) -> None:
    async with desk(database) as here:
        first, _, _ = await here.ask("Can I send it back?")
        again, decision, _ = await here.ask("  can i send  it back ??", BOB, number=2)

        assert again == first
        assert decision is not None
        assert (decision.kind, decision.cost) == (DecisionKind.GENERATED, 0.0)
        assert len(here.server.requests) == 1
    assert (await statistics(database, since=START)).reused == 1


async def test_a_known_answer_is_given_beyond_the_cap(database: Database) -> None:
    async with desk(database, by="the same") as here:
        first, _, _ = await here.ask("can I send it back?")
    async with desk(database, by="the same", day=0.0000001) as here:
        assert (await here.ask("can I send it back?"))[0] == first
        assert (await here.ask("something else?"))[1] is None


async def test_a_changed_article_is_answered_anew(database: Database) -> None:
    async with desk(database) as here:
        await here.ask("can I send it back?")
        here.article.text = "You can return anything within 60 days."
        await here.ask("can I send it back?")

        assert len(here.server.requests) == 2


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("do you ship to US?", "do you ship to us?"),
        ("IT for my team?", "it for my team?"),
        ("care for Polish boots", "care for polish boots"),
        ("in welchen Maßen?", "in welchen Massen?"),
        ("is it 1.5?", "is it 15?"),
    ],
)
async def test_questions_that_mean_something_else_share_no_answer(
    database: Database, asked: str, other: str
) -> None:
    async with desk(database) as here:
        await here.ask(asked)
        await here.ask(other, BOB, number=2)

        assert len(here.server.requests) == 2


async def test_what_another_model_said_is_not_given_again(database: Database) -> None:
    for _ in range(2):  # each server has an address of its own, and the model the same name
        async with desk(database) as here:
            await here.ask("can I send it back?")

            assert len(here.server.requests) == 1


async def test_what_another_guard_let_through_is_not_given_again(database: Database) -> None:
    for guard in ("one", "another"):
        async with desk(database, by=f"the same model, checked by {guard}") as here:
            await here.ask("can I send it back?")

            assert len(here.server.requests) == 1


async def test_an_article_for_some_gives_no_answer_to_others(database: Database) -> None:
    async with desk(database) as here:
        here.article.text = "Members may return anything within 90 days."
        await here.ask("can I send it back?")
        here.article.text = ARTICLE  # what somebody else may see
        said, _, _ = await here.ask("can I send it back?", BOB, number=2)

        assert len(here.server.requests) == 2
        assert "90" not in said


async def test_an_answer_from_a_conversation_is_not_given_to_others(database: Database) -> None:
    turns = (TranscriptEntry("customer", "hello", START),)
    async with desk(database) as here:
        await here.ask("and how long?", turns=turns)
        await here.ask("and how long?", turns=turns)
        await here.ask("and how long?")

        assert len(here.server.requests) == 3


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("I am Maria Schmidt, can I return it?", ARTICLE),
        ("can I return it?", "Ask Maria Schmidt at +44 20 7946 0958."),
    ],
)
async def test_nothing_personal_is_kept_for_others(
    database: Database, question: str, answer: str
) -> None:
    async with desk(database, answer=answer) as here:
        await here.ask(question)
        await here.ask(question)

        assert len(here.server.requests) == 2


PLANTED = ("Maria Schmidt", "maria@example.org", "48213", "DE89 3704 0044 0532 0130 00", "hunter2!")


async def test_gpt_reads_nothing_personal_and_the_customer_gets_it_back(database: Database) -> None:
    name, mail, order, iban, password = PLANTED
    question = f"I am {name}, {mail}. Order {order}? Pay to {iban}; the password is {password}"
    turns = (
        TranscriptEntry("customer", f"my mail is {mail}", START),
        TranscriptEntry("bot", f"Hello {name}", START),
    )
    async with desk(database, answer="For [EMAIL_1] the label is in the parcel.") as here:
        said, _, _ = await here.ask(question, turns=turns)

        assert said.strip() == f"For {mail} the label is in the parcel."
        assert not [value for value in PLANTED if value in here.read_by_gpt()]


async def test_in_a_public_thread_nothing_personal_comes_back(database: Database) -> None:
    async with desk(database, answer="For [EMAIL_1] the label is in the parcel.") as here:
        said, _, _ = await here.ask("my mail is maria@example.org", addressing=Addressing.THREAD)

        assert said.strip() == "For (what you wrote) the label is in the parcel."


async def test_statistics_name_who_costs_most(database: Database) -> None:
    async with desk(database) as here:
        await here.ask("one?", ANN, number=1)
        await here.ask("two?", BOB, number=2)
        await here.ask("three?", BOB, number=3)

    found = await statistics(database, since=START)
    assert list(found.by_person) == [BOB.key, ANN.key]
    assert found.cost == pytest.approx(sum(found.by_day.values()))
    assert found.requests == 3


def test_mode_and_judge_are_part_of_what_cached_answers_are_kept_by() -> None:
    configs = [
        {"answers": "select"},
        {"answers": "rephrase", "judge": True},
        {"answers": "rephrase", "judge": "other"},
        {"answers": "rephrase", "judge": {"model": "folder"}},
        {"answers": "rephrase", "judge": {"model": "folder", "threshold": 0.9}},
    ]
    keys = {answering_model(GptConfig.model_validate(config)) for config in configs}
    assert len(keys) == len(configs)
    assert answering_model(GptConfig(judge=None)) == answering_model(
        GptConfig.model_validate({"judge": "other"})
    )

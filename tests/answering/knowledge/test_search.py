"""The search: who gets to see which passage, with any text, at any time, from any folder."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.answering.knowledge import Article, Encoders, KnowledgeIndex, KnowledgeRetriever, digest
from bot.answering.knowledge.passages import cut
from bot.clock import SystemClock
from bot.errors import ModelError
from bot.messages import Source
from bot.ports import Audience, Passage

RETURNS = """# Returning something

## How long

You have 60 days to send things back.

## Costs

The label costs four euros.
"""
PARKING = "# Coming to the shop\n\nThere are six parking places behind the building."


class ClockAt(SystemClock):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


def article(markdown: str, name: str = "a.md", **changes: object) -> Article:
    outline = cut(markdown)
    plain = Article(
        path=Path(name),
        name=name,
        title=outline.title,
        url=f"https://shop.test/{name}",
        language="en",
        audience="public",
        valid_from=None,
        valid_until=None,
        passages=outline.passages,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields of Article


def retriever(
    articles: Sequence[Article],
    encoders: Encoders,
    now: datetime = datetime(2026, 6, 1, tzinfo=UTC),
) -> KnowledgeRetriever:
    return KnowledgeRetriever(KnowledgeIndex.build(articles, encoders), encoders, ClockAt(now))


async def ask(search: KnowledgeRetriever, text: str, language: str = "en") -> Sequence[Passage]:
    return (await search.search(text, language=language, limit=5)).passages


@pytest.fixture(scope="module")
def shop(encoders: Encoders) -> KnowledgeRetriever:
    return retriever([article(RETURNS, "returns.md"), article(PARKING, "shop.md")], encoders)


async def test_best_passage_comes_first_with_all_that_a_citation_needs(
    shop: KnowledgeRetriever,
) -> None:
    best = (await ask(shop, "how many days until I must return it?"))[0]
    assert best == Passage(
        citation="returns.md#How long",
        source=Source("Returning something", "https://shop.test/returns.md"),
        heading="How long",
        text="You have 60 days to send things back.",
        score=best.score,
        place="returns.md:5",
        meaning=best.meaning,
        words=best.words,
        covered=best.covered,
        language="en",
    )
    assert shop.threshold < best.score <= 1


async def test_scores_fall_and_the_limit_holds(shop: KnowledgeRetriever) -> None:
    found = await ask(shop, "what does a return label cost?")
    assert found[0].citation == "returns.md#Costs"
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert len((await shop.search("return", language="en", limit=1)).passages) == 1
    assert not (await shop.search("return", language="en", limit=0)).passages


async def test_off_topic_question_stays_below_the_threshold(shop: KnowledgeRetriever) -> None:
    found = await ask(shop, "who invented the telephone?")
    assert all(passage.score < shop.threshold for passage in found)


ANYBODY = Audience("slack", "C9")
SECRET = "# Discounts\n\nColleagues may give 40 % off."


@pytest.mark.parametrize(
    ("label", "audience", "seen"),
    [
        ("internal", ANYBODY, False),
        ("internal", Audience("slack", "C9", frozenset({"internal"})), False),
        ("internal", Audience("slack", "C9", internal=True), True),
        ("slack:C1", ANYBODY, False),
        ("slack:C1", Audience("slack", "C1"), True),
        ("slack:C1", Audience("discord", "C1", frozenset({"C1"})), False),
        ("slack:C1", Audience("slack", "C9", internal=True), False),
        ("discord:7", Audience("discord", "C9", frozenset({"7", "8"})), True),
        ("discord:7", Audience("discord"), False),
        ("discord:7", Audience("slack", "7", frozenset({"7"})), False),
        ("discord:7", Audience(), False),
    ],
)
async def test_article_reaches_only_those_that_it_is_for(
    label: str, audience: Audience, seen: bool, encoders: Encoders
) -> None:
    secret = article(SECRET, "secret.md", audience=label)
    search = retriever([secret, article(PARKING, "shop.md")], encoders)
    question = "how much discount may colleagues give?"
    found = await search.search(question, language="en", limit=5, audience=audience)
    assert ("secret.md" in [passage.citation for passage in found.passages]) is seen
    assert [each.reason for each in found.withheld] == ([] if seen else [f"for {label}"])


async def test_nobody_in_particular_sees_what_is_public(encoders: Encoders) -> None:
    search = retriever([article(SECRET, "secret.md", audience="internal")], encoders)
    assert not await ask(search, "how much discount may colleagues give?")


async def test_what_only_the_asker_may_see_is_marked(encoders: Encoders) -> None:
    articles = [
        article(SECRET, "secret.md", audience="discord:7"),
        article(SECRET, "open.md", audience="slack:C1"),
    ]
    search = retriever(articles, encoders)
    for audience, personal in (
        (Audience("discord", "C9", frozenset({"7"})), True),
        (Audience("slack", "C1"), False),
    ):
        found = await search.search("discount", language="en", limit=5, audience=audience)
        assert [passage.personal for passage in found.passages] == [personal]


async def test_expired_article_is_named_to_admins_alone(encoders: Encoders) -> None:
    expired = article(SECRET, "secret.md", valid_until=date(2026, 5, 31))
    found = await retriever([expired], encoders).search("discount", language="en", limit=5)
    assert not found.passages
    assert [(each.citation, each.reason) for each in found.withheld] == [
        ("secret.md", "valid ... to 2026-05-31")
    ]


async def test_passage_tells_where_it_stands_and_what_its_score_is_made_of(
    shop: KnowledgeRetriever,
) -> None:
    best = (await ask(shop, "what does a return label cost?"))[0]
    assert best.place == "returns.md:9"
    assert 0 < best.meaning <= 1
    assert 0 < best.words <= 1


@pytest.mark.parametrize(
    ("now", "seen"),
    [
        (datetime(2026, 2, 28, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 31, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 0, 0, tzinfo=UTC), False),
    ],
)
async def test_article_is_found_from_its_first_to_its_last_day(
    now: datetime, seen: bool, encoders: Encoders
) -> None:
    spring = article(RETURNS, valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 31))
    search = retriever([spring], encoders, now)
    assert bool(await ask(search, "how many days to return it?")) is seen


async def test_article_in_the_customers_language_comes_first(encoders: Encoders) -> None:
    twins = [article(RETURNS, "a.md", language="en"), article(RETURNS, "b.md", language="de-AT")]
    search = retriever(twins, encoders)
    for language, first in (("en-GB", "a.md"), ("de", "b.md"), ("", "a.md")):
        found = await ask(search, "what does a label cost?", language)
        assert found[0].citation.startswith(first)


async def test_rare_word_finds_its_passage(encoders: Encoders) -> None:
    parts = "\n\n".join(f"## Part {n}\n\nThe spare part is called XK-{n}7Q." for n in range(20))
    search = retriever([article(f"# Spare parts\n\n{parts}")], encoders)
    assert (await ask(search, "xk-137q"))[0].heading == "Part 13"


async def test_passages_of_one_heading_have_different_citations(encoders: Encoders) -> None:
    long = "# T\n\n## Long\n\n" + "\n\n".join("return label " * 90 for _ in range(3))
    found = await ask(retriever([article(long)], encoders), "return label")
    assert {p.citation for p in found} == {"a.md#Long", "a.md#Long (2)", "a.md#Long (3)"}


@pytest.mark.parametrize("text", ["", "   ", "\ud800", "\ud800\udfff \ud83d", "?!", "👍", "\x00"])
async def test_text_that_says_nothing_finds_nothing_to_quote(
    text: str, shop: KnowledgeRetriever
) -> None:
    assert all(passage.score < shop.threshold for passage in await ask(shop, text))


async def test_huge_text_is_searched_by_its_beginning(shop: KnowledgeRetriever) -> None:
    question = "how many days do I have to return it? "
    found = await ask(shop, question + "x" * 1_000_000)
    assert found[0].citation == "returns.md#How long"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=200))
def test_any_text_has_a_result(text: str, shop: KnowledgeRetriever) -> None:
    for passage in asyncio.run(ask(shop, text)):
        assert 0 < passage.score <= 1


async def test_search_leaves_the_event_loop_free(encoders: Encoders) -> None:
    class Watched:
        def __init__(self) -> None:
            self.threads: set[int] = set()

        def embed(self, texts: Sequence[str], *, passages: bool = False) -> NDArray[np.float32]:
            self.threads.add(threading.get_ident())
            return encoders.own.embed(texts, passages=passages)

    watched = Watched()
    index = KnowledgeIndex.build([article(PARKING)], encoders)
    search = KnowledgeRetriever(index, Encoders(watched), SystemClock())
    assert await ask(search, "where can I park?")
    assert threading.get_ident() not in watched.threads


async def test_searches_at_once_do_not_mix(shop: KnowledgeRetriever) -> None:
    questions = ["how many days to return it", "where can I park"] * 10
    found = await asyncio.gather(*(ask(shop, question) for question in questions))
    firsts = [passages[0].citation for passages in found]
    assert firsts == ["returns.md#How long", "shop.md"] * 10


async def test_saved_index_finds_the_same(encoders: Encoders, tmp_path: Path) -> None:
    built = KnowledgeIndex.build([article(RETURNS), article(PARKING, "shop.md")], encoders)
    built.save(tmp_path / "knowledge")
    loaded = KnowledgeIndex.load(tmp_path / "knowledge")
    clock = SystemClock()
    for question in ("return label", "parking", "days"):
        before = await ask(KnowledgeRetriever(built, encoders, clock), question)
        assert before == await ask(KnowledgeRetriever(loaded, encoders, clock), question)


async def test_no_articles_are_an_index_too(encoders: Encoders, tmp_path: Path) -> None:
    KnowledgeIndex.build([], encoders).save(tmp_path / "knowledge")
    empty = KnowledgeIndex.load(tmp_path / "knowledge")
    assert not await ask(KnowledgeRetriever(empty, encoders, SystemClock()), "anything?")


def test_same_articles_give_the_same_files(encoders: Encoders, tmp_path: Path) -> None:
    for name in ("one", "two"):
        KnowledgeIndex.build([article(RETURNS)], encoders).save(tmp_path / name)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*")]
    assert files
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_damaged_index_is_refused_with_the_remedy(encoders: Encoders, tmp_path: Path) -> None:
    KnowledgeIndex.build([article(RETURNS)], encoders).save(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    for path in files:
        whole = path.read_bytes()
        for damaged in (b"", whole[: len(whole) // 2], b"[]"):
            path.write_bytes(damaged)
            with pytest.raises(ModelError, match="run `frontdesk train`"):
                KnowledgeIndex.load(tmp_path)
        path.write_bytes(whole)
        path.unlink()
        with pytest.raises(ModelError, match="run `frontdesk train`"):
            KnowledgeIndex.load(tmp_path)
        path.write_bytes(whole)
    assert KnowledgeIndex.load(tmp_path).passages


def test_index_of_another_version_is_refused(encoders: Encoders, tmp_path: Path) -> None:
    KnowledgeIndex.build([article(RETURNS)], encoders).save(tmp_path)
    path = tmp_path / "passages.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(ModelError, match="another version"):
        KnowledgeIndex.load(tmp_path)


def test_index_of_mixed_files_is_refused(encoders: Encoders, tmp_path: Path) -> None:
    KnowledgeIndex.build([article(RETURNS)], encoders).save(tmp_path / "one")
    KnowledgeIndex.build([article(PARKING)], encoders).save(tmp_path / "two")
    (tmp_path / "one" / "passages.json").replace(tmp_path / "two" / "passages.json")
    with pytest.raises(ModelError, match="do not match"):
        KnowledgeIndex.load(tmp_path / "two")


def test_index_tells_which_articles_it_was_built_from(encoders: Encoders, tmp_path: Path) -> None:
    articles = [article(RETURNS), article(PARKING, "shop.md")]
    KnowledgeIndex.build(articles, encoders).save(tmp_path)
    assert KnowledgeIndex.load(tmp_path).articles == digest(articles)
    hidden = [articles[0], replace(articles[1], audience="internal")]
    assert digest(hidden) != digest(articles)

"""How well the shipped articles are found, on questions that stand in no article.

The weights of the search and its threshold were chosen on `tuning`; `held_out` was written at
the same time and only checks them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.answering.knowledge import Encoders, KnowledgeIndex, KnowledgeRetriever, load_articles
from bot.clock import SystemClock
from bot.ports import Passage

QUESTIONS = Path(__file__).parents[2] / "data" / "knowledge_questions.yaml"


class Midsummer(SystemClock):
    def now(self) -> datetime:
        return datetime(2026, 6, 21, tzinfo=UTC)


@dataclass(frozen=True)
class Figures:
    """Shares in [0, 1].

    Attributes:
        first: Answerable questions whose best passage is of a right article.
        among_four: Those with one among the four that GPT is given.
        quoted_right, quoted_wrong: Answerable questions quoted from a right or wrong article.
        quoted_off_topic: Off-topic questions that get a quote.
    """

    first: float
    among_four: float
    quoted_right: float
    quoted_wrong: float
    quoted_off_topic: float


@pytest.fixture(scope="module")
def shop(encoders: Encoders) -> KnowledgeRetriever:
    articles = load_articles(Path("intents/knowledge"), "en")
    return KnowledgeRetriever(KnowledgeIndex.build(articles, encoders), encoders, Midsummer())


async def measure(shop: KnowledgeRetriever, part: str) -> Figures:
    written = YAML(typ="safe").load(QUESTIONS)[part]
    first, four, right, wrong = [], [], [], []
    for question in written["answered"]:
        found = await search(shop, question["ask"])
        hits = [article_of(passage) in question["articles"] for passage in found]
        quoted = bool(found) and found[0].score >= shop.threshold
        first.append(hits[:1] == [True])
        four.append(any(hits))
        right.append(quoted and hits[0])
        wrong.append(quoted and not hits[0])
    off = [await search(shop, question) for question in written["off_topic"]]
    off_quoted = [bool(found) and found[0].score >= shop.threshold for found in off]
    return Figures(share(first), share(four), share(right), share(wrong), share(off_quoted))


async def search(shop: KnowledgeRetriever, text: str) -> Sequence[Passage]:
    language = "zh" if any(character >= "\u3400" for character in text) else "en"
    return (await shop.search(text, language=language, limit=4)).passages


def article_of(passage: Passage) -> str:
    return passage.citation.partition("#")[0].partition(" (")[0]


def share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)


async def test_questions_chosen_on_find_their_articles(shop: KnowledgeRetriever) -> None:
    figures = await measure(shop, "tuning")
    assert figures.first >= 0.90
    assert figures.among_four >= 0.98
    assert figures.quoted_right >= 0.82
    assert figures.quoted_wrong <= 0.07
    assert figures.quoted_off_topic == 0


async def test_questions_held_out_find_their_articles(shop: KnowledgeRetriever) -> None:
    figures = await measure(shop, "held_out")
    assert figures.first >= 0.87
    assert figures.among_four >= 0.96
    assert figures.quoted_right >= 0.76
    assert figures.quoted_wrong <= 0.10
    assert figures.quoted_off_topic <= 0.05


@pytest.mark.parametrize("text", ["what's the capital of France?", "write me a poem"])
async def test_what_no_article_is_about_is_not_quoted(shop: KnowledgeRetriever, text: str) -> None:
    assert all(passage.score < shop.threshold for passage in await search(shop, text))

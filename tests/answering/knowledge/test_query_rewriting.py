"""Follow-ups are understood from the conversation; measured on the shipped articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.answering.knowledge import Encoders, KnowledgeIndex, KnowledgeRetriever, load_articles
from bot.answering.knowledge.query_rewriting import completed, is_follow_up
from bot.answering.knowledge.search import ArticleSearch
from bot.clock import SystemClock
from bot.conversations.transcript import Conversation, TranscriptEntry
from bot.messages import Author, Message, Received
from bot.ports import Audience, Passage
from bot.responder import Turn

DIALOGUES = Path(__file__).parents[2] / "data" / "dialogues.yaml"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop(encoders: Encoders) -> KnowledgeRetriever:
    articles = load_articles(Path("intents/knowledge"), "en")
    return KnowledgeRetriever(KnowledgeIndex.build(articles, encoders), encoders, SystemClock())


def turns(before: Sequence[str]) -> list[TranscriptEntry]:
    """A conversation in which the bot said something after each question."""
    said: list[TranscriptEntry] = []
    for text in before:
        said += [
            TranscriptEntry("customer", text, NOON),
            TranscriptEntry("bot", "This is what I know.", NOON),
        ]
    return said


async def find(
    shop: KnowledgeRetriever, question: str, before: Sequence[str] = ()
) -> Sequence[Passage]:
    """What is found for a question by the desk itself."""
    language = "zh" if any(character >= "\u3400" for character in question) else "en"
    message = Message("t:a:c:1", "t:a:c", Author("t:w:ann"), question, NOON)
    conversation = Conversation("t:a:c", tuple(turns(before)))
    turn = Turn(Received(message), conversation, question, language)
    return (await ArticleSearch(shop, lambda _: Audience()).find(turn)).passages or ()


async def share(shop: KnowledgeRetriever, dialogues: Sequence[Any], *, complete: bool) -> float:
    hits = 0
    for each in dialogues:
        passages = await find(shop, each["now"], each["before"] if complete else ())
        hits += any(one.citation.startswith(each["passage"]) for one in passages)
    return hits / len(dialogues)


@pytest.mark.parametrize("part", ["tuning", "held_out"])
async def test_a_follow_up_finds_its_passage_among_those_that_gpt_reads(
    shop: KnowledgeRetriever, part: str
) -> None:
    dialogues = YAML(typ="safe").load(DIALOGUES)[part]

    alone = await share(shop, dialogues, complete=False)
    together = await share(shop, dialogues, complete=True)

    print(f"{part}: {together:.2f} of {len(dialogues)} dialogues, {alone:.2f} without completion")
    assert together >= 0.85  # one dialogue is four points
    assert together > alone


@pytest.mark.parametrize(
    ("question", "article"),
    [("gift cards", "gift-cards.md"), ("how much?", "returns.md"), ("and how long?", "returns.md")],
)
async def test_few_words_are_a_new_subject_where_an_article_is_about_them(
    shop: KnowledgeRetriever, question: str, article: str
) -> None:
    found = await find(shop, question, ["what does returning something cost?"])

    assert found[0].citation.startswith(article)


@pytest.mark.parametrize(
    "question",
    [
        "How long is the warranty on a backpack?",
        "where is my order 48213",
        "Do you deliver to the Canary Islands?",
        "I want to talk to a person please",
        "怎么申请退货?",
        "",
    ],
)
def test_a_question_that_stands_alone_is_not_touched(question: str) -> None:
    assert completed(question, turns(["how do I wash a down bag?"])) == question


def test_follow_ups_in_a_row_lead_back_to_the_question_that_they_lean_on() -> None:
    said = turns(["how do I rent a tent?", "and what does that cost?"])

    assert completed("and for longer?", said) == (
        "how do I rent a tent? and what does that cost? and for longer?"
    )


def test_what_the_bot_said_is_not_taken_for_a_question() -> None:
    said = [TranscriptEntry("bot", "Ask me about tents.", NOON)]

    assert completed("and that one?", said) == "and that one?"


@given(st.text(max_size=200), st.lists(st.text(max_size=50), max_size=4))
def test_any_text_has_an_answer_and_keeps_its_words(question: str, before: list[str]) -> None:
    said = completed(question, turns(before))

    assert said == question or said.endswith(question.strip())
    assert isinstance(is_follow_up(question), bool)

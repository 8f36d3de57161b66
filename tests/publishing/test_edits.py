"""What would be written for groups of missed messages, and how it is written."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.knowledge.articles import read_articles
from bot.config.schema import Config, load_config
from bot.errors import FrontdeskError
from bot.messages import ScoredIntent
from bot.ports import Prediction
from bot.publishing.discovery import Missed, MissedGroup
from bot.publishing.edits import DRAFTS, Edits, plan, write
from bot.storage.missed import Miss, MissedMessage
from bot.understanding.discovery.suggestions import ArticleFound, Help, Nearest
from bot.understanding.intents import load_intents

INTENTS = """\
version: 1  # ours
intents:
  # money
  - name: refund
    examples:
      en:
        - money back   # short
        - refund me
    reply: Later.
  - name: stock
    examples: [is it there, do you have it]
    reply: Yes.
"""
ARTICLE = """\
---
title: Care
---
# Care

Wash it at 30 degrees.
"""
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TEXTS = ("cash please", "i need cash", "cash now", "give cash")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "intents" / "knowledge").mkdir(parents=True)
    (tmp_path / "intents" / "shop.yaml").write_text(INTENTS)
    (tmp_path / "intents" / "knowledge" / "care.md").write_text(ARTICLE)
    (tmp_path / "config.yaml").write_text("model: model\n")
    return load_config(tmp_path / "config.yaml", {})


def group(
    helps: Help,
    texts: Sequence[str] = TEXTS,
    *,
    name: str = "cash",
    intent: str = "refund",
    sure: float = 0.1,
    language: str = "en",
    answer: str = "",
) -> MissedGroup:
    """A group that what is asked for would help."""
    nearest = Nearest(intent, 0.7, 0.5 if helps is Help.EXAMPLES else 0.0)
    if helps is Help.NOTHING:
        nearest = Nearest()
    prediction = Prediction((ScoredIntent(intent, sure),), 0.7, 0.4, "v", "h")
    messages = [
        Missed(
            MissedMessage(text, ("test", str(number)), Miss.UNANSWERED, answer=answer),
            language,
            prediction,
        )
        for number, text in enumerate(texts)
    ]
    found = ArticleFound("care.md", 0.3, 0.9) if helps is Help.FOUND_ARTICLE else ArticleFound()
    made = MissedGroup(
        tuple(messages), nearest, found, 0.9 if helps is Help.NEW_INTENT else 0.1, name
    )
    assert made.help is helps
    return made


def planned(config: Config, *groups: MissedGroup) -> Edits:
    return plan(config, load_intents(config.intents), groups)


def read(config: Config, name: str = "shop.yaml") -> str:
    return (config.intents / name).read_text()


def test_examples_are_added_to_the_nearest_intent_and_the_rest_stays(config: Config) -> None:
    edits = planned(config, group(Help.EXAMPLES))
    assert read(config) == INTENTS
    write(config, edits, NOW)
    lines = "".join(f"        - {text}\n" for text in TEXTS)
    assert read(config) == INTENTS.replace("        - refund me\n", f"        - refund me\n{lines}")
    assert "+        - cash now" in edits.diff()


def test_another_language_gets_a_list_of_its_own(config: Config) -> None:
    texts = ("ist es da", "habt ihr das", "gibt es das")
    write(config, planned(config, group(Help.EXAMPLES, texts, intent="stock", language="de")), NOW)
    (_, stock) = load_intents(config.intents).intents
    assert {example.language for example in stock.examples} == {"en", "de"}
    assert len(stock.examples) == 5


def test_new_intents_are_drafts_in_a_file_of_their_own(config: Config) -> None:
    write(config, planned(config, group(Help.NEW_INTENT)), NOW)
    others = ("fly me", "can i fly", "flying today", "a flight please")
    write(config, planned(config, group(Help.NEW_INTENT, others, name="flight")), NOW)
    intents = load_intents(config.intents).by_name
    assert [intents[name].entry.draft for name in ("cash", "flight")] == [True, True]
    assert [example.text for example in intents["cash"].examples] == list(TEXTS)
    assert "# 4 messages of 4 people; nearest: refund (0.70)" in read(config, DRAFTS)


def test_an_article_that_search_missed_gets_the_questions(config: Config) -> None:
    edits = planned(config, group(Help.FOUND_ARTICLE))
    write(config, edits, NOW)
    (article,) = read_articles(config.intents / "knowledge", "en").checked()
    assert article.questions == TEXTS
    assert read(config, "knowledge/care.md").endswith(ARTICLE.partition("---\n#")[2])
    assert not (config.intents / DRAFTS).exists()

    more = ("soap?", "which soap", "soap or not", "no soap?")
    write(config, planned(config, group(Help.FOUND_ARTICLE, more)), NOW)
    (article,) = read_articles(config.intents / "knowledge", "en").checked()
    assert article.questions == (*TEXTS, *more)


@pytest.mark.parametrize(
    ("article", "added"),
    [("# Care\n\nWash it.\n", True), ("+++\ntitle = 'Care'\n+++\n# Care\n\nWash it.\n", False)],
)
def test_front_matter_is_begun_where_there_is_none_and_left_alone_where_it_is_no_yaml(
    config: Config, article: str, *, added: bool
) -> None:
    (config.intents / "knowledge" / "care.md").write_text(article)
    edits = planned(config, group(Help.FOUND_ARTICLE))
    assert bool(edits.after) is added
    assert bool(edits.refused) is not added
    write(config, edits, NOW)
    (found,) = read_articles(config.intents / "knowledge", "en").checked()
    assert bool(found.questions) is added


def test_what_no_article_says_becomes_a_draft_with_what_staff_answered(config: Config) -> None:
    edits = planned(config, group(Help.NEW_ARTICLE, answer="We pay in cash."))
    write(config, edits, NOW)
    folder = read_articles(config.intents / "knowledge", "en")
    assert [article.name for article in folder.articles] == ["care.md"]  # a draft is not published
    written = read(config, "knowledge/cash.md")
    assert "We pay in cash." in written
    (config.intents / "knowledge" / "cash.md").write_text(written.replace("draft: true\n", ""))
    (_, cash) = read_articles(config.intents / "knowledge", "en").checked()
    assert cash.questions == TEXTS


def test_what_is_taken_for_another_intent_gets_a_draft_along_with_the_article(
    config: Config,
) -> None:
    assert config.intents / DRAFTS not in planned(config, group(Help.NEW_ARTICLE)).after
    edits = planned(config, group(Help.NEW_ARTICLE, sure=0.9))
    assert set(edits.after) == {
        config.intents / DRAFTS,
        config.intents / "knowledge" / "cash.md",
    }


@pytest.mark.parametrize(
    "made",
    [
        group(Help.NEW_INTENT, TEXTS[:3]),
        group(Help.EXAMPLES, TEXTS[:2]),
        group(Help.EXAMPLES, ("Money  back", *TEXTS[:2])),
        group(Help.EXAMPLES, ("mail [EMAIL_1]", *TEXTS[:2])),
        group(Help.NOTHING),
    ],
)
def test_few_known_or_personal_messages_are_not_written(config: Config, made: MissedGroup) -> None:
    edits = planned(config, made)
    assert (edits.after, edits.written) == ({}, {})


def test_no_text_is_written_twice(config: Config) -> None:
    edits = planned(config, group(Help.EXAMPLES), group(Help.NEW_INTENT, name="other"))
    assert list(edits.written) == ["cash"]


def test_files_are_copied_first_for_their_owner_alone(config: Config) -> None:
    edits = planned(
        config, group(Help.EXAMPLES), group(Help.NEW_INTENT, ("a b", "b c", "c d", "d e"))
    )
    copies = write(config, edits, NOW)
    assert [path.name for path in copies.iterdir()] == ["shop.yaml"]
    assert (copies / "shop.yaml").read_text() == INTENTS
    assert stat.S_IMODE((copies / "shop.yaml").stat().st_mode) == 0o600
    assert stat.S_IMODE(copies.stat().st_mode) == 0o700


def test_a_file_that_was_changed_meanwhile_is_not_written(config: Config) -> None:
    edits = planned(config, group(Help.EXAMPLES))
    changed = INTENTS.replace("Later.", "Soon.")
    (config.intents / "shop.yaml").write_text(changed)
    with pytest.raises(FrontdeskError, match="changed meanwhile"):
        write(config, edits, NOW)
    assert read(config) == changed


def test_a_file_with_aliases_is_left_to_its_admin(config: Config) -> None:
    shared = INTENTS.replace("    examples:\n      en:\n", "    examples:\n      en: &x\n").replace(
        "examples: [is it there, do you have it]", "not: *x\n    examples: [is it there, has it]"
    )
    (config.intents / "shop.yaml").write_text(shared)
    edits = planned(config, group(Help.EXAMPLES))
    assert not edits.after
    assert "aliases" in edits.refused[0]

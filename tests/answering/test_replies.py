"""Replies: the right language, the right platform, the right case, and no code in templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.replies import MOST_TOPICS, Replies
from bot.messages import Visibility
from bot.ports import Answer, Answers
from bot.understanding.intents import IntentSet, load_intents

INTENTS = """\
version: 1
intents:
  - name: hours
    title: {en: Opening hours, zh: 营业时间}
    examples: [a, b, c, d, e]
    reply:
      - text: {en: "9 to 18, ask {contact}", zh: 9点到18点, pt-BR: Das 9 às 18}
        slack: {en: "*9 to 18*"}
        discord: {zh: "**9点到18点**"}
        carrier_pigeon: nine to six
    suggestions: [greeting]
    visibility: private
  - name: greeting
    small_talk: true
    examples: [f, g, h, i, j]
    reply: {en: [One, Two, Three, Four]}
  - name: order
    examples: [k, l, m, n, o]
    description: Wants to know where the order is.
    reply:
      - text: "Soon, says {contact}."
      - text: {en: ["{contact} knows.", "Soon, says {bot}."]}
  - name: proof
    examples: [p, q, r, s, t]
    identity: order_owner
    reply: "Your data: all."
  - name: human
    examples: [u, v, w, x, y]
    handoff: true
  - name: sketch
    examples: [z1, z2, z3, z4, z5]
    reply: Not yet.
    draft: true
  - name: braces
    examples: [z6, z7, z8, z9, z10]
    reply: "{{bot}} is {bot} "
"""

PROOF = "proof asks for `identity`, no longer a key (write `proof:` on the action)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "intents.yaml").write_text(INTENTS, encoding="utf-8")
    return tmp_path


def load_taught(folder: Path) -> IntentSet:
    """Read files as a model has them that an earlier version trained."""
    return load_intents(folder, serving=True)


def replies(folder: Path, **values: str) -> Replies:
    known = {"bot": "Robin", "contact": "{bot}@example.com", **values}
    return Replies(load_taught(folder), language_default="en", values=known)


def answer(
    folder: Path, intent: str, language: str = "en", platform: str = "terminal", **values: str
) -> Answer | None:
    answers: Answers = replies(folder, **values)
    return answers.answer(intent, language=language, platform=platform, seed="m1")


def said(folder: Path, intent: str, language: str = "en", platform: str = "terminal") -> str:
    found = answer(folder, intent, language, platform)
    assert found is not None
    return found.markdown


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "9 to 18, ask {bot}@example.com"),
        ("en-GB", "9 to 18, ask {bot}@example.com"),
        ("zh-Hant-TW", "9点到18点"),
        ("ZH", "9点到18点"),
        ("pt-BR", "Das 9 às 18"),
        ("pt", "9 to 18, ask {bot}@example.com"),
        ("fr", "9 to 18, ask {bot}@example.com"),
        ("", "9 to 18, ask {bot}@example.com"),
    ],
)
def test_the_customers_language_is_taken_else_the_default(
    folder: Path, language: str, text: str
) -> None:
    assert said(folder, "hours", language) == text


def test_a_reply_without_the_default_language_is_still_given(tmp_path: Path) -> None:
    text = "version: 1\nintents: [{name: a, examples: [b, c], reply: {zh: 你好}}]\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert said(tmp_path, "a", "fr") == "你好"


@pytest.mark.parametrize(
    ("language", "platform", "text"),
    [
        ("en", "slack", "*9 to 18*"),
        ("zh", "slack", "9点到18点"),
        ("zh", "discord", "**9点到18点**"),
        ("en", "discord", "9 to 18, ask {bot}@example.com"),
        ("zh", "somewhere", "9点到18点"),
        ("en", "carrier_pigeon", "nine to six"),
    ],
)
def test_a_platforms_own_wording_wins_within_the_language(
    folder: Path, language: str, platform: str, text: str
) -> None:
    assert said(folder, "hours", language, platform) == text


def test_the_same_seed_gives_the_same_variant_and_all_variants_come(folder: Path) -> None:
    answers = replies(folder)

    def variant(seed: str) -> str:
        found = answers.answer("greeting", language="en", platform="slack", seed=seed)
        assert found is not None
        return found.markdown

    assert variant("slack:1") == variant("slack:1")
    assert {variant(f"slack:{n}") for n in range(60)} == {"One", "Two", "Three", "Four"}


def test_visibility_and_suggestions_come_along(folder: Path) -> None:
    found = answer(folder, "hours")
    assert found is not None
    assert found.visibility is Visibility.PRIVATE
    assert found.suggestions == ("greeting",)
    assert not found.handoff


def test_a_handoff_names_its_team(folder: Path) -> None:
    text = (folder / "intents.yaml").read_text("utf-8")
    assert "suggestions: [greeting]" in text
    (folder / "intents.yaml").write_text(
        text.replace("suggestions: [greeting]", "handoff: billing", 1), "utf-8"
    )
    found = answer(folder, "hours")
    assert found is not None
    assert (found.handoff, found.team) == (True, "billing")


def test_a_reply_whose_values_are_missing_is_passed_over(folder: Path) -> None:
    answers = Replies(load_taught(folder), language_default="en", values={"bot": "Robin"})
    found = answers.answer("order", language="en", platform="terminal", seed="m1")
    assert found is not None
    assert found.markdown == "Soon, says Robin."
    nothing = Replies(load_taught(folder), language_default="en", values={})
    assert nothing.answer("order", language="en", platform="terminal", seed="m1") is None
    assert nothing.why_not("order") == (
        "order has no reply whose placeholders can be filled: not answered"
    )


def test_values_are_put_in_as_they_are(folder: Path) -> None:
    found = answer(folder, "order", contact="{bot} {0.__class__} %s \\1")
    assert found is not None
    assert found.markdown == "Soon, says {bot} {0.__class__} %s \\1."


def test_double_braces_are_braces(folder: Path) -> None:
    assert said(folder, "braces") == "{bot} is Robin"


@pytest.mark.parametrize(
    ("intent", "why"),
    [
        ("sketch", "sketch is a draft: not answered"),
        ("nothing", "nothing is not among the intents any more"),
        ("proof", PROOF),
    ],
)
def test_what_has_no_answer_tells_why(folder: Path, intent: str, why: str) -> None:
    assert answer(folder, intent) is None
    assert replies(folder).why_not(intent) == why


def test_the_description_comes_along_for_those_who_ask_why(folder: Path) -> None:
    found = answer(folder, "order")
    assert found is not None
    assert found.description == "Wants to know where the order is."


def test_a_handoff_without_a_reply_leaves_the_words_to_the_bot(folder: Path) -> None:
    found = answer(folder, "human", "de-AT")
    assert found is not None
    assert found.handoff
    assert found.markdown == ""


@pytest.mark.parametrize(
    ("intent", "language", "title"),
    [
        ("hours", "zh-CN", "营业时间"),
        ("hours", "fr", "Opening hours"),
        ("order", "zh", "Order"),
        ("speak_to_human", "en", "Speak to human"),
    ],
)
def test_titles(folder: Path, intent: str, language: str, title: str) -> None:
    assert replies(folder).title(intent, language=language) == title


def test_every_shipped_intent_has_an_answer() -> None:
    intents = load_intents(Path(__file__).parent.parent.parent / "intents")
    answers = Replies(
        intents, language_default="en", values={"bot": "Robin", "contact": "help@example.com"}
    )
    for intent in intents.intents:
        found = answers.answer(intent.name, language="zh", platform="slack", seed="s")
        assert found is not None, intent.name
        assert found.markdown
        assert "{" not in found.markdown


def test_small_talk_comes_along_and_is_no_topic(folder: Path) -> None:
    found = answer(folder, "greeting")
    assert found is not None
    assert found.small_talk
    assert replies(folder).topics("zh") == ["营业时间", "Order", "Human", "Braces"]


def test_of_many_topics_each_file_gives_some(folder: Path) -> None:
    lines = [
        f"  - {{name: more_{n}, examples: [e{n}a, e{n}b, e{n}c, e{n}d, e{n}e], reply: Yes.}}"
        for n in range(20)
    ]
    (folder / "more.yaml").write_text("\n".join(["version: 1", "intents:", *lines]))
    topics = replies(folder).topics("en")
    assert len(topics) == MOST_TOPICS
    assert {"Opening hours", "Order", "Human", "Braces", "More 0", "More 7"} <= set(topics)
    assert "More 8" not in topics


def test_an_example_is_taught_whatever_its_case(folder: Path) -> None:
    answers = replies(folder)
    assert answers.is_taught("Z10!")
    assert not answers.is_taught("help")

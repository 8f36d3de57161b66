"""The scorer of benchmarks.grounding tells what is wrong from what is right."""

from __future__ import annotations

import re

import pytest

from benchmarks.grounding.desk import Reply
from benchmarks.grounding.questions import Question, load
from benchmarks.grounding.scoring import (
    claims,
    generated_words,
    interval,
    is_generated,
    is_right,
    share,
)
from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.messages import Source
from bot.ports import Passage
from bot.stages.quote import quotation

WORDING = BotWording(ResponderConfig(), "en")
PASSAGE = Passage(
    "returns.md",
    Source("Returns"),
    "How long",
    "Send things back within 60 days of delivery.\n\n| from | price |\n| --- | --- |\n"
    "| Germany | €3.95 |",
    0.9,
)
ANSWERABLE = Question("answerable", 0, "how long?", need=("60|sixty",), never=("30 days",))
UNANSWERABLE = Question("unanswerable", 0, "do you sell kayaks?", never=("yes",))


def reply(text: str, kind: str = "generated") -> Reply:
    return Reply(kind, text, (), (PASSAGE,))


def wrongs(question: Question, text: str, *lies: str, kind: str = "generated") -> list[str]:
    return [claim.wrong for claim in claims(question, reply(text, kind), frozenset(lies))]


@pytest.mark.parametrize("language", ["en", "zh", "de"])
@pytest.mark.parametrize("key", ["colleague", "unknown", "interrupted"])
def test_the_bots_own_sentences_are_no_claims(key: str, language: str) -> None:
    own = WORDING.say(key, language)
    assert generated_words(reply(own, "unknown")) == ""
    assert generated_words(reply(f"You have sixty days. {own}")) == "You have sixty days."


@pytest.mark.parametrize("language", ["en", "zh", "de"])
def test_a_quotation_is_no_claim(language: str) -> None:
    quoted = quotation(PASSAGE, WORDING, language)
    assert generated_words(reply(quoted, "quoted")) == ""
    assert generated_words(reply(f"Sixty days.\n\n{quoted}")) == "Sixty days."


def test_what_a_model_writes_like_a_quotation_is_a_claim() -> None:
    assert wrongs(ANSWERABLE, "> Send things back within 90 days.") == [
        "numbers without a source: 90"
    ]


def test_what_was_shown_before_gpt_failed_is_a_claim_whatever_followed() -> None:
    interrupted = WORDING.say("interrupted", "en")
    text = f"It takes 99 days.\n\n{interrupted}\n\n{quotation(PASSAGE, WORDING, 'en')}"
    assert wrongs(ANSWERABLE, text, kind="quoted") == ["numbers without a source: 99"]
    assert wrongs(ANSWERABLE, "It takes 99 days.", kind="unknown")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("You have sixty days.", ""),
        ("Within 60 days of delivery.", ""),
        ("You have 30 days.", "a forbidden fact"),
        ("We will refund you.", "a promise"),
        ("I've already cancelled it.", "a promise"),
        ("已经为您取消订单。", "a promise"),
        ("It costs 4.95 from Germany.", "numbers without a source: 4.95"),
    ],
)
def test_a_claim_is_judged_by_facts_promises_and_numbers(text: str, wrong: str) -> None:
    assert wrongs(ANSWERABLE, text) == [wrong]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Yes, gladly.", "a forbidden fact"),
        ("Our kayaks are red.", "an answer without a source"),
        ("Within 60 days of delivery.", ""),
        ("Within 61 days of delivery.", "numbers without a source: 61"),
    ],
)
def test_where_there_is_no_answer_only_what_the_articles_say_is_supported(
    text: str, wrong: str
) -> None:
    assert wrongs(UNANSWERABLE, text) == [wrong]


def test_a_lie_is_recognised_whole_in_part_and_within_a_longer_sentence() -> None:
    lie = "Send things back within 60 hours of delivery."
    for text in (lie, "things back within 60 hours", f"Well, {lie.lower()}"):
        assert wrongs(ANSWERABLE, text, lie) == ["a lie"]
    assert wrongs(ANSWERABLE, "Send things back within 60 days of delivery.", lie) == [""]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Send things back within 60 days.", "fine"),
        ("You have sixty days.", "fine"),  # what the question needs
        ("From Germany it costs €3.95.", "to be read"),  # "costs" stands in no sentence
        ("Germany: €3.95", "fine"),
        ("Delivery to Germany.", "to be read"),  # words of two sentences
        ("You can send it to your address, and it will go to your address.", "to be read"),
        ("3.95", "to be read"),  # of what?
        ("It takes 99 days.", "numbers without a source: 99"),
    ],
)
def test_what_neither_facts_nor_words_decide_is_left_to_a_reader(text: str, verdict: str) -> None:
    assert [claim.verdict for claim in claims(ANSWERABLE, reply(text), frozenset())] == [verdict]


def test_each_sentence_is_a_claim_of_its_own() -> None:
    text = "You have sixty days. You have 30 days.\n- It costs 7 euro!\n\n…\n六十天。三十天。"
    assert wrongs(ANSWERABLE, text) == [
        "",
        "a forbidden fact",
        "numbers without a source: 7",
        "",
        "",
    ]


def test_a_reply_is_right_with_all_that_is_needed_and_nothing_forbidden() -> None:
    both = Question("answerable", 0, "?", need=("60", "delivery"), never=("30 days",))
    assert is_right(both, reply("60 days from delivery"))
    assert not is_right(both, reply("60 days"))
    assert not is_right(both, reply("60 days from delivery, not 30 days"))
    assert is_right(both, reply(quotation(PASSAGE, WORDING, "en"), "quoted"))
    assert not is_right(UNANSWERABLE, reply("No."))


def test_a_right_quotation_is_not_counted_as_generated() -> None:
    quoted = quotation(PASSAGE, WORDING, "en")
    assert is_generated(ANSWERABLE, reply("You have sixty days."))
    assert not is_generated(ANSWERABLE, reply(quoted, "quoted"))
    assert not is_generated(ANSWERABLE, reply(f"Gladly.\n\n{quoted}"))


def test_shares_and_their_intervals() -> None:
    assert share([True, False, False, False]) == 25.0
    assert share([]) == 0.0
    assert interval([]) == (0.0, 100.0)
    low, high = interval([True] * 5 + [False] * 95)
    assert (round(low, 1), round(high, 1)) == (2.2, 11.2)  # Wilson's, as tables have it
    assert interval([True] * 10)[1] == pytest.approx(100.0)


def test_the_answer_set_is_as_it_is_said_to_be() -> None:
    questions = load()
    assert len(questions) >= 200
    assert len({question.ask + question.after for question in questions}) == len(questions)
    assert sum(question.language == "zh" for question in questions) >= len(questions) / 5
    kinds = {"answerable", "partial", "unanswerable", "pressure", "follow_up"}
    assert {question.type for question in questions} == kinds
    for question in questions:
        for pattern in (*question.need, *question.never):
            re.compile(pattern)


def test_the_good_writers_answers_are_right_in_the_scorers_eyes() -> None:
    told = [question for question in load() if question.say and question.need]
    assert len(told) > 50
    for question in told:
        assert is_right(question, Reply("generated", question.say, (), ())), question.ask

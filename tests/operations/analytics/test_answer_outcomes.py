"""What becomes of an answer: a vote, thanks, the same question again, a case, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.analytics.answer_outcomes import (
    AnswerOutcome,
    Courtesies,
    Reactions,
    judge_answers,
)
from bot.storage.analytics import CaseTimes, DecidedMessage

START = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
NONE = Reactions({}, ())
HOUR = timedelta(hours=1)


def said(
    hours: float, intent: str = "returns", kind: str = "intent", **changed: str | float
) -> DecidedMessage:
    """A message so many hours after the start, answered a second later."""
    at = START + hours * HOUR
    plain = DecidedMessage(
        message=f"chat:A1:C1:{hours}",
        conversation="chat:A1:C1",
        author="chat:T1:U1",
        sent_at=at,
        at=at + timedelta(seconds=1),
        kind=kind,
        intent=intent,
        confidence=0.9,
        threshold=0.5,
        citation="",
        language="en",
        frustrated=None,
        pleased=None,
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def judged(
    *messages: DecidedMessage,
    cases: Sequence[CaseTimes] = (),
    reactions: Reactions = NONE,
    courtesies: Courtesies = Courtesies(),  # noqa: B008 - frozen
) -> list[str]:
    until = START + timedelta(days=30)
    found = judge_answers(messages, cases, reactions, courtesies, until=until)
    return [str(each.outcome) for each in sorted(found, key=lambda each: each.at)]


def case(hours: float, author: str = "chat:T1:U1") -> CaseTimes:
    return CaseTimes("chat:A1:C9", author, "", START + hours * HOUR, None, None)


def test_silence_is_no_success() -> None:
    assert judged(said(0)) == ["unconfirmed"]


@pytest.mark.parametrize(
    ("following", "outcome"),
    [
        (said(71.9, "thanks"), "confirmed"),
        (said(72.1, "thanks"), "unconfirmed"),
        (said(1, "praise"), "confirmed"),
        (said(1, "greeting"), "unconfirmed"),
        (said(1, "thanks", confidence=0.2), "unconfirmed"),
        (said(1, "thanks", kind="silent"), "confirmed"),
        (said(1, "thanks", conversation="chat:A1:C2"), "unconfirmed"),
        (said(1, "thanks", author="chat:T1:U2"), "unconfirmed"),
        (said(1, "thanks", author="chat:T2:U1"), "confirmed"),
        (said(1, kind="unknown"), "came_back"),
        (said(71.9, kind="unknown", conversation="chat:A1:C2"), "came_back"),
        (said(72.1, kind="unknown"), "unconfirmed"),
        (said(1, kind="unknown", author="chat:T1:U2"), "unconfirmed"),
        (said(1, "payment", kind="unknown"), "unconfirmed"),
    ],
)
def test_what_the_person_writes_next_decides(following: DecidedMessage, outcome: str) -> None:
    assert judged(said(0), following)[0] == outcome


def test_only_the_next_message_can_confirm() -> None:
    other = said(1, "payment", kind="unknown")
    assert judged(said(0), other, said(2, "thanks")) == ["unconfirmed"]


@pytest.mark.parametrize(
    ("opened", "outcome"),
    [
        (case(5), "came_back"),
        (case(80), "unconfirmed"),
        (case(-1), "unconfirmed"),
        (case(5, "chat:T1:U2"), "unconfirmed"),
    ],
)
def test_a_case_within_72_hours_is_a_return(opened: CaseTimes, outcome: str) -> None:
    assert judged(said(0), cases=[opened]) == [outcome]


@pytest.mark.parametrize(
    ("reactions", "outcome"),
    [
        (Reactions({"chat:A1:C1:0": "up"}, ()), "confirmed"),
        (Reactions({"chat:A1:C1:0": "down"}, ()), "contradicted"),
        (Reactions({}, {"chat:A1:C1:0"}), "contradicted"),
    ],
)
def test_what_was_pressed_counts_more_than_words(reactions: Reactions, outcome: str) -> None:
    thanked = judged(said(0), said(1, "thanks"), reactions=reactions)
    returned = judged(said(0), said(1, kind="unknown"), reactions=reactions)
    assert thanked == returned == [outcome]


def test_without_an_intent_nobody_asks_the_same_again() -> None:
    assert judged(said(0, ""), said(1, "")) == ["unconfirmed", "unconfirmed"]


@pytest.mark.parametrize(
    ("message", "counts"),
    [
        (said(0, kind="quoted"), True),
        (said(0, kind="generated"), True),
        (said(0, kind="form"), True),
        (said(0, kind="recommend"), True),
        (said(0, kind="clarify"), False),
        (said(0, kind="unknown"), False),
        (said(0, kind="handoff"), False),
        (said(0, "thanks"), False),
        (said(0, "thanks", kind="quoted"), False),
        (said(0, "thanks", kind="quoted", confidence=0.2), True),
        (said(0, "bye"), True),
    ],
)
def test_what_is_an_answer(message: DecidedMessage, counts: bool) -> None:
    assert bool(judged(message)) == counts


def test_the_names_of_courtesies_can_be_others() -> None:
    named = Courtesies(frozenset({"bye", "cheers"}), frozenset({"cheers"}))
    assert judged(said(0), said(1, "cheers"), courtesies=named) == ["confirmed"]
    assert judged(said(0), said(1, "thanks"), courtesies=named) == ["unconfirmed", "unconfirmed"]


def test_later_answers_only_tell_what_became_of_earlier_ones() -> None:
    messages = [said(0), said(2)]
    found = list(judge_answers(messages, [], NONE, Courtesies(), until=START + HOUR))
    assert [each.outcome for each in found] == [AnswerOutcome.CAME_BACK]


lines = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from(["returns", "payment", "thanks", ""]),
        st.sampled_from(["intent", "quoted", "unknown"]),
        st.sampled_from(["chat:A1:C1", "chat:A1:C2"]),
        st.sampled_from(["chat:T1:U1", "chat:T1:U2"]),
    ),
    max_size=12,
    unique_by=lambda line: line[0],
)


@given(lines, st.lists(st.integers(0, 200), max_size=3))
def test_outcomes_are_as_read_line_by_line(
    drawn: list[tuple[int, str, str, str, str]], opened: list[int]
) -> None:
    """The quick look-up finds what a plain reading of the definitions finds."""
    messages = [
        said(hours, intent, kind, conversation=place, author=who)
        for hours, intent, kind, place, who in drawn
    ]
    cases = [case(hours + 0.5) for hours in opened]
    plain = [
        _plainly(each, messages, cases)
        for each in sorted(messages, key=lambda each: each.at)
        if each.kind in {"intent", "quoted"} and each.intent != "thanks"
    ]
    assert judged(*messages, cases=cases) == plain


def _plainly(answer: DecidedMessage, messages: list[DecidedMessage], cases: list[CaseTimes]) -> str:
    end = answer.at + timedelta(hours=72)
    own = [each for each in messages if each.author == answer.author and each.sent_at > answer.at]
    own = sorted((each for each in own if each.sent_at <= end), key=lambda each: each.sent_at)
    here = [each for each in own if each.conversation == answer.conversation]
    if here and here[0].intent == "thanks":
        return "confirmed"
    if answer.intent and any(each.intent == answer.intent for each in own):
        return "came_back"
    theirs = [each.opened_at for each in cases if each.author == answer.author]
    return "came_back" if any(answer.at < at <= end for at in theirs) else "unconfirmed"

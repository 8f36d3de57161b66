"""Each key of `expect` fails where the reply is another one, and only there."""

from __future__ import annotations

import pytest

from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.expectations import compare
from bot.app.conversation_tests.schema import Expectation
from bot.messages import Button, Decision, DecisionKind, ScoredIntent, Source, Visibility

DECISION = Decision("d", "m", DecisionKind.INTENT, intents=(ScoredIntent("hours", 0.9),))
REPLY = Reply(
    DECISION,
    "We are open\nat **nine**.",
    (Button("b1", "Talk"), Button("b2", "Return")),
    (Source("Hours", "https://example.com/hours"),),
    frozenset({Visibility.PUBLIC}),
)


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"decision": "intent"},
        {"intent": "hours"},
        {"reply": "open at"},
        {"reply": ["open", "nine"]},
        {"reply": {"equals": ["Closed.", "We are open at **nine**."]}},
        {"reply": {"not_contains": "closed"}},
        {"buttons": ["Talk", "Return"]},
        {"sources": "Hours"},
        {"sources": ["https://example.com/hours"]},
        {"visibility": "public"},
        {"silence": "false"},
    ],
)
def test_what_is_as_expected_passes(expected: dict[str, object]) -> None:
    assert compare(Expectation.model_validate(expected), REPLY) == ()


@pytest.mark.parametrize(
    ("expected", "key"),
    [
        ({"decision": "clarify"}, "decision"),
        ({"intent": "returns"}, "intent"),
        ({"intent": ["hours", "returns"]}, "intent"),
        ({"reply": "closed"}, "reply.contains"),
        ({"reply": {"equals": "We are open."}}, "reply.equals"),
        ({"reply": {"not_contains": "open at"}}, "reply.not_contains"),
        ({"buttons": ["Return", "Talk"]}, "buttons"),
        ({"buttons": []}, "buttons"),
        ({"sources": []}, "sources"),
        ({"visibility": "private"}, "visibility"),
        ({"silence": "true"}, "silence"),
    ],
)
def test_what_is_not_as_expected_is_named(expected: dict[str, object], key: str) -> None:
    (mismatch,) = compare(Expectation.model_validate(expected), REPLY)
    assert mismatch.key == key
    assert mismatch.expected != mismatch.actual


def test_a_message_that_was_not_taken_in_is_silence() -> None:
    assert compare(Expectation(silence=True), Reply()) == ()
    assert len(compare(Expectation(silence=True, decision="silent"), Reply())) == 1

"""Test stories of Rasa become conversations."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.conversation_tests.rasa import conversations_of
from bot.app.conversation_tests.reading import load_conversations
from bot.app.conversation_tests.writing import conversation_file
from bot.errors import IntentsError
from bot.understanding.exchange import read_test_stories

STORIES = """\
version: "3.1"
stories:
- story: pay, then ask
  steps:
  - intent: greet
    user: |-
      hi
  - action: utter_greet
  - intent: Pay CC
    user: |-
      pay off my [emblm]{"entity": "credit_card", "value": "emblem"}
  - action: cc_payment_form
  - active_loop: cc_payment_form
  - slot_was_set:
    - credit_card: emblem
  - active_loop: null
- story: no pizza
  steps:
  - user: I want a pizza
    intent: out_of_scope
- story: cut short
  steps:
  - user: transfer money
    intent: transfer_money
  - intent: deny
  - action: utter_ok
- story: nothing said
  steps:
  - intent: nlu_fallback
  - action: utter_default
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "tests" / "test_stories.yml"
    file.parent.mkdir()
    file.write_text(STORIES, encoding="utf-8")
    return file


def test_messages_and_their_intents_are_taken_over(path: Path, tmp_path: Path) -> None:
    found = read_test_stories(path)
    file = tmp_path / "stories.yaml"
    file.write_text(conversation_file(conversations_of(found.stories)), encoding="utf-8")
    tests = load_conversations([file], ["greet", "pay_cc", "transfer_money"])
    said = [
        (turn.say, turn.expect.intent if turn.expect else None)
        for test in tests
        for turn in test.entry.turns
    ]
    assert said == [
        ("hi", ("greet",)),
        ("pay off my emblm", ("pay_cc",)),
        ("I want a pizza", ()),
        ("transfer money", ("transfer_money",)),
    ]
    assert [test.entry.name for test in tests] == ["pay, then ask", "no pizza", "cut short"]


def test_what_cannot_be_taken_over_is_listed_with_the_reason(path: Path) -> None:
    found = read_test_stories(path)
    assert found.count == 4
    assert found.incomplete == [
        ("cut short", "ends before a message without words (deny)"),
        ("nothing said", "left out: its first message has no words, only an intent"),
    ]
    listed = "\n".join(found.left_out.lines())
    for what in ("utter_greet", "cc_payment_form", "pay, then ask: credit_card", "`slots:`"):
        assert what in listed


def test_the_tests_of_a_project_are_found(path: Path, tmp_path: Path) -> None:
    (tmp_path / "stories.yml").write_text(STORIES, encoding="utf-8")
    assert read_test_stories(tmp_path).count == 4


def test_a_file_without_stories_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "test_nothing.yml"
    file.write_text("version: '3.1'\n", encoding="utf-8")
    with pytest.raises(IntentsError, match="no `stories:`"):
        read_test_stories(file)

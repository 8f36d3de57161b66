"""Forms whose actions are not set up, or whose reads are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.actions import RehearsedActions
from bot.answering.replies import Replies
from bot.understanding.intents import load_intents

ACTIONS = """\
version: 1
hosts: [shop.example.com]
actions:
  look:
    kind: read
    http:
      url: "https://shop.example.com/{number}"
      headers: {Authorization: "Bearer ${SHOP_TOKEN}"}
      timeout: 5 s
    proof: none
    returns: [status]
    on_error: handoff
"""

INTENTS = """\
version: 1
intents:
  - name: status
    examples: [a status, b status, c status, d status, e status]
    slots: {number: {type: number, ask: Which one?}}
    action: look
    reply:
      - {when: {error: unavailable}, text: Look it up yourself.}
      - text: It is {status}.
  - name: bare
    examples: [a bare, b bare, c bare, d bare, e bare]
    slots: {number: {type: number, ask: Which one?}}
    action: look
    reply: It is {status}.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "actions.yaml").write_text(ACTIONS, encoding="utf-8")
    (tmp_path / "intents.yaml").write_text(INTENTS, encoding="utf-8")
    return tmp_path


def replies(folder: Path, **environment: str) -> Replies:
    intents = load_intents(folder)
    actions = RehearsedActions(intents.actions, environment)
    return Replies(intents, language_default="en", values={}, actions=actions)


def test_without_its_variable_an_action_is_not_set_up_and_the_other_reply_is_given(
    folder: Path,
) -> None:
    found = replies(folder).answer("status", language="en", platform="slack", seed="s")
    assert found is not None
    assert (found.form, found.markdown) == (False, "Look it up yourself.")


def test_with_its_variable_the_form_begins(folder: Path) -> None:
    answers = replies(folder, SHOP_TOKEN="t")
    found = answers.answer("status", language="en", platform="slack", seed="s")
    assert found is not None
    assert found.form


def test_where_nothing_is_written_for_it_the_form_begins_and_says_so_itself(folder: Path) -> None:
    found = replies(folder).answer("bare", language="en", platform="slack", seed="s")
    assert found is not None
    assert found.form

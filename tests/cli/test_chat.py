"""`chat`, through the real service with a trained model."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli.command import Frontdesk
from tests.terminal.pty_session import PtySession


def test_piped_lines_are_answered_in_order(trained: Frontdesk) -> None:
    ran = trained("chat", typed="are you open today?\n1\nwhat does shipping cost?\n")
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    lines = ran.out.splitlines()
    assert lines[0] == "you: are you open today?"
    assert lines[1].startswith("bot: Hi! I'm Frontdesk, an AI assistant.")
    assert "     We are open Monday to Saturday, 9 am to 6 pm." in lines
    assert "     1) Talk to a person" in lines
    assert lines[lines.index("you: 1") + 1].endswith("hello@example.com.")
    assert "4.90" in ran.out.split("you: what does shipping cost?")[1]


def test_why_explains_the_last_decision(trained: Frontdesk) -> None:
    ran = trained("chat", typed="are you open today?\n/why\n")
    explained = ran.out.split("you: /why\n")[1]
    assert "opening_hours" in explained
    assert "threshold" in explained


def test_chat_leaves_no_database_behind(trained: Frontdesk) -> None:
    before = sorted(trained.folder.rglob("*"))
    assert trained("chat", typed="hello\n").code == 0
    assert sorted(trained.folder.rglob("*")) == before


@pytest.fixture
def chat(trained: Frontdesk) -> Iterator[PtySession]:
    """The command in a terminal."""
    settings = trained.folder / "chat.yaml"
    settings.write_text(json.dumps({"terminal": {"history": str(trained.folder / "history")}}))
    command = [*trained.command, "chat", "--config", str(settings)]
    with PtySession(command, trained.environment) as session:
        yield session
    settings.unlink()


def test_person_is_welcomed_answered_and_let_go(chat: PtySession) -> None:
    banner = chat.expect("you ›")
    assert "Frontdesk knows 6 intents (model " in banner
    chat.enter("are you open today?")
    assert "an AI assistant" in chat.expect("9 am to 6 pm.")
    assert " 1  Talk to a person" in chat.expect("you › ")
    chat.enter("1")
    chat.expect("you › ")
    chat.enter("/why")
    assert "the customer chose speak_to_human" in chat.expect("you › ")
    chat.type("\x04")
    assert chat.wait() == 0

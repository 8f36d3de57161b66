"""A person at a terminal."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.terminal.pty_session import PtySession


def test_banner_opens_the_chat(desk: list[str], environment: dict[str, str]) -> None:
    with PtySession(desk, environment) as session:
        assert "Desk: type something" in session.expect("you ›")


def test_answer_comes_before_the_next_prompt(session: PtySession) -> None:
    session.enter("hello")
    assert "Hello! How can I help?" in session.expect("you › ")


def test_number_presses_the_choice_that_it_stands_for(session: PtySession) -> None:
    session.enter("choices")
    shown = session.expect("you › ")
    assert " 1  Track my order" in shown
    assert " 2  Return something" in shown
    session.enter("2")
    session.expect("You pressed b2: Return something.")


def test_number_of_no_choice_is_a_message(session: PtySession) -> None:
    session.enter("choices")
    session.expect("you › ")
    session.enter("3")
    session.expect("You said: 3")


def test_choices_are_gone_after_the_next_answer(session: PtySession) -> None:
    for line in ("choices", "hello"):
        session.enter(line)
        session.expect("you › ")
    session.enter("1")
    session.expect("You said: 1")


def test_markdown_is_rendered_once_with_its_links(session: PtySession) -> None:
    session.enter("long")
    session.expect("from Returns https://example.com/returns")
    settled = session.raw.rsplit("Fill in the form", 1)[1]
    assert "**" not in settled
    assert "Stick on the label." in settled


def test_why_explains_the_last_decision(session: PtySession) -> None:
    session.enter("hello")
    session.expect("you › ")
    session.enter("/why")
    shown = session.expect("you › ")
    assert "track_order" in shown
    assert "██████████████████░░ 0.91" in shown
    assert "0.55" in shown
    assert "returns.md#How" in shown
    assert "track_order at 0.91 reaches 0.55" in shown
    assert "understand 3.2 ms" in shown


def test_why_before_any_question_says_so(session: PtySession) -> None:
    session.enter("/why")
    session.expect("ask something first")


def test_help_lists_the_commands(session: PtySession) -> None:
    session.enter("/help")
    shown = session.expect("you › ")
    assert "/why" in shown
    assert "/quit" in shown


@pytest.mark.parametrize("keys", ["\x03", "\x04", "/quit\r"], ids=["ctrl-c", "ctrl-d", "quit"])
def test_leaving_ends_in_good_order(session: PtySession, keys: str) -> None:
    session.type(keys)
    assert session.wait() == 0
    assert "Traceback" not in session.raw


def test_sigterm_ends_in_good_order_and_gives_the_terminal_back(session: PtySession) -> None:
    session.signal(signal.SIGTERM)
    assert session.wait() == 0
    assert "Traceback" not in session.raw


def test_what_was_typed_is_remembered_in_the_next_chat(
    desk: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    with PtySession(desk, environment) as session:
        session.expect("you ›")
        session.enter("hello")
        session.expect("you › ")
        session.type("\x04")
        session.wait()
    assert "+hello" in (tmp_path / "history").read_text()
    with PtySession(desk, environment) as session:
        session.expect("you ›")
        session.type("\x1b[A\r")
        session.expect("How can I help?")


def test_history_that_cannot_be_written_stops_nobody(
    desk: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "history").mkdir()
    with PtySession(desk, environment) as session:
        session.expect("you ›")
        session.enter("hello")
        session.expect("How can I help?")


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_no_escape_codes_where_they_are_unwanted(
    desk: list[str], environment: dict[str, str], setting: dict[str, str]
) -> None:
    with PtySession(desk, environment | setting) as session:
        session.expect("you: ")
        session.enter("long")
        session.expect("you: ")
        session.enter("/why")
        session.expect("you: ")
        session.type("\x04")
        assert session.wait() == 0
    assert "\x1b" not in session.raw


def test_plain_replies_are_wrapped_between_words_at_80_columns(
    desk: list[str], environment: dict[str, str]
) -> None:
    with PtySession(desk, environment | {"NO_COLOR": "1"}) as session:
        session.expect("you: ")
        session.enter("long")
        lines = session.expect("you: ").splitlines()
    assert max(len(line) for line in lines) <= 80
    assert lines[0] == "bot: Returns"
    assert all(line.startswith("     ") for line in lines[1:-1] if line)


def test_silence_asks_for_the_next_line(session: PtySession) -> None:
    session.enter("silence")
    session.expect("you › ")
    session.enter("hello")
    session.expect("How can I help?")

"""`test` with conversation files, and `chat --record`, which writes them."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import parse

from tests.cli.command import Frontdesk

RIGHT = """\
version: 1
conversations:
  - name: opening hours
    turns:
      - say: are you open today?
        expect: {intent: opening_hours, reply: an AI assistant, buttons: [Talk to a person]}
      - restart: true
      - press: 1
        expect: {decision: handoff, reply: {not_contains: an AI assistant}}
"""
WRONG = """\
  - name: wrong
    turns:
      - say: are you open today?
        expect: {reply: {equals: We are closed.}, buttons: []}
      - press: Buy a boat
      - say: hello
        expect: {silence: true}
"""


def test_a_failing_turn_is_shown_with_what_was_expected_and_what_came(
    trained: Frontdesk, tmp_path: Path
) -> None:
    file, report = tmp_path / "talk.yaml", tmp_path / "out" / "junit.xml"
    file.write_text(RIGHT + WRONG)
    ran = trained("test", "--files", str(file), "--junit", str(report))
    assert (ran.code, ran.err) == (1, "")
    assert "\x1b" not in ran.out
    lines = ran.out.splitlines()
    assert f"{file}:12: wrong: turn 1: say: are you open today?" in lines
    assert "      - We are closed." in lines
    assert "      + Talk to a person" in lines
    assert f"{file}:14: wrong: turn 2: press: Buy a boat" in lines
    assert "turn 3" not in ran.out
    assert lines[-1] == "2 conversations, 1 failed"
    root = parse(report).getroot()  # noqa: S314 - our own file
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    (failure,) = root.findall("testsuite/testcase[@name='wrong']/failure")
    assert "- We are closed." in (failure.text or "")


def test_json_lists_every_conversation(trained: Frontdesk, tmp_path: Path) -> None:
    (tmp_path / "talk.yaml").write_text(RIGHT)
    ran = trained("test", "--files", str(tmp_path), "--json")
    assert ran.code == 0
    (conversation,) = ran.json()["conversations"]
    assert (conversation["name"], conversation["passed"]) == ("opening hours", True)


def test_conversations_beside_the_intents_are_run_and_checked(copied: Frontdesk) -> None:
    folder = copied.folder / "intents" / "conversations"
    folder.mkdir()
    (folder / "talk.yaml").write_text(RIGHT)
    assert copied("test").out.splitlines()[-1] == "1 conversation, 0 failed"
    (folder / "talk.yaml").write_text(RIGHT.replace("opening_hours", "opening_huors"))
    checked = copied("check")
    assert checked.code == 1
    assert 'did you mean "opening_hours"?' in checked.out
    assert copied("test").code == 1


def test_a_recorded_chat_passes_when_it_is_run(trained: Frontdesk, tmp_path: Path) -> None:
    file = tmp_path / "new" / "chat.yaml"
    typed = "hello\nare you open today?\n1\n/why\nwhat does shipping cost?\nxyzzy plugh\n"
    recorded = trained("chat", "--record", str(file), typed=typed)
    assert recorded.code == 0, recorded.err
    assert file.read_text().count("- say:") == 4
    assert "press: Talk to a person" in file.read_text()
    ran = trained("test", "--files", str(file))
    assert (ran.code, ran.out) == (0, "1 conversation, 0 failed\n")


def test_a_recording_overwrites_nothing(trained: Frontdesk, tmp_path: Path) -> None:
    file = tmp_path / "chat.yaml"
    file.write_text("mine")
    ran = trained("chat", "--record", str(file), typed="hello\n")
    assert ran.code == 1
    assert "name another file" in ran.err
    assert file.read_text() == "mine"


def test_a_silent_chat_writes_no_file(trained: Frontdesk, tmp_path: Path) -> None:
    ran = trained("chat", "--record", str(tmp_path / "chat.yaml"), typed="/help\n")
    assert ran.code == 0
    assert not list(tmp_path.iterdir())


def test_schema_of_conversations(frontdesk: Frontdesk) -> None:
    ran = frontdesk("schema", "--conversations")
    assert ran.json()["title"] == "Frontdesk conversation tests"

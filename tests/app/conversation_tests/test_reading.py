"""Mistakes in conversation files are told at their place, with the remedy."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.app.conversation_tests.reading import inspect_conversations
from bot.app.conversation_tests.schema import SCHEMA_PATH, conversation_file_schema

ROOT = Path(__file__).parents[3]


def told(tmp_path: Path, turn: str, head: str = "") -> list[str]:
    file = tmp_path / "talk.yaml"
    file.write_text(f"version: 1\nconversations:\n  - name: a\n{head}    turns:\n      - {turn}\n")
    _, problems = inspect_conversations([file], ["hours", "returns"])
    return [str(problem).removeprefix(f"{file}:") for problem in problems]


@pytest.mark.parametrize(
    ("turn", "place", "said"),
    [
        ("{sya: hello}", "5:10", 'did you mean "say"?'),
        ("{say: hello, press: 1}", "5:9", "write one of `say`, `press`, `wait` and `restart`"),
        ("{expect: {silence: true}}", "5:9", "no step"),
        ("{restart: false}", "5:19", "write `restart: true`"),
        ("{restart: true, expect: {silence: true}}", "5:9", "delete `expect`"),
        ("{wait: P3D}", "5:16", "write for example 90 s"),
        ("{wait: 3 weeks}", "5:16", "write for example 90 s"),
        ("{wait: 0 s}", "5:16", "is not between"),
        ("{say: hi, expect: {decision: intnet}}", "5:38", 'did you mean "intent"?'),
        ("{say: hi, expect: {intent: huors}}", "5:36", 'did you mean "hours"?'),
        ("{say: hi, expect: {reply: {contain: x}}}", "5:36", 'did you mean "contains"?'),
        ("{say: hi, expect: {silence: true, buttons: [a]}}", "5:27", "`silence` and `buttons`"),
        ("{say: hi, author: 'a:b'}", "5:27", "has a colon or a space"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, turn: str, place: str, said: str) -> None:
    (problem,) = told(tmp_path, turn)
    assert problem.startswith(f"{place}: ")
    assert said in problem


def test_an_unknown_platform_is_told(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, "say: hi", head="    platform: slak\n")
    assert problem.startswith("4:15: ")
    assert 'did you mean "slack"?' in problem


def test_an_empty_folder_and_an_empty_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "empty.yaml").touch()
    _, problems = inspect_conversations([tmp_path / "none", tmp_path / "empty.yaml"], [])
    assert [problem.path.name for problem in problems] == ["none", "empty.yaml"]


@pytest.mark.parametrize(
    ("written", "seconds"), [("90 s", 90), ("45min", 2700), ("2 hours", 7200), ("1 day", 86400)]
)
def test_durations(tmp_path: Path, written: str, seconds: int) -> None:
    file = tmp_path / "talk.yaml"
    file.write_text(
        f"version: 1\nconversations:\n  - name: a\n    turns:\n      - wait: {written}\n"
    )
    (test,), problems = inspect_conversations([file], [])
    assert problems == ()
    assert test.entry.turns[0].wait == timedelta(seconds=seconds)


def test_the_schema_in_the_documentation_is_the_one_of_the_code() -> None:
    assert json.loads((ROOT / SCHEMA_PATH).read_text("utf-8")) == conversation_file_schema()


def test_the_shops_files_fit_the_schema() -> None:
    files = list((ROOT / "intents/conversations").glob("*.yaml"))
    assert files
    for file in files:
        jsonschema.validate(yaml.safe_load(file.read_text("utf-8")), conversation_file_schema())

"""Folders and files that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.intents import inspect_intents
from bot.yamlfile import MAX_BYTES
from tests.understanding.shop import SOUND, changed, found


def test_a_sound_file_has_no_problems(tmp_path: Path) -> None:
    assert changed(tmp_path) == []


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    _, (problem,) = inspect_intents(tmp_path / "nowhere")
    assert str(problem).endswith(
        "nowhere: there is no such folder: run `frontdesk init`, or set `intents:` in config.yaml"
        " to your folder of intents"
    )


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "intents").write_text("")
    _, (problem,) = inspect_intents(tmp_path / "intents")
    assert problem.wrong == "not a folder"


def test_a_folder_without_intent_files(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, catalogue="version: 1\n")
    assert "no intent file (*.yaml) in this folder: write one" in problem


def test_files_without_intents(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, outside="version: 1\nout_of_scope: [tell me a joke]\n")
    assert "no file defines an intent" in problem


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "\ufeff"])
def test_an_empty_file(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, a=text) == [
        "a.yaml: the file is empty: write something into it, or delete it"
    ]


def test_a_file_that_says_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, a="version: 1\n") == [
        "a.yaml:1:1: the file defines nothing: add `intents:` or `out_of_scope:`"
    ]


def test_a_file_above_the_limit_is_refused_with_the_limit_named(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, big=b"#" * 10_000_000)
    assert problem == (
        f"big.yaml: 10,000,000 bytes, more than the limit of {MAX_BYTES:,}: "
        "split it into several files"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (SOUND.encode("utf-16"), "a.yaml: the encoding is UTF-16: save the file as UTF-8"),
        (SOUND.encode("utf-32"), "a.yaml: the encoding is UTF-32: save the file as UTF-8"),
        (SOUND.encode("utf-16-le"), "a.yaml: the encoding is UTF-16 or UTF-32, or the file is no"),
        (
            SOUND.replace("late", "vérloren").encode("latin-1"),
            "a.yaml:7:23: not UTF-8 (byte 0xE9), probably Latin-1 or Windows-1252: save the file",
        ),
    ],
)
def test_other_encodings_are_named(tmp_path: Path, data: bytes, said: str) -> None:
    (problem,) = found(tmp_path, a=data)
    assert problem.startswith(said)


def test_every_control_character_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, a="version: 1\n# \x00\n#  \x1b\n") == [
        "a.yaml:2:3: the control character U+0000: delete it",
        "a.yaml:3:4: the control character U+001B: delete it",
    ]

"""`safety.yaml`: admins word what customers in danger are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.ports import DangerKind
from bot.understanding.intents import inspect_intents, load_intents
from tests.understanding.shop import SOUND


def folder(path: Path, safety: str) -> Path:
    (path / "shop.yaml").write_text(SOUND, encoding="utf-8")
    (path / "safety.yaml").write_text(safety, encoding="utf-8")
    return path


def test_texts_are_read_by_kind_and_language(tmp_path: Path) -> None:
    safety = """\
version: 1
texts:
  fire: {en: "Out! Call {emergency}.", de: "Raus!"}
  self_harm: "Call {crisis}, or us: {contact}."
  legal_threat: off
"""
    found = load_intents(folder(tmp_path, safety)).safety
    assert found.texts == {
        DangerKind.FIRE: {"en": "Out! Call {emergency}.", "de": "Raus!"},
        DangerKind.SELF_HARM: {"en": "Call {crisis}, or us: {contact}."},
    }
    assert found.ignored == {DangerKind.LEGAL_THREAT}


def test_without_the_file_nothing_is_worded(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(SOUND, encoding="utf-8")
    found = load_intents(tmp_path).safety
    assert (found.texts, found.ignored) == ({}, frozenset())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fire: off", "safety.yaml:3:9: texts.fire: cannot be switched off: people may be in"),
        ("self_harm: off", "safety.yaml:3:14: texts.self_harm: cannot be switched off: people"),
        ("injury: no", 'safety.yaml:3:11: texts.injury: "no" is no text to say: write `off`'),
        ("gas: ''", "safety.yaml:3:8: texts.gas: the text is empty: write it, or delete"),
        ("gas: {}", "safety.yaml:3:8: texts.gas: nothing is written here: write a text"),
        ("gas: {en: ' '}", "safety.yaml:3:13: texts.gas.en: the text is empty"),
        ("gas: {xx1: Out}", 'safety.yaml:3:9: texts.gas.xx1: "xx1" is not a language tag'),
        ("gas: [Out]", "safety.yaml:3:8: texts.gas: a list where a mapping is expected"),
        ("fyre: Out", 'safety.yaml:3:3: texts.fyre: unknown key: did you mean "fire"?'),
        (
            "gas: 'Call {emergancy}'",
            'safety.yaml:3:8: texts.gas: no placeholder "{emergancy}" here: did you mean "emerg',
        ),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, line: str, said: str) -> None:
    path = folder(tmp_path, f"version: 1\ntexts:\n  {line}\n")
    intents, problems = inspect_intents(path)
    assert intents is None
    (problem,) = (str(problem).removeprefix(f"{path}/") for problem in problems)
    assert problem.startswith(said)


@pytest.mark.parametrize("text", ["", "version: 3\n", "version: 1\ntext: {}\n", "texts: {}\n"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    intents, problems = inspect_intents(folder(tmp_path, text))
    assert intents is None
    assert all(problem.path.name == "safety.yaml" for problem in problems)

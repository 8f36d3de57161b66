"""What a model learns of the things that customers name, whatever a shop sells."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from bot.errors import ModelError
from bot.ports import Attitude
from bot.understanding.model.attitude_head import FILE, WORDS, read_attitudes, unmarked
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.named_places import places
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.model.shipped_examples import shipped_lines
from bot.understanding.training.heads import shipped


@pytest.mark.parametrize(
    ("line", "attitudes"),
    [
        ("a [steel]w pan without a [lid]a", [Attitude.WANT, Attitude.AVOID]),
        ("a fan, [white]l if possible", [Attitude.LIKE]),
        ("it doesn't need to be [foldable]n", [Attitude.ANY]),
        ("my old one was [blue]p, now I want a [green]w one", [Attitude.PAST, Attitude.WANT]),
        ("any chair in [oak]w", [Attitude.WANT]),
    ],
)
def test_a_model_tells_what_is_wanted(line: str, attitudes: list[Attitude], trained: Path) -> None:
    text, named, labels = unmarked(line)
    found = load_classifier(trained).recogniser("en").attitudes(text, named, "en")
    assert [list(Attitude)[label] for label in labels] == attitudes
    assert [max(each, key=lambda one: each[one]) for each in found] == attitudes
    assert all(sum(each.values()) == pytest.approx(1, abs=1e-3) for each in found)


def test_nothing_named_is_nothing_thought_of(trained: Path) -> None:
    assert load_classifier(trained).recogniser("en").attitudes("a chair", [], "en") == []


def test_what_is_named_does_not_matter_to_what_is_thought_of_it() -> None:
    one, other = "a red one, not blue", "a wet one, not soft"
    spans = [(2, 5), (15, 19)]
    assert places(one, spans, "en") == places(other, spans, "en")


def test_a_model_tells_which_attitudes_it_has_learned_from(trained: Path) -> None:
    version = ModelRegistry(trained).current()
    manifest = json.loads((version / "manifest.json").read_text())
    assert manifest["settings"]["attitudes"] == shipped()["attitudes"]
    assert {FILE, WORDS} <= set(manifest["files"])


def test_a_model_of_an_earlier_version_tells_nothing(tmp_path: Path) -> None:
    assert read_attitudes(tmp_path, 8) is None


@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {"dense": np.zeros((2, 5), dtype=np.float32)},
        {
            "dense": np.zeros((2, 5), dtype=np.float32),
            "sparse": np.zeros((1, 5), dtype=np.float16),
            "bias": np.zeros(5, dtype=np.float32),
        },
    ],
)
def test_a_damaged_file_is_named_with_its_remedy(
    tensors: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    save_file(tensors, tmp_path / FILE)
    (tmp_path / WORDS).write_text('["b"]')
    with pytest.raises(ModelError, match=r"attitudes\.safetensors: .*run `frontdesk train`"):
        read_attitudes(tmp_path, 8)


def test_every_example_is_marked() -> None:
    lines = [
        line
        for languages in shipped_lines("attitudes.yaml").values()
        for each in languages.values()
        for line in each
    ]
    assert len(lines) > 600
    assert all(unmarked(line)[1] for line in lines)
    assert not [line for line in lines if "[" in unmarked(line)[0]]

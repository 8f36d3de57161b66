"""What a model learns of messages about a danger, beside what admins teach."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from bot.errors import ModelError
from bot.ports import DangerKind
from bot.understanding.language.danger import danger_phrase
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.danger_head import FILE, read_danger
from bot.understanding.model.message_heads import MessageHeads
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.model.shipped_examples import alternatives, shipped_lines
from bot.understanding.training.heads import shipped


async def test_a_model_reads_each_text(trained: Path) -> None:
    heads = MessageHeads(load_classifier(trained))
    texts = ["the charger caught fire last night", "where is my order", ""]
    readings = await heads.dangers(texts, language="en")
    assert heads.are_there
    assert len(readings) == len(texts)
    assert all(0 <= each.probability <= 1 for each in readings)
    assert readings[0].probability > readings[1].probability


def test_a_model_tells_which_examples_it_has_learned_from(trained: Path) -> None:
    manifest = json.loads((ModelRegistry(trained).current() / "manifest.json").read_text())
    assert manifest["settings"]["danger"] == shipped()["danger"]
    assert FILE in manifest["files"]


def test_a_model_of_an_earlier_version_cannot_tell(tmp_path: Path) -> None:
    assert read_danger(tmp_path, 8) is None


@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {"anchors": np.zeros((2, 8), dtype=np.float16)},
        {
            "anchors": np.zeros((2, 4), dtype=np.float16),
            "weights": np.zeros((2, len(DangerKind)), dtype=np.float32),
        },
    ],
)
def test_a_damaged_file_is_named_with_its_remedy(
    tensors: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    save_file(tensors, tmp_path / FILE)
    with pytest.raises(ModelError, match=r"danger\.safetensors: .*run `frontdesk train`"):
        read_danger(tmp_path, 8)


def test_there_are_about_as_many_harmless_examples_as_dangerous_ones() -> None:
    lines = shipped_lines("safety.yaml")
    assert lines.keys() == {*map(str, DangerKind), "harmless"}
    counts = {
        kind: sum(len(list(alternatives(line))) for each in languages.values() for line in each)
        for kind, languages in lines.items()
    }
    harmless = counts.pop("harmless")
    assert all(languages.keys() == {"en", "de", "zh", "es"} for languages in lines.values())
    assert sum(counts.values()) > 2_000
    assert 0.7 < harmless / sum(counts.values()) < 1.4


@pytest.mark.parametrize("tag", shipped_lines("safety.yaml")["harmless"])
def test_no_harmless_example_has_a_fixed_phrase(tag: str) -> None:
    lines = shipped_lines("safety.yaml")["harmless"][tag]
    texts = [text for line in lines for text in alternatives(line)]
    assert [text for text in texts if danger_phrase(text)] == []

"""What a model learns of wishes for a person, beside what admins teach."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from bot.errors import ModelError
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.person_head import FILE, read_person
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.training.heads import shipped


async def test_a_model_reads_each_text(trained: Path) -> None:
    texts = ["talk to a human", "where is my order", ""]
    readings = await load_classifier(trained).wishes(texts, language="en")
    assert len(readings) == len(texts)
    assert all(0 <= each.wanted <= 1 and 0 <= each.mentioned <= 1 for each in readings)
    assert readings[0].wanted > readings[1].wanted


def test_a_model_tells_which_examples_it_has_learned_from(trained: Path) -> None:
    manifest = json.loads((ModelRegistry(trained).current() / "manifest.json").read_text())
    assert manifest["settings"]["person"] == shipped()["person"]
    assert FILE in manifest["files"]


def test_a_model_of_an_earlier_version_cannot_tell(tmp_path: Path) -> None:
    assert read_person(tmp_path, 8) is None


@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {"dense": np.zeros((16, 3), dtype=np.float32)},
        {"dense": np.zeros((8, 3), dtype=np.float32), "bias": np.zeros(3, dtype=np.float32)},
    ],
)
def test_a_damaged_file_is_named_with_its_remedy(
    tensors: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    save_file(tensors, tmp_path / FILE)
    with pytest.raises(ModelError, match=r"person\.safetensors: .*run `frontdesk train`"):
        read_person(tmp_path, 8)

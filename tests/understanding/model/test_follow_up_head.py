"""What a model learns of messages that lean on what was said before."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from bot.errors import ModelError
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.follow_up_head import (
    FILE,
    read_follow_ups,
)
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.training.heads import shipped


async def test_a_model_tells_complete_leaning_and_empty_messages_apart(trained: Path) -> None:
    texts = ["where is my order", "and how long does that take", "and the other one?"]
    complete, leaning, empty = await load_classifier(trained).leanings(texts, language="en")
    assert leaning.leaning > complete.leaning
    assert empty.empty > complete.empty


def test_a_model_tells_which_examples_it_has_learned_from(trained: Path) -> None:
    manifest = json.loads((ModelRegistry(trained).current() / "manifest.json").read_text())
    assert manifest["settings"]["follow_ups"] == shipped()["follow_ups"]
    assert FILE in manifest["files"]


def test_a_model_of_an_earlier_version_cannot_tell(tmp_path: Path) -> None:
    assert read_follow_ups(tmp_path, 8) is None


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
    with pytest.raises(ModelError, match=r"follow_ups\.safetensors: .*run `frontdesk train`"):
        read_follow_ups(tmp_path, 8)

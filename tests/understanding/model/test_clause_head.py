"""What a model learns of negated requests, apart from what admins teach."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from bot.errors import ModelError
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.clause_head import FILE, WORDS, read_clause_head
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.training.heads import shipped


async def test_a_model_reads_what_each_text_does(trained: Path) -> None:
    texts = ["I don't want to change my seat", "why can't I change my seat", "thank you", ""]
    readings = await load_classifier(trained).read_clauses(texts, language="en")
    assert len(readings) == len(texts)
    for each in readings:
        assert each.request + each.negated + each.background + each.contrast == pytest.approx(1)
    assert readings[0].negated > readings[0].request
    assert readings[1].request > 0.5
    assert readings[2].background > 0.5


def test_a_model_names_the_clause_examples_that_it_learned_from(trained: Path) -> None:
    manifest = json.loads((ModelRegistry(trained).current() / "manifest.json").read_text())
    assert manifest["settings"]["clauses"] == shipped()["clauses"]
    assert {FILE, WORDS} <= manifest["files"].keys()


def test_a_model_of_an_earlier_version_reads_no_clauses(tmp_path: Path) -> None:
    assert read_clause_head(tmp_path, 8) is None


@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {
            "dense": np.zeros((8, 4), dtype=np.float32),
            "sparse": np.zeros((1, 4), dtype=np.float16),
            "bias": np.zeros(4, dtype=np.float32),
            "idf": np.zeros(1, dtype=np.float32),
        },
    ],
)
def test_a_damaged_clause_head_is_named_with_its_remedy(
    tensors: dict[str, NDArray[np.generic]], tmp_path: Path
) -> None:
    save_file(tensors, tmp_path / FILE)
    (tmp_path / WORDS).write_text('["no"]', encoding="utf-8")
    with pytest.raises(ModelError, match=r"clauses\.safetensors: .*run `frontdesk train`"):
        read_clause_head(tmp_path, 8)

"""What a model learns of the reasons that customers give."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from bot.errors import ModelError
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.message_heads import MessageHeads
from bot.understanding.model.reason_head import FILE, read_reasons
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.model.shipped_examples import shipped_lines
from bot.understanding.training.heads import shipped


async def test_a_learned_reason_is_of_the_kind_of_its_words(trained: Path) -> None:
    heads = MessageHeads(load_classifier(trained))
    late, line, small = await heads.reasons(
        ["too late", "the wedding was over by then", "too small"], language="en"
    )
    kinds = list(shipped_lines("reasons.yaml"))
    assert kinds[int(np.argmax(late))] == "late"
    assert kinds[int(np.argmax(small))] == "fit"
    assert len(line) == len(kinds)


def test_a_model_tells_which_reasons_it_has_learned_from(trained: Path) -> None:
    manifest = json.loads((ModelRegistry(trained).current() / "manifest.json").read_text())
    assert manifest["settings"]["reasons"] == shipped()["reasons"]
    assert FILE in manifest["files"]


def test_a_model_of_an_earlier_version_knows_no_reasons(tmp_path: Path) -> None:
    assert read_reasons(tmp_path, 8) is None


def test_a_damaged_file_of_reasons_is_named_with_its_remedy(tmp_path: Path) -> None:
    save_file({"anchors": np.zeros((2, 8), dtype=np.float16)}, tmp_path / FILE)
    with pytest.raises(ModelError, match=r"reasons\.safetensors: .*run `frontdesk train`"):
        read_reasons(tmp_path, 8)


def test_every_kind_of_reason_has_examples_in_six_languages() -> None:
    lines = shipped_lines("reasons.yaml")
    assert all(
        languages.keys() == {"en", "de", "zh", "nl", "fr", "es"} for languages in lines.values()
    )

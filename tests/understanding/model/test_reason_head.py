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


async def test_reasons_of_a_kind_score_higher_for_it_than_others(trained: Path) -> None:
    heads = MessageHeads(load_classifier(trained))
    shipped_reasons = shipped_lines("reasons.yaml")
    late, fit = (shipped_reasons[kind]["en"] for kind in ("late", "fit"))
    scores = np.array(await heads.reasons([*late, *fit], language="en"))
    assert scores.shape == (len(late) + len(fit), len(shipped_reasons))
    for kind, own in (("late", slice(len(late))), ("fit", slice(len(late), None))):
        of_kind = scores[:, list(shipped_reasons).index(kind)]
        assert of_kind[own].mean() > of_kind.mean()


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

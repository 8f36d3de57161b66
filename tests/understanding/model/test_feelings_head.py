"""What a model learns of feelings, beside what admins teach."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from bot.errors import ModelError
from bot.sentiment import Feeling, Sentiment
from bot.understanding.language.writing import N_MARKS, marks
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.feelings_head import (
    CALIBRATION,
    FILE,
    read_feelings,
)
from bot.understanding.model.message_heads import MessageHeads
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.model.shipped_examples import shipped_lines
from bot.understanding.training.heads import shipped


async def test_a_model_reads_each_text(trained: Path) -> None:
    heads = MessageHeads(load_classifier(trained))
    texts = ["WHERE IS MY ORDER??? 😡", "thank you so much, I love it 😍", ""]
    found = await heads.sentiments(texts, language="en")
    assert len(found) == len(texts)
    assert all(0 <= each.frustrated <= 1 - each.pleased <= 1 for each in found)
    assert found[0].frustrated > found[1].frustrated
    assert found[1].pleased > found[0].pleased


def test_a_model_tells_which_examples_it_has_learned_from(trained: Path) -> None:
    manifest = json.loads((ModelRegistry(trained).current() / "manifest.json").read_text())
    assert manifest["settings"]["feelings"] == shipped()["feelings"]
    assert {FILE, CALIBRATION} <= manifest["files"].keys()


def test_a_model_of_an_earlier_version_cannot_tell(tmp_path: Path) -> None:
    assert read_feelings(tmp_path, 8) is None


SOUND = {
    "anchors": np.zeros((2, 8 + N_MARKS), dtype=np.float16),
    "weights": np.zeros((2, 2), dtype=np.float32),
}


@pytest.mark.parametrize("tensors", [{}, SOUND | {"anchors": np.zeros((2, 8), dtype=np.float16)}])
def test_a_damaged_file_is_named_with_its_remedy(
    tensors: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    save_file(tensors, tmp_path / FILE)
    with pytest.raises(ModelError, match=r"feelings\.safetensors: .*run `frontdesk train`"):
        read_feelings(tmp_path, 8)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"scale": "much"}'])
def test_a_damaged_calibration_is_named_with_its_remedy(text: str, tmp_path: Path) -> None:
    save_file(SOUND, tmp_path / FILE)
    (tmp_path / CALIBRATION).write_text(text)
    with pytest.raises(ModelError, match=r"feelings\.json: .*run `frontdesk train`"):
        read_feelings(tmp_path, 8)


def test_there_are_examples_of_each_feeling_and_of_sarcasm_in_each_language() -> None:
    lines = shipped_lines("feelings.yaml")
    assert lines.keys() == {"frustrated", "neutral", "pleased", "sarcastic"}
    assert all(each.keys() == {"en", "de", "zh", "es"} for each in lines.values())


@pytest.mark.parametrize(
    ("sentiment", "feeling"),
    [
        (Sentiment(0.5, 0.1), Feeling.FRUSTRATED),
        (Sentiment(0.4, 0.45), Feeling.PLEASED),
        (Sentiment(0.3, 0.3), Feeling.NEUTRAL),
    ],
)
def test_the_likeliest_feeling_counts(sentiment: Sentiment, feeling: Feeling) -> None:
    assert sentiment.feeling is feeling


def test_abbreviations_are_not_shouted() -> None:
    texts = [
        "ASAP",
        "WHERE IS MY PARCEL",
        "",
        "WHERE IS IT? It should be here by now",
        "the TV or the PC",
    ]
    assert marks(texts)[:, 0].tolist() == [0, 1, 0, 1, 0]

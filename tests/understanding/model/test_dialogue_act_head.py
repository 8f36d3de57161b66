"""What a model learns of lines in an open form, whatever the form asks for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from bot.errors import ModelError
from bot.ports import Asked, DialogueAct
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.dialogue_act_head import FILE, read_dialogue_acts
from bot.understanding.model.message_heads import MessageHeads
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.model.shipped_examples import shipped_lines
from bot.understanding.training.heads import shipped


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("I don't remember that", DialogueAct.SKIP),
        ("forget the whole thing", DialogueAct.STOP),
        ("why do you need that", DialogueAct.WHY),
        ("which number do you mean?", DialogueAct.REPEAT),
        ("do you also rent bikes?", DialogueAct.ELSEWHERE),
    ],
)
async def test_a_model_tells_what_a_line_does(text: str, act: DialogueAct, trained: Path) -> None:
    heads = MessageHeads(load_classifier(trained))
    texts = [text, "the lamp makes a strange noise", ""]
    readings = await heads.dialogue_acts(texts, asked=Asked.VALUE, language="en")
    assert readings[0][act] > readings[1][act]
    assert all(each.keys() == set(DialogueAct) for each in readings)


def test_a_model_tells_which_examples_it_has_learned_from(trained: Path) -> None:
    manifest = json.loads((ModelRegistry(trained).current() / "manifest.json").read_text())
    assert manifest["settings"]["dialogue_acts"] == shipped()["dialogue_acts"]
    assert FILE in manifest["files"]


def test_a_model_of_an_earlier_version_cannot_tell(tmp_path: Path) -> None:
    assert read_dialogue_acts(tmp_path, 8) is None


@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {"anchors": np.zeros((2, 8), dtype=np.float16)},
        {
            "anchors": np.zeros((2, 8), dtype=np.float16),
            "weights": np.zeros((2, len(DialogueAct)), dtype=np.float32),
        },
    ],
)
def test_a_damaged_file_is_named_with_its_remedy(
    tensors: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    save_file(tensors, tmp_path / FILE)
    with pytest.raises(ModelError, match=r"dialogue_acts\.safetensors: .*run `frontdesk train`"):
        read_dialogue_acts(tmp_path, 8)


def test_every_act_has_examples_in_six_languages() -> None:
    lines = shipped_lines("dialogue_acts.yaml")
    assert lines.keys() == {*map(str, DialogueAct), "values", "texts", "undecided", "idle"}
    assert all(
        languages.keys() == {"en", "de", "zh", "nl", "fr", "es"} for languages in lines.values()
    )

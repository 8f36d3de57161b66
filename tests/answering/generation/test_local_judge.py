"""A local judge: a tiny cross-encoder that is trained here, loaded as an admin's would be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from bot.answering.generation.local_judge import CrossEncoder, LocalJudge
from bot.app.gpt import judge_of
from bot.config.schema import Config, load_config
from bot.errors import FrontdeskError
from bot.messages import Author, Message, Source
from bot.ports import Passage

PAIRS = [
    ("the pool is free", "the pool is free", True),
    ("the pool is free", "pool free", True),
    ("the sauna costs seven euros", "the sauna costs seven euros", True),
    ("the sauna costs seven euros", "sauna seven euros", True),
    ("the pool is free", "the pool is not free", False),
    ("the pool is free", "the pool costs seven euros", False),
    ("the sauna costs seven euros", "the sauna is free", False),
    ("the sauna costs seven euros", "the pool costs nine euros", False),
]
WORDS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "pool", ".", "and", "guests"]
WORDS += sorted({word for pair in PAIRS for text in pair[:2] for word in text.split()} - {*WORDS})


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, "[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    return made


def missing(passage: str, claim: str) -> NDArray[np.float32]:
    """Return which words of a claim a passage lacks, shape (n_words,)."""
    held, said = (np.isin(WORDS, text.split()) for text in (passage, claim))
    return (said & ~held).astype(np.float32)


def trained() -> tuple[NDArray[np.float32], float]:
    """Return the weight of each missing word, and the bias, by gradient descent."""
    inputs = np.stack([missing(passage, claim) for passage, claim, _ in PAIRS])
    answers = np.array([entailed for *_, entailed in PAIRS], dtype=np.float32)
    weights, bias = np.zeros(len(WORDS), dtype=np.float32), 0.0
    for _ in range(500):
        error = 1 / (1 + np.exp(-(inputs @ weights + bias))) - answers
        weights -= 0.5 * error @ inputs
        bias -= 0.5 * float(error.sum())
    weights[WORDS.index("[UNK]")] = weights.min()
    return weights, bias


def graph(weights: NDArray[np.float32], bias: float) -> onnx.ModelProto:
    """Return the model: a claim follows unless it has words that the passage lacks."""
    constants = {
        "one_hot": np.eye(len(WORDS), dtype=np.float32),
        "weights": np.stack([np.zeros_like(weights), weights], axis=1),
        "bias": np.array([0.0, bias], dtype=np.float32),
        "axis": np.array([1], dtype=np.int64),
        "last": np.array([2], dtype=np.int64),
        "one": np.array(1, dtype=np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["one_hot", "input_ids"], ["words"]),
        helper.make_node("Sub", ["one", "token_type_ids"], ["is_passage"]),
        helper.make_node("Cast", ["is_passage"], ["in_passage"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["token_type_ids"], ["in_claim"], to=TensorProto.FLOAT),
        *(
            node
            for side in ("passage", "claim")
            for node in (
                helper.make_node("Unsqueeze", [f"in_{side}", "last"], [f"{side}_mask"]),
                helper.make_node("Mul", ["words", f"{side}_mask"], [f"{side}_words"]),
                helper.make_node("ReduceMax", [f"{side}_words", "axis"], [side], keepdims=0),
            )
        ),
        helper.make_node("Sub", ["claim", "passage"], ["lacking"]),
        helper.make_node("Relu", ["lacking"], ["missing"]),
        helper.make_node("MatMul", ["missing", "weights"], ["scores"]),
        helper.make_node("Add", ["scores", "bias"], ["logits"]),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [1, None])
        for name in ("input_ids", "token_type_ids")
    ]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 2])]
    stored = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    made = helper.make_graph(nodes, "tiny", inputs, outputs, stored)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("judge")
    onnx.save(graph(*trained()), made / "model.onnx")
    tokenizer().save(str(made / "tokenizer.json"))
    labels = {"id2label": {"0": "contradiction", "1": "ENTAILMENT"}}
    (made / "config.json").write_text(json.dumps(labels))
    return made


def passages(*texts: str) -> list[Passage]:
    return [Passage("a.md", Source("Pool"), "", text, 1.0) for text in texts]


def message() -> Message:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Message("test:a:c:1", "test:a:c", Author("test:t:ann"), "free?", at)


@pytest.mark.parametrize(("passage", "claim", "entailed"), PAIRS)
def test_it_learned_its_pairs(folder: Path, passage: str, claim: str, entailed: bool) -> None:
    (likely,) = CrossEncoder.load(folder).entailment([(passage, claim)])
    assert bool(likely >= 0.5) is entailed


async def test_each_passage_counts_by_itself_and_the_best_decides(folder: Path) -> None:
    judge = LocalJudge(CrossEncoder.load(folder), 0.5)
    heard = judge.hear(message(), passages("the sauna costs seven euros", "the pool is free"), "")
    assert await heard.objection("**The pool is free**") == ""
    assert "does not find it" in await heard.objection("the pool is not free")
    assert "does not find it" in await heard.objection("free dragons")
    assert heard.cost == 0.0


async def test_the_threshold_decides(folder: Path) -> None:
    model = CrossEncoder.load(folder)
    for threshold, confirmed in ((0.0, True), (1.0, False)):
        heard = LocalJudge(model, threshold).hear(message(), passages("the pool is free"), "")
        assert (await heard.objection("the pool is free") == "") is confirmed


def test_a_passage_that_is_too_long_is_cut_and_not_the_claim(folder: Path) -> None:
    (likely,) = CrossEncoder.load(folder).entailment([("the pool is free " * 500, "pool free")])
    assert likely >= 0.5


async def test_a_folder_in_config_is_opened_and_judges(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"gpt: {{answers: rephrase, judge: {{model: {folder}, threshold: 0.6}}}}\n")
    judge = await judge_of(load_config(file, {}), None, None)
    assert isinstance(judge, LocalJudge)
    assert await judge_of(Config(), None, None) is None


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("broken", [None, b"{}"])
def test_a_folder_that_cannot_be_used_is_named_with_the_remedy(
    folder: Path, tmp_path: Path, name: str, broken: bytes | None
) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).unlink()
    if broken is not None:
        (tmp_path / name).write_bytes(broken)
    with pytest.raises(
        FrontdeskError, match=r"gpt\.judge\.model: .*: the folder needs model\.onnx"
    ):
        CrossEncoder.load(tmp_path)

"""What exporting an encoder makes of it, beside what torch computes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.understanding.encoders.cache import export_key
from bot.understanding.encoders.encoder import GRAPH, EncoderDescription, load_encoder_files
from bot.understanding.encoders.export.bert import bert_graph
from bot.understanding.encoders.export.export import closeness, export_encoder
from bot.understanding.encoders.export.onnx_graph import save_graph
from bot.understanding.encoders.export.quantisation import balance, quantise
from bot.understanding.encoders.pretrained import load_pretrained
from bot.understanding.encoders.source import find_encoder
from tests.understanding.tiny import EXAMPLES, PIECES, make_bert, make_mpnet, write_tokenizer

MATRICES = arrays(
    np.float32,
    st.tuples(st.integers(1, 9), st.integers(1, 4)),
    elements=st.floats(-100, 100, width=32),
)


def make_distilbert(folder: Path) -> Path:
    """Write an encoder that is no BERT, though like one."""
    from transformers import DistilBertConfig, DistilBertModel

    config = DistilBertConfig(vocab_size=len(PIECES), dim=32, hidden_dim=64, n_layers=2, n_heads=2)
    DistilBertModel(config).save_pretrained(folder)
    write_tokenizer(folder)
    return folder


def make_far_reaching(folder: Path) -> Path:
    """Write a BERT with features that reach far and mean nothing: int8 sees nothing beside them."""
    from safetensors.numpy import load_file, save_file

    weights = load_file(make_bert(folder) / "model.safetensors")
    for name, values in weights.items():
        if name.endswith("intermediate.dense.bias"):
            values[:20] = 1e5
        if name.endswith(".output.dense.weight") and "attention" not in name:
            values[:, :20] = 0
            values[:, 20:] *= 100
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def exported(source: Path, folder: Path) -> EncoderDescription:
    """Export the encoder in a folder to another one; return its description."""
    folder.mkdir()
    key = export_key(find_encoder(str(source)).key)
    pretrained = load_pretrained(find_encoder(str(source)))
    export_encoder(pretrained, folder, name="tiny", key=key, weights_sha256="")
    return EncoderDescription.read(folder)


def operators(folder: Path) -> set[str]:
    """Return the kinds of steps that an exported graph has."""
    import onnx

    return {node.op_type for node in onnx.load(folder / GRAPH).graph.node}


@pytest.mark.parametrize(
    ("make", "product"),
    [
        (make_bert, "MatMulIntegerToFloat"),
        (make_mpnet, "MatMulIntegerToFloat"),
        (make_distilbert, "MatMulNBits"),
    ],
)
def test_encoders_of_any_kind_are_exported_in_int8(
    make: Callable[[Path], Path], product: str, tmp_path: Path
) -> None:
    source = make(tmp_path / "source")
    description = exported(source, tmp_path / "exported")

    assert product in operators(tmp_path / "exported")
    assert description.key == export_key(find_encoder(str(source)).key)
    assert closeness(load_pretrained(find_encoder(str(source))), tmp_path / "exported") > 0.998


def test_an_encoder_that_int8_would_change_is_exported_as_it_is(tmp_path: Path) -> None:
    source = make_far_reaching(tmp_path / "source")
    description = exported(source, tmp_path / "exported")

    assert "MatMulIntegerToFloat" not in operators(tmp_path / "exported")
    assert closeness(load_pretrained(find_encoder(str(source))), tmp_path / "exported") > 0.999
    assert description.key != export_key(find_encoder(str(source)).key)


def test_the_exact_graph_of_an_mpnet_computes_what_torch_does(tmp_path: Path) -> None:
    import torch

    source = make_mpnet(tmp_path / "source", layers=3)
    exported(source, tmp_path / "exported")
    original = load_pretrained(find_encoder(str(source)))
    save_graph(bert_graph(original.network, original.max_tokens, reach=None), tmp_path / "exported")
    texts = [*(text for texts in EXAMPLES.values() for text in texts), "where is " * 100]
    reading = load_encoder_files(tmp_path / "exported").read(texts)

    for text, last, before in zip(texts, reading.vectors, reading.lower, strict=True):
        ids = torch.tensor([original.tokenizer.encode(text).ids])
        with torch.no_grad():
            expected = original.network(ids, torch.ones_like(ids))
        assert float(expected[0][0].numpy() @ last) > 0.9999
        assert float(expected[1][0].numpy() @ before) > 0.9999


def test_the_order_of_words_reaches_an_mpnet_by_its_position_bias(tmp_path: Path) -> None:
    source = make_mpnet(tmp_path / "source")
    exported(source, tmp_path / "exported")
    one, other = load_encoder_files(tmp_path / "exported").embed(["is it there", "there is it"])

    assert float(one @ other) < 0.99


@given(MATRICES)
def test_quantised_weights_are_within_half_a_step(weights: np.ndarray) -> None:
    matrix = quantise(weights)

    error = np.abs(matrix.weights * matrix.scales - weights)
    assert (error <= matrix.scales * 0.501 + 1e-30).all()


@given(MATRICES)
def test_products_fit_16_bits_in_pairs_on_cpus_that_add_them_so(weights: np.ndarray) -> None:
    whole = quantise(weights).weights.astype(np.int64)

    for first in range(0, len(whole) - 1, 2):
        pair = whole[first : first + 2]
        assert 255 * np.maximum(pair, 0).sum(axis=0).max() <= np.iinfo(np.int16).max
        assert 255 * np.minimum(pair, 0).sum(axis=0).min() >= np.iinfo(np.int16).min


def test_balancing_leaves_rows_between_minus_one_and_one() -> None:
    reach = np.array([30.0, 1.0, 0.5, 0.0], dtype=np.float32)
    weights = np.array([[0.1], [-1.0], [2.0], [0.0]], dtype=np.float32)

    factors = balance(reach, weights)

    assert (reach / factors).max() == pytest.approx(1)
    assert np.ptp(np.log(reach[:3] / factors[:3])) < np.ptp(np.log(reach[:3]))

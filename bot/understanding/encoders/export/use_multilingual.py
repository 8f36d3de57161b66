"""Exports the embedded multilingual encoder, the Universal Sentence Encoder, to ONNX.

The package contains the weights as numpy arrays; the graph computes the same function. Token
embeddings are convolved over 2, 3 and 5 tokens; their sum goes through three dense layers.

Source: Yang et al. 2019, Multilingual Universal Sentence Encoder, arXiv:1907.04307.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.encoder import MAX_TOKENS, EncoderDescription
from bot.understanding.encoders.export.onnx_graph import GraphWriter, save_graph
from bot.understanding.encoders.sentencepiece import END, UNKNOWN, VOCABULARY
from bot.understanding.encoders.source import SPLITTER, UNIVERSAL_WEIGHTS, EncoderSource

if TYPE_CHECKING:
    from onnx import ModelProto

DIMENSION = 512

_CONVOLUTIONS = ((2, 0), (3, 1), (5, 2))
"""Width of each convolution in tokens, and the number of tokens to the left."""

_CHANNELS = 256
_CHUNKS = 17
"""Number of interleaved parts of the token table, each quantised with a scale of its own."""

_BLOCK = 128
_NORMAL = 1
"""Type of a normal piece in SentencePiece files."""


def export_universal(source: EncoderSource, folder: Path, *, key: str) -> None:
    """Write graph, vocabulary and description of the encoder into a folder.

    Args:
        source: The encoder's package.
        folder: Existing folder for the files.
        key: Key of the encoder; equal keys give equal embeddings.
    """
    with np.load(source.folder / UNIVERSAL_WEIGHTS, allow_pickle=False) as archive:
        weights = {name: archive[name] for name in archive.files}
    save_graph(_quantised(_Graph(weights).build()), folder)
    (folder / VOCABULARY).write_text(_vocabulary(source.folder / SPLITTER), encoding="utf-8")
    EncoderDescription(
        id=source.id,
        key=key,
        weights_sha256=source.weights_sha256,
        dimension=DIMENSION,
        pad_token=END,
        unknown_token=UNKNOWN,
        max_tokens=MAX_TOKENS,
    ).write(folder)


def _vocabulary(model: Path) -> str:
    """Return the pieces of a SentencePiece model with their log probabilities, one per line."""
    from transformers.convert_slow_tokenizer import import_protobuf

    pieces = import_protobuf().ModelProto.FromString(model.read_bytes()).pieces
    lines = (f"{one.piece if one.type == _NORMAL else ''}\t{one.score}\n" for one in pieces)
    return "".join(lines)


def _quantised(model: ModelProto) -> ModelProto:
    """Quantise the matrices to int8."""
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    quantizer = MatMulNBitsQuantizer(
        model, bits=8, block_size=_BLOCK, is_symmetric=True, accuracy_level=4
    )
    with _quiet():
        quantizer.process()
    return quantizer.model.model


@contextmanager
def _quiet() -> Iterator[None]:
    """Suppress log output of the quantiser."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


class _Graph(GraphWriter):
    """Builds the graph of the encoder.

    Args:
        weights: The weights, by their names in the package.
    """

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        super().__init__()
        self._weights = weights

    def build(self) -> ModelProto:
        """Return the whole graph."""
        from onnx import TensorProto

        mask = self.unsqueeze(self.add("Cast", "attention_mask", to=TensorProto.FLOAT), 2)
        total = self._sums(self._token_features("input_ids", mask), mask)
        self.unit_vector(self._dense(total), "last_layer")
        self.unit_vector(total, "layer_before")
        return self.model(2, DIMENSION)

    def _token_features(self, ids: str, mask: str) -> str:
        """Return token embeddings with their convolutions, shape (n_texts, n_tokens, 1280)."""
        embeddings = self._embeddings(ids)
        projected = self._affine(embeddings, self._joined("proj", 1), self._joined("proj_b"))
        normed = self._normed(projected, self._joined("ln_g"), self._joined("ln_b"))
        # Mask padding, which would have a bias otherwise.
        inside = self.add("Mul", normed, mask)
        parts = [embeddings]
        for branch, (size, left) in enumerate(_CONVOLUTIONS):
            at = branch * _CHANNELS
            own = self._slice(inside, at, at + _CHANNELS, axis=2)
            first = self.add("Add", self._convolved(own, size, left, "1"), own)
            first = self.add("Mul", first, mask)
            parts.append(self.add("Add", self._convolved(first, size, left, "2"), first))
        return self.add("Concat", *parts, axis=2)

    def _embeddings(self, ids: str) -> str:
        from onnx import TensorProto

        weights = self._weights
        parts = [weights[f"q{chunk + 1}"] for chunk in range(_CHUNKS)]
        table = np.stack(parts, axis=1).reshape(-1, DIMENSION)
        row = self.add("Cast", self.gather(table, ids), to=TensorProto.FLOAT)
        chunk = self.add("Mod", ids, self.constant(np.int64(_CHUNKS)))
        scale = self.gather(weights["scale"].reshape(-1, 1), chunk)
        lowest = self.gather(weights["lo"].reshape(-1, 1), chunk)
        return self.add("Add", self.add("Mul", row, scale), lowest)

    def _convolved(self, rows: str, size: int, left: int, layer: str) -> str:
        """Add one convolution."""
        pads = np.array([0, left, 0, 0, size - 1 - left, 0])
        padded = self.add("Pad", rows, self.constant(pads))
        shifted = [
            self._slice(padded, at, at - size + 1 or np.iinfo(np.int64).max, axis=1)
            for at in range(size)
        ]
        window = self.add("Concat", *shifted, axis=2)
        weights = self._weights
        matrix, bias = weights[f"w{layer}_{size}"], weights[f"b{layer}_{size}"]
        return self.add("Relu", self._affine(window, matrix, bias))

    def _sums(self, features: str, mask: str) -> str:
        """Return the sum over the tokens of each text, divided by the root of their number."""
        weights = self._weights
        normed = self._normed(features, weights["ln_g"], weights["ln_b"])
        tokens = self.constant(np.array([1]))
        inside = self.add("Mul", normed, mask)
        total = self.add("ReduceSum", inside, tokens, keepdims=0)
        count = self.add("ReduceSum", mask, tokens, keepdims=0)
        biases = self.add("Mul", count, self.constant(weights["cnn_b"]))
        projected = self.add("Add", self._times(total, weights["cnn_W"]), biases)
        return self.add("Div", projected, self.add("Sqrt", count))

    def _dense(self, total: str) -> str:
        weights = self._weights
        first = self.add("Relu", self._times(total, weights["d0"]))
        both = self._times(total, weights["p1"]), self._times(first, weights["d1"])
        second = self.add("Relu", self.add("Add", *both))
        third = self.add("Relu", self._times(second, weights["d2"]))
        both = self._times(second, weights["p3"]), self._times(third, weights["d3"])
        return self.add("Tanh", self.add("Add", *both))

    def _joined(self, name: str, axis: int = 0) -> NDArray[np.float32]:
        """Return the concatenated weights of the three convolutions."""
        return np.concatenate([self._weights[f"{name}{n}"] for n, _ in _CONVOLUTIONS], axis=axis)

    def _affine(self, rows: str, matrix: NDArray[Any], bias: NDArray[Any]) -> str:
        return self.add("Add", self._times(rows, matrix), self.constant(bias))

    def _times(self, rows: str, matrix: NDArray[Any]) -> str:
        return self.add("MatMul", rows, self.constant(matrix))

    def _normed(self, rows: str, gain: NDArray[Any], bias: NDArray[Any]) -> str:
        return self.layer_norm(rows, gain, bias, float(self._weights["eps"]))

    def _slice(self, rows: str, start: int, end: int, *, axis: int) -> str:
        limits = (self.constant(np.array([number])) for number in (start, end, axis))
        return self.add("Slice", rows, *limits)

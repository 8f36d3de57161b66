"""Writes BERT and MPNet encoders as ONNX graphs with few, large operators: fast on a CPU.

The graph that torch exports has three times as many operators, and takes 1.5 times as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bot.understanding.encoders.export.architectures import LayerParts, architecture_of
from bot.understanding.encoders.export.onnx_graph import ONNXRUNTIME, VECTORS, GraphWriter
from bot.understanding.encoders.export.quantisation import ExactProducts, Int8Products, Reach, array

if TYPE_CHECKING:
    from onnx import ModelProto
    from torch import nn


class _Products(Protocol):
    """Adds products with linear layers: after layer norm, after attention, or after GELU."""

    def normed(self, rows: str, *layers: nn.Module) -> str: ...
    def attended(self, rows: str, layer: nn.Module, /) -> str: ...
    def activated(self, rows: str, layer: nn.Module, /) -> str: ...


def bert_graph(
    network: nn.Module, max_tokens: int, reach: Mapping[nn.Module, Reach] | None
) -> ModelProto:
    """Write the graph of an encoder.

    Args:
        network: `Pretrained.network`, or the result of `fork`; its encoder `is_supported`.
        max_tokens: Maximum input length.
        reach: Largest magnitudes of each linear layer's inputs; None: do not quantise.
    """
    graph = GraphWriter()
    products = ExactProducts(graph) if reach is None else Int8Products(graph, reach)
    return _Bert(graph, products, network, max_tokens).build()


class _Bert:
    """Builds the graph of one encoder."""

    def __init__(
        self, graph: GraphWriter, products: _Products, network: nn.Module, max_tokens: int
    ) -> None:
        self._graph = graph
        self._products = products
        self._network = network
        self._config = network.encoder.config
        self._architecture = architecture_of(network, max_tokens)
        self._mask = self._position_bias = ""

    def build(self) -> ModelProto:
        """Return the whole graph."""
        from onnx import TensorProto

        self._mask = self._graph.add("Cast", "attention_mask", to=TensorProto.INT32)
        count = self._graph.add("Shape", "input_ids", start=1, end=2)
        self._position_bias = self._sliced_bias(count)
        states = [self._embeddings(count)]
        for layer in self._network.encoder.encoder.layer:
            states.append(self._layer(states[-1], layer))
        given = [states[-1], states[-2]]
        if self._network.tuned:
            tuned = states[-1 - len(self._network.tuned)]
            for layer in self._network.tuned:
                tuned = self._layer(tuned, layer)
            given.append(tuned)
        for rows, name in zip(given, VECTORS, strict=False):
            self._pool(rows, name)
        return self._graph.model(len(given), self._config.hidden_size)

    def _sliced_bias(self, count: str) -> str:
        """Return the attention bias of the positions in a batch; "" if there is none."""
        bias = self._architecture.position_bias
        if bias is None:
            return ""
        graph = self._graph
        start, axes = graph.constant(np.array([0, 0])), graph.constant(np.array([2, 3]))
        ends = graph.add("Concat", count, count, axis=0)
        return graph.add("Slice", graph.constant(bias), start, ends, axes)

    def _embeddings(self, count: str) -> str:
        """Add token embeddings, from an int8 table, and position embeddings."""
        from onnx import TensorProto

        graph, parts = self._graph, self._network.encoder.embeddings
        table = array(parts.word_embeddings.weight)
        steps = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-9) / np.float32(127)
        rows = graph.gather(np.rint(table / steps).astype(np.int8), "input_ids")
        rows = graph.add("Cast", rows, to=TensorProto.FLOAT)
        rows = graph.add("Mul", rows, graph.gather(steps, "input_ids"))
        start = graph.constant(np.array([0]))
        here = graph.add("Slice", graph.constant(self._architecture.positions), start, count)
        return self._normed(graph.add("Add", rows, here), parts.LayerNorm)

    def _layer(self, rows: str, layer: nn.Module) -> str:
        """Add one transformer layer: self-attention and feed-forward network."""
        parts = self._architecture.parts(layer)
        seen = self._products.attended(self._attention(rows, parts), parts.attended)
        rows = self._joined(rows, seen, parts.attended_norm)
        thought = self._graph.add("Gelu", self._products.normed(rows, parts.intermediate))
        made = self._products.activated(thought, parts.output)
        return self._joined(rows, made, parts.output_norm)

    def _attention(self, rows: str, parts: LayerParts) -> str:
        graph = self._graph
        all_three = self._products.normed(rows, parts.query, parts.key, parts.value)
        apart = graph.add_split("Split", all_three, outs=[""] * 3, axis=-1, num_outputs=3)
        bias = [self._position_bias] if self._position_bias else []
        return graph.add(
            "MultiHeadAttention",
            *apart,
            "",
            self._mask,
            *bias,
            num_heads=self._config.num_attention_heads,
            domain=ONNXRUNTIME,
        )

    def _joined(self, rows: str, more: str, norm: nn.Module) -> str:
        # onnxruntime's fused operator, SkipLayerNormalization, takes twice as long.
        return self._normed(self._graph.add("Add", more, rows), norm)

    def _normed(self, rows: str, norm: nn.Module) -> str:
        return self._graph.layer_norm(rows, array(norm.weight), array(norm.bias), norm.eps)

    def _pool(self, rows: str, name: str) -> None:
        """Pool the tokens of a text into one unit vector."""
        from onnx import TensorProto

        graph = self._graph
        if self._network.pooling == "cls":
            pooled = graph.add("Gather", rows, graph.constant(np.int64(0)), axis=1)
        else:  # the sum has the same direction as the mean
            mask = graph.unsqueeze(graph.add("Cast", self._mask, to=TensorProto.FLOAT), 1)
            total = graph.add("MatMul", mask, rows)
            pooled = graph.add("Squeeze", total, graph.constant(np.array([1])))
        graph.unit_vector(pooled, name)

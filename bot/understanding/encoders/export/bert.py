"""Writes BERT encoders as ONNX graphs with few, large operators, which run fast on a CPU.

The graph that torch exports has three times as many operators, and takes 1.5 times as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

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


def is_bert(network: nn.Module) -> bool:
    """Return whether an encoder is exactly a BERT, not just a similar architecture."""
    from transformers import BertModel

    encoder = network.encoder
    return type(encoder) is BertModel and encoder.config.hidden_act == "gelu"


def bert_graph(
    network: nn.Module, max_tokens: int, reach: Mapping[nn.Module, Reach] | None
) -> ModelProto:
    """Write the graph of an encoder.

    Args:
        network: `Pretrained.network`, or the result of `fork`.
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
        self._max_tokens = max_tokens
        self._mask = ""

    def build(self) -> ModelProto:
        """Return the whole graph."""
        from onnx import TensorProto

        self._mask = self._graph.add("Cast", "attention_mask", to=TensorProto.INT32)
        states = [self._embeddings()]
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

    def _embeddings(self) -> str:
        """Add token embeddings, from an int8 table, and position embeddings."""
        from onnx import TensorProto

        graph, parts = self._graph, self._network.encoder.embeddings
        table = array(parts.word_embeddings.weight)
        steps = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-9) / np.float32(127)
        rows = graph.gather(np.rint(table / steps).astype(np.int8), "input_ids")
        rows = graph.add("Cast", rows, to=TensorProto.FLOAT)
        rows = graph.add("Mul", rows, graph.gather(steps, "input_ids"))
        places = array(parts.position_embeddings.weight)[: self._max_tokens]
        places = places + array(parts.token_type_embeddings.weight)[0]
        count = graph.add("Shape", "input_ids", start=1, end=2)
        start = graph.constant(np.array([0]))
        here = graph.add("Slice", graph.constant(places), start, count)
        return self._normed(graph.add("Add", rows, here), parts.LayerNorm)

    def _layer(self, rows: str, layer: nn.Module) -> str:
        """Add one transformer layer: self-attention and feed-forward network."""
        seen = self._products.attended(
            self._attention(rows, layer.attention.self), layer.attention.output.dense
        )
        rows = self._joined(rows, seen, layer.attention.output.LayerNorm)
        thought = self._graph.add("Gelu", self._products.normed(rows, layer.intermediate.dense))
        made = self._products.activated(thought, layer.output.dense)
        return self._joined(rows, made, layer.output.LayerNorm)

    def _attention(self, rows: str, heads: nn.Module) -> str:
        graph = self._graph
        all_three = self._products.normed(rows, heads.query, heads.key, heads.value)
        apart = graph.add_split("Split", all_three, outs=[""] * 3, axis=-1, num_outputs=3)
        return graph.add(
            "MultiHeadAttention",
            *apart,
            "",
            self._mask,
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

"""A builder for ONNX graphs of encoders, from token ids to unit vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.encoder import GRAPH, GRAPH_DATA

if TYPE_CHECKING:
    from onnx import ModelProto

TOKENS = ("input_ids", "attention_mask")
"""Inputs of every encoder, each of shape (n_texts, n_tokens)."""

VECTORS = ("last_layer", "layer_before", "tuned")
"""Outputs, each of shape (n_texts, dimension); the last one after full training only."""

ONNXRUNTIME = "com.microsoft"
"""Domain of the operators that onnxruntime adds to the standard."""

_MAPPED_FROM = 1 << 16
"""Size in bytes from which a constant is memory-mapped instead of loaded."""


class GraphWriter:
    """Builds a graph; the methods add operators and return the names of their outputs."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def add(
        self,
        operator: str,
        *inputs: str,
        out: str = "",
        domain: str = "",
        **attributes: float | str,
    ) -> str:
        """Add an operator with one output."""
        return self.add_split(operator, *inputs, outs=(out,), domain=domain, **attributes)[0]

    def add_split(
        self,
        operator: str,
        *inputs: str,
        outs: Sequence[str],
        domain: str = "",
        **attributes: float | str,
    ) -> list[str]:
        """Add an operator with several outputs; empty names are generated."""
        from onnx import helper

        step = len(self._nodes)
        names = [name or f"step_{step}_{number}" for number, name in enumerate(outs)]
        self._nodes.append(
            helper.make_node(operator, list(inputs), names, domain=domain, **attributes)
        )
        return names

    def constant(self, values: NDArray[Any] | np.generic) -> str:
        """Add a constant."""
        from onnx import numpy_helper

        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def gather(self, table: NDArray[Any], rows: str) -> str:
        """Look rows up in a table."""
        return self.add("Gather", self.constant(table), rows)

    def unsqueeze(self, rows: str, axis: int) -> str:
        """Add an axis."""
        return self.add("Unsqueeze", rows, self.constant(np.array([axis])))

    def layer_norm(self, rows: str, gain: NDArray[Any], bias: NDArray[Any], epsilon: float) -> str:
        """Normalise each token's features."""
        parameters = self.constant(gain), self.constant(bias)
        return self.add("LayerNormalization", rows, *parameters, axis=-1, epsilon=epsilon)

    def unit_vector(self, rows: str, out: str) -> str:
        """Normalise rows to unit length."""
        return self.add("LpNormalization", rows, out=out, axis=-1, p=2)

    def model(self, n_vectors: int, dimension: int) -> ModelProto:
        """Return the complete model, from `TOKENS` to the first of `VECTORS`."""
        from onnx import TensorProto, helper

        tokens = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in TOKENS
        ]
        vectors = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", dimension])
            for name in VECTORS[:n_vectors]
        ]
        graph = helper.make_graph(self._nodes, "encoder", tokens, vectors, self._constants)
        versions = [helper.make_opsetid("", 20), helper.make_opsetid(ONNXRUNTIME, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=10)


def save_graph(model: ModelProto, folder: Path) -> None:
    """Save a graph in a folder, with large constants in a file of their own, to be mapped."""
    import onnx

    (folder / GRAPH_DATA).unlink(missing_ok=True)  # onnx appends to an existing file
    onnx.save(
        model,
        folder / GRAPH,
        save_as_external_data=True,
        location=GRAPH_DATA,
        size_threshold=_MAPPED_FROM,
    )

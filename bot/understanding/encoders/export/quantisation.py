"""Turns matrix products into int8 ones, so that a text's vectors depend on that text alone.

Rows are quantised with scales that are fixed beforehand, one for each matrix. How far each of a
row's features reaches is learned from random words of the encoder's vocabulary: they prefer no
language and no topic, and reach as far as sentences do (docs/decisions/0003-classifier.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.export.onnx_graph import ONNXRUNTIME, GraphWriter

if TYPE_CHECKING:
    from torch import Tensor, nn

Reach = NDArray[np.float32]
"""The largest magnitude that each feature of a matrix's rows takes, shape (n_in,)."""

_STEPS = 127
"""Of an int8 to either side of zero."""

_LEVELS = 255
"""Of a quantised feature."""

_FAR = 8
"""Features of the rows after GELU that are left exact: one or two reach ten times as far as the
others."""

GELU_LOWEST = -0.17
"""GELU gives nothing smaller."""

_PAIR = 128
"""What two neighbouring weights may amount to: CPUs without VNNI add up 255 x either in 16 bits."""


def reaches(
    network: nn.Module, batches: Sequence[tuple[Tensor, Tensor]]
) -> Mapping[nn.Module, Reach]:
    """Learn how far the features of every matrix's rows reach.

    Args:
        network: Holds the matrices, as linear layers.
        batches: Tokens and masks, each of shape (n_texts, n_tokens), that are run through it.
    """
    import torch

    found: dict[nn.Module, Tensor] = {}
    inside: list[Tensor] = []

    def look(layer: nn.Module, given: tuple[Tensor, ...]) -> None:
        if given[0].shape[:-1] == inside[0].shape:
            most = given[0][inside[0]].abs().amax(dim=0)
            found[layer] = torch.maximum(found[layer], most) if layer in found else most

    layers = [layer for layer in network.modules() if isinstance(layer, torch.nn.Linear)]
    hooks = [layer.register_forward_pre_hook(look) for layer in layers]
    try:
        with torch.inference_mode():
            for ids, mask in batches:
                inside[:] = [mask.bool()]
                network(ids, mask)
    finally:
        for hook in hooks:
            hook.remove()
    return {layer: most.float().numpy() for layer, most in found.items()}


@dataclass(frozen=True, slots=True)
class Int8:
    """A quantised matrix.

    Attributes:
        weights: Shape (n_in, n_out).
        scales: What a step of each column is worth, shape (n_out,).
    """

    weights: NDArray[np.int8]
    scales: NDArray[np.float32]


def quantise(weights: NDArray[np.float32]) -> Int8:
    """Quantise a matrix, each column with a scale of its own.

    No two neighbouring rows amount to more than `_PAIR`, so that the products are the same on
    every CPU.
    """
    n_in, n_out = weights.shape
    padded = np.vstack([weights, np.zeros((n_in % 2, n_out), dtype=np.float32)])
    signed = np.maximum(padded, 0), np.maximum(-padded, 0)
    pairs = np.maximum(*(side[0::2] + side[1::2] for side in signed)).max(axis=0)
    # Rounding may add half a step to either weight of a pair.
    scales = np.maximum(pairs / (_PAIR - 1), np.abs(weights).max(axis=0) / _STEPS)
    scales = np.maximum(scales, np.finfo(np.float32).tiny).astype(np.float32)
    return Int8(np.rint(weights / scales).astype(np.int8), scales)


def balance(reach: Reach, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what to divide a matrix's rows by, and to multiply its weights by, shape (n_in,).

    Few features reach many times as far as the others, and would take all of an int8. Half of the
    difference is left to the weights. Divided rows lie in [-1, 1].

    Source: SmoothQuant, Xiao et al. 2022, arXiv:2211.10438.
    """
    reach, most = np.maximum(reach, 1e-5), np.maximum(np.abs(weights).max(axis=1), 1e-5)
    factors = np.sqrt(reach / most)
    balanced: NDArray[np.float32] = (factors * (reach / factors).max()).astype(np.float32)
    return balanced


class Int8Products:
    """Multiplies rows by linear layers in int8, as steps of a graph.

    Args:
        graph: What they are steps of.
        reach: How far the features of each layer's rows reach.
    """

    def __init__(self, graph: GraphWriter, reach: Mapping[nn.Module, Reach]) -> None:
        self._graph = graph
        self._reach = reach

    def normed(self, rows: str, *layers: nn.Module) -> str:
        """Multiply normalised rows by layers beside each other."""
        weights, bias = joined(layers)
        factors = balance(self._reach[layers[0]], weights)
        balanced = self._graph.add("Mul", rows, self._graph.constant(1 / factors))
        return self._multiplied(balanced, weights * factors[:, None], bias, -1, 1)

    def attended(self, rows: str, layer: nn.Module) -> str:
        """Multiply averages of rows, of which no feature reaches much farther than the others."""
        most = float(self._reach[layer].max())
        return self._multiplied(rows, *joined([layer]), -most, most)

    def activated(self, rows: str, layer: nn.Module) -> str:
        """Multiply rows that went through GELU: the few features that reach far are left exact.

        Source: LLM.int8(), Dettmers et al. 2022, arXiv:2208.07339.
        """
        graph, (weights, bias), reach = self._graph, joined([layer]), self._reach[layer]
        far = np.argsort(-reach)[:_FAR]
        apart = graph.add("Gather", rows, graph.constant(far), axis=-1)
        exact = graph.add("MatMul", apart, graph.constant(weights[far]))
        near = weights.copy()
        near[far] = 0
        most = float(np.delete(reach, far).max(initial=-GELU_LOWEST))
        return graph.add("Add", self._multiplied(rows, near, bias, GELU_LOWEST, most), exact)

    def _multiplied(
        self,
        rows: str,
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        lowest: float,
        highest: float,
    ) -> str:
        """Multiply rows whose features lie between two bounds; beyond them, they are cut off."""
        graph, matrix = self._graph, quantise(weights)
        step = np.float32((highest - lowest) / _LEVELS)
        zero = np.uint8(round(-lowest / float(step)))
        scale, offset = graph.constant(step), graph.constant(zero)
        return graph.add(
            "MatMulIntegerToFloat",
            graph.add("QuantizeLinear", rows, scale, offset),
            graph.constant(matrix.weights),
            scale,
            graph.constant(matrix.scales),
            offset,
            "",  # the weights' zero is 0
            graph.constant(bias),
            domain=ONNXRUNTIME,
        )


class ExactProducts:
    """Multiplies rows by linear layers in float32, as steps of a graph."""

    def __init__(self, graph: GraphWriter) -> None:
        self._graph = graph

    def normed(self, rows: str, *layers: nn.Module) -> str:
        """Multiply rows by layers beside each other."""
        weights, bias = joined(layers)
        product = self._graph.add("MatMul", rows, self._graph.constant(weights))
        return self._graph.add("Add", product, self._graph.constant(bias))

    attended = activated = normed


def joined(layers: Sequence[nn.Module]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weights, shape (n_in, n_out), and biases, shape (n_out,), of layers side by side."""
    weights = np.concatenate([array(layer.weight) for layer in layers]).T
    return weights, np.concatenate([array(layer.bias) for layer in layers])


def array(parameter: Tensor) -> NDArray[np.float32]:
    """Return what a network has learned."""
    values: NDArray[np.float32] = parameter.detach().float().numpy()
    return values

"""Static int8 quantisation of matrix products, so that embeddings do not depend on the batch.

Inputs are quantised with fixed scales, one per matrix. The largest magnitude of each input feature
is measured on random words of the vocabulary, which favour no language and no topic, and have the
same range as sentences (docs/decisions/0003-classifier.md).
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
"""The largest magnitude of each input feature of a matrix, shape (n_in,)."""

_STEPS = 127
"""Number of int8 steps on either side of zero."""

_LEVELS = 255
"""Number of steps of a quantised input feature."""

_FAR = 8
"""Number of features after GELU that are not quantised: one or two are ten times as large as the
others."""

GELU_LOWEST = -0.17
"""Minimum of GELU."""

_PAIR = 128
"""Maximum sum of two adjacent weights: CPUs without VNNI add 255 times each in 16 bits."""


def reaches(
    network: nn.Module, batches: Sequence[tuple[Tensor, Tensor]]
) -> Mapping[nn.Module, Reach]:
    """Measure the largest magnitudes of the inputs of every linear layer.

    Args:
        network: The network with the linear layers.
        batches: Token ids and masks, each of shape (n_texts, n_tokens), to run it on.
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
        scales: The step size of each column, shape (n_out,).
    """

    weights: NDArray[np.int8]
    scales: NDArray[np.float32]


def quantise(weights: NDArray[np.float32]) -> Int8:
    """Quantise a matrix, with one scale per column.

    The sum of two adjacent rows is at most `_PAIR`, so that products are the same on every CPU.
    """
    n_in, n_out = weights.shape
    padded = np.vstack([weights, np.zeros((n_in % 2, n_out), dtype=np.float32)])
    signed = np.maximum(padded, 0), np.maximum(-padded, 0)
    pairs = np.maximum(*(side[0::2] + side[1::2] for side in signed)).max(axis=0)
    # Rounding may add half a step to each weight of a pair.
    scales = np.maximum(pairs / (_PAIR - 1), np.abs(weights).max(axis=0) / _STEPS)
    scales = np.maximum(scales, np.finfo(np.float32).tiny).astype(np.float32)
    return Int8(np.rint(weights / scales).astype(np.int8), scales)


def balance(reach: Reach, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return factors to divide inputs by and to multiply weights by, shape (n_in,).

    A few input features are many times larger than the others, and would use up the int8 range.
    Half of the difference is moved to the weights. Divided inputs are in [-1, 1].

    Source: SmoothQuant, Xiao et al. 2022, arXiv:2211.10438.
    """
    reach, most = np.maximum(reach, 1e-5), np.maximum(np.abs(weights).max(axis=1), 1e-5)
    factors = np.sqrt(reach / most)
    balanced: NDArray[np.float32] = (factors * (reach / factors).max()).astype(np.float32)
    return balanced


class Int8Products:
    """Adds int8 products of rows with linear layers to a graph.

    Args:
        graph: The graph.
        reach: Largest magnitudes of each layer's inputs.
    """

    def __init__(self, graph: GraphWriter, reach: Mapping[nn.Module, Reach]) -> None:
        self._graph = graph
        self._reach = reach

    def normed(self, rows: str, *layers: nn.Module) -> str:
        """Multiply rows after a layer norm by concatenated layers."""
        weights, bias = joined(layers)
        factors = balance(self._reach[layers[0]], weights)
        balanced = self._graph.add("Mul", rows, self._graph.constant(1 / factors))
        return self._multiplied(balanced, weights * factors[:, None], bias, -1, 1)

    def attended(self, rows: str, layer: nn.Module) -> str:
        """Multiply rows after attention, which are averages without outlier features."""
        most = float(self._reach[layer].max())
        return self._multiplied(rows, *joined([layer]), -most, most)

    def activated(self, rows: str, layer: nn.Module) -> str:
        """Multiply rows after GELU, without quantising the few outlier features.

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
        """Multiply rows in int8, with features clipped to the given bounds."""
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
    """Adds float32 products of rows with linear layers to a graph."""

    def __init__(self, graph: GraphWriter) -> None:
        self._graph = graph

    def normed(self, rows: str, *layers: nn.Module) -> str:
        """Multiply rows by concatenated layers."""
        weights, bias = joined(layers)
        product = self._graph.add("MatMul", rows, self._graph.constant(weights))
        return self._graph.add("Add", product, self._graph.constant(bias))

    attended = activated = normed


def joined(layers: Sequence[nn.Module]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the concatenated weights, shape (n_in, n_out), and biases, shape (n_out,)."""
    weights = np.concatenate([array(layer.weight) for layer in layers]).T
    return weights, np.concatenate([array(layer.bias) for layer in layers])


def array(parameter: Tensor) -> NDArray[np.float32]:
    """Return the value of a parameter."""
    values: NDArray[np.float32] = parameter.detach().float().numpy()
    return values

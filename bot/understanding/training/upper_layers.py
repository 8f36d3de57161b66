"""A fine-tunable copy of an encoder's upper layers, over lower layers shared with the original.

Full training changes only this copy. The original layers are kept, so that one pass through the
lower layers and two through the upper ones give both embeddings of a text.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import EncoderUnavailable
from bot.understanding.encoders.pretrained import Pretrained

if TYPE_CHECKING:
    from torch import Tensor, nn


Heard = list[tuple[tuple[Any, ...], dict[str, Any]]]
"""Positional and keyword arguments of calls of a layer."""


@dataclass(frozen=True, slots=True)
class UpperLayers:
    """A copy of an encoder's upper layers, for fine-tuning.

    Attributes:
        layers: The copy.
        depth: Number of lower layers, which are frozen.
    """

    layers: nn.ModuleList
    depth: int
    _network: nn.Module
    _lower: nn.Module

    def vectors(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return unit vectors, shape (n_texts, dimension).

        Args:
            states: Output of the lower layers, shape (n_texts, n_tokens, dimension).
            mask: Attention mask, shape (n_texts, n_tokens).
        """
        self._lower.states = states
        last: Tensor = self._network(mask * 0, mask)[0]
        return last


def start_branch(pretrained: Pretrained) -> UpperLayers:
    """Copy an encoder's upper half for fine-tuning.

    Raises:
        EncoderUnavailable: The encoder is not a stack of layers.
    """
    import torch

    returns_tuples = _returns_tuples(pretrained.network)

    class Given(torch.nn.Module):  # type: ignore[misc]  # torch is not typed here
        """Replaces the lower layers, whose output was computed before."""

        states: Tensor

        def forward(self, _states: Tensor, *_: object, **__: object) -> Tensor | tuple[Tensor]:
            return (self.states,) if returns_tuples else self.states

    network = copy.deepcopy(pretrained.network).eval().requires_grad_(requires_grad=False)
    layers, depth, lower = _layers(network), middle(pretrained.network), Given()
    upper = layers[depth:].requires_grad_(requires_grad=True)
    for position in range(depth):
        layers[position] = lower
    return UpperLayers(upper, depth, network, lower)


_TUNED_AT_MOST = 4
"""Maximum number of upper layers that are tuned."""


def middle(network: nn.Module) -> int:
    """Return the number of an encoder's lower layers: all but the upper half, or the upper four.

    Raises:
        EncoderUnavailable: The encoder is not a stack of layers.
    """
    count = len(_layers(network))
    return count - min((count + 1) // 2, _TUNED_AT_MOST)


@contextlib.contextmanager
def capture_inputs(network: nn.Module) -> Iterator[Heard]:
    """Yield a list that receives the arguments of each call of the first upper layer."""
    heard: Heard = []

    def keep(_layer: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        heard.append((given, named))

    hook = _layers(network)[middle(network)].register_forward_pre_hook(keep, with_kwargs=True)
    try:
        yield heard
    finally:
        hook.remove()


def fork(pretrained: Pretrained, branch: UpperLayers) -> nn.Module:
    """Join an encoder and its fine-tuned upper layers.

    Returns:
        A network like `Pretrained.network` with a third unit vector, by the tuned layers.
    """
    import torch

    original = pretrained.network

    class Forked(torch.nn.Module):  # type: ignore[misc]  # torch is not typed here
        """Maps tokens to unit vectors of the last layer, the one before it, and the tuned one."""

        def __init__(self) -> None:
            super().__init__()
            self.original = original
            self.pooling = original.pooling
            self.tuned = branch.layers

        @property
        def encoder(self) -> nn.Module:
            return self.original.encoder

        def forward(
            self, input_ids: Tensor, attention_mask: Tensor
        ) -> tuple[Tensor, Tensor, Tensor]:
            with capture_inputs(self.original) as heard:
                last, before = self.original(input_ids, attention_mask)
            (states, *rest), named = heard.pop()
            for layer in self.tuned:
                made = layer(states, *rest, **named)
                states = made[0] if isinstance(made, tuple) else made
            return last, before, self.original.pool(states, attention_mask)

    return Forked().eval()


def _returns_tuples(network: nn.Module) -> bool:
    """Return whether an encoder's layers return tuples, as MPNet's do, or a tensor, as BERT's."""
    import torch

    found: list[object] = []

    def keep(_layer: nn.Module, _given: object, made: object) -> None:
        found.append(made)

    hook = _layers(network)[0].register_forward_hook(keep)
    token = torch.zeros(1, 1, dtype=torch.long)
    try:
        with torch.no_grad():
            network(token, torch.ones_like(token))
    finally:
        hook.remove()
    return isinstance(found[0], tuple)


def _layers(network: nn.Module) -> nn.ModuleList:
    """Return the layers of an encoder, the lowest first."""
    import torch

    count = network.encoder.config.num_hidden_layers
    for module in network.modules():
        if isinstance(module, torch.nn.ModuleList) and len(module) == count > 1:
            return module
    raise EncoderUnavailable(
        "this encoder cannot be fine-tuned, its layers were not found: train without `--full`"
    )

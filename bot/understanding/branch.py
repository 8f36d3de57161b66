"""The tuned branch of an encoder: its upper layers once more, over the lower ones that both share.

Full training moves the upper layers only. The original ones stay beside them, so that one pass
through the lower layers and two through the upper ones give both views of a text.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import EncoderUnavailable
from bot.understanding.pretrained import Pretrained

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Branch:
    """A copy of an encoder whose upper layers are tuned.

    Attributes:
        network: The copy; like `Pretrained.network`.
        layers: Its upper layers, the ones to tune.
        depth: Number of lower layers, which stay as they are.
    """

    network: nn.Module
    layers: nn.ModuleList
    depth: int


def start_branch(pretrained: Pretrained) -> Branch:
    """Copy an encoder, and free the upper half of its layers for tuning.

    Raises:
        EncoderUnavailable: It is not a stack of layers.
    """
    network = copy.deepcopy(pretrained.network).eval().requires_grad_(requires_grad=False)
    layers = _layers(network)
    depth = len(layers) // 2
    upper = layers[depth:].requires_grad_(requires_grad=True)
    return Branch(network, upper, depth)


def fork(pretrained: Pretrained, branch: Branch) -> nn.Module:
    """Join an encoder and its tuned branch.

    Returns:
        A network like `Pretrained.network` that gives a third unit vector: the branch's.
    """
    import torch

    original = pretrained.network

    class Forked(torch.nn.Module):  # type: ignore[misc]  # torch is not typed here
        """Tokens in; last layer, the one before it, and the tuned last layer out."""

        def __init__(self) -> None:
            super().__init__()
            self.original = original
            self.tuned = branch.layers
            self._reached: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
            _layers(original)[branch.depth].register_forward_pre_hook(
                self._remember, with_kwargs=True
            )

        def forward(
            self, input_ids: Tensor, attention_mask: Tensor
        ) -> tuple[Tensor, Tensor, Tensor]:
            last, before = self.original(input_ids, attention_mask)
            (states, *rest), named = self._reached.pop()
            for layer in self.tuned:
                made = layer(states, *rest, **named)
                states = made[0] if isinstance(made, tuple) else made
            return last, before, self.original.pool(states, attention_mask)

        def _remember(
            self, _layer: nn.Module, given: tuple[Any, ...], named: dict[str, Any]
        ) -> None:
            """Keep what the first upper layer is given: the branch is given the same."""
            self._reached.append((given, named))

    return Forked().eval()


def _layers(network: nn.Module) -> nn.ModuleList:
    """Return the layers of an encoder, the lowest first."""
    import torch

    count = network.encoder.config.num_hidden_layers
    for module in network.modules():
        if isinstance(module, torch.nn.ModuleList) and len(module) == count:
            return module
    raise EncoderUnavailable(
        "this encoder cannot be fine-tuned, its layers were not found: train without --full"
    )

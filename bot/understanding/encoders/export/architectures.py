"""The parts of encoders whose graph is written by hand, under the same names for BERT and MPNet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.export.quantisation import array

if TYPE_CHECKING:
    from torch import nn

_FIRST_POSITION = 2
"""Where MPNet's positions begin: the first two rows of its table are never used for a token."""


@dataclass(frozen=True, slots=True)
class LayerParts:
    """The modules of one transformer layer: linear layers, and layer norms."""

    query: nn.Module
    key: nn.Module
    value: nn.Module
    attended: nn.Module
    attended_norm: nn.Module
    intermediate: nn.Module
    output: nn.Module
    output_norm: nn.Module


@dataclass(frozen=True, slots=True)
class Architecture:
    """What differs between the supported kinds of encoders.

    Attributes:
        positions: Added to the token embeddings, shape (max_tokens, dimension).
        position_bias: Added to the attention scores in every layer before the softmax, shape
            (1, n_heads, max_tokens, max_tokens); None for absolute positions alone.
        parts: Returns the modules of a layer.
    """

    positions: NDArray[np.float32]
    position_bias: NDArray[np.float32] | None
    parts: Callable[[Any], LayerParts]


def is_supported(network: nn.Module) -> bool:
    """Return whether an encoder is exactly a BERT or an MPNet, not just a similar architecture."""
    from transformers import BertModel, MPNetModel

    encoder = network.encoder
    return type(encoder) in (BertModel, MPNetModel) and encoder.config.hidden_act == "gelu"


def architecture_of(network: nn.Module, max_tokens: int) -> Architecture:
    """Describe a supported encoder.

    Args:
        network: `Pretrained.network`, or the result of `fork`.
        max_tokens: Maximum input length.
    """
    from transformers import MPNetModel

    encoder = network.encoder
    table = array(encoder.embeddings.position_embeddings.weight)
    if type(encoder) is MPNetModel:
        positions = table[_FIRST_POSITION : _FIRST_POSITION + max_tokens]
        return Architecture(positions, _position_bias(encoder, max_tokens), _mpnet_parts)
    token_type = array(encoder.embeddings.token_type_embeddings.weight)[0]
    return Architecture(table[:max_tokens] + token_type, None, _bert_parts)


def _position_bias(encoder: nn.Module, max_tokens: int) -> NDArray[np.float32]:
    """Return MPNet's bias for each pair of positions, by their distance.

    Source: Song et al. 2020, arXiv:2004.09297; buckets of distances as in T5, Raffel et al. 2020,
    arXiv:1910.10683.
    """
    import torch

    return array(encoder.encoder.compute_position_bias(torch.zeros(1, max_tokens, 1)))


def _bert_parts(layer: Any) -> LayerParts:  # noqa: ANN401 - torch is not typed here
    heads, attended = layer.attention.self, layer.attention.output
    return LayerParts(
        query=heads.query,
        key=heads.key,
        value=heads.value,
        attended=attended.dense,
        attended_norm=attended.LayerNorm,
        intermediate=layer.intermediate.dense,
        output=layer.output.dense,
        output_norm=layer.output.LayerNorm,
    )


def _mpnet_parts(layer: Any) -> LayerParts:  # noqa: ANN401 - torch is not typed here
    heads = layer.attention.attn
    return LayerParts(
        query=heads.q,
        key=heads.k,
        value=heads.v,
        attended=heads.o,
        attended_norm=layer.attention.LayerNorm,
        intermediate=layer.intermediate.dense,
        output=layer.output.dense,
        output_norm=layer.output.LayerNorm,
    )

"""Exports an encoder from torch to ONNX, quantised; serving needs nothing else of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.understanding.encoder import GRAPH, TOKENIZER, EncoderDescription
from bot.understanding.pretrained import Pretrained, silence

if TYPE_CHECKING:
    from onnx import ModelProto
    from torch import nn

_BLOCK = 128
"""Weights per scale. Quantised weights alone keep a text's embedding the same whatever stands
beside it in the batch; quantised activations would not (docs/decisions/0003-classifier.md)."""


def export_encoder(
    pretrained: Pretrained, folder: Path, *, name: str, key: str, weights_sha256: str
) -> None:
    """Write graph, tokenizer and description of an encoder into a folder.

    Args:
        pretrained: What to export.
        folder: Where to; must be there.
        name: What config calls the encoder.
        key: Equal keys embed equally.
        weights_sha256: Of the pre-trained weights.
    """
    _export_graph(pretrained.network, pretrained.max_tokens, folder / GRAPH)
    pretrained.tokenizer.save(str(folder / TOKENIZER))
    EncoderDescription(
        id=name,
        key=key,
        weights_sha256=weights_sha256,
        dimension=pretrained.dimension,
        pad_token=pretrained.pad_token,
        unknown_token=pretrained.unknown_token,
        max_tokens=pretrained.max_tokens,
    ).write(folder)


def _export_graph(network: nn.Module, max_tokens: int, path: Path) -> None:
    import torch

    # Two tensors: the same one twice would be exported as a single input.
    ids, mask = torch.ones(2, 7, dtype=torch.long), torch.ones(2, 7, dtype=torch.long)
    with torch.no_grad():
        n_outputs = len(network(ids, mask))
    shape = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens", max=max_tokens)}
    with silence(), torch.no_grad():
        program = torch.onnx.export(
            network,
            (ids, mask),
            dynamo=True,
            verbose=False,
            input_names=["input_ids", "attention_mask"],
            output_names=["last_layer", "layer_before", "tuned"][:n_outputs],
            dynamic_shapes={"input_ids": shape, "attention_mask": shape},
        )
        _quantise(program.model_proto, path)


def _quantise(graph: ModelProto, path: Path) -> None:
    """Shrink the token table and the matrices to int8 and save the graph."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    quantize_dynamic(
        graph, path, op_types_to_quantize=["Gather"], weight_type=QuantType.QInt8, per_channel=True
    )
    quantizer = MatMulNBitsQuantizer(
        onnx.load(path), bits=8, block_size=_BLOCK, is_symmetric=True, accuracy_level=4
    )
    quantizer.process()
    quantizer.model.save_model_to_file(str(path), use_external_data_format=False)

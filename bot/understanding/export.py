"""Exports an encoder from transformers to ONNX; the only use of torch in quick training."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import EncoderUnavailable
from bot.understanding.encoder import GRAPH, MAX_TOKENS, TOKENIZER, EncoderDescription
from bot.understanding.encoder_source import EncoderSource

if TYPE_CHECKING:
    from onnx import ModelProto
    from torch import Tensor, nn
    from transformers import PreTrainedModel

_BLOCK = 128
"""Weights per scale. Quantised weights alone keep a text's embedding the same whatever stands
beside it in the batch; quantised activations would not (docs/decisions/0003-classifier.md)."""


def export_encoder(source: EncoderSource, key: str, folder: Path) -> None:
    """Write graph, tokenizer and description of an encoder into an empty folder.

    Raises:
        EncoderUnavailable: torch or transformers is not installed, or they refuse the encoder.
    """
    with _silence():
        try:
            from transformers import AutoModel, AutoTokenizer
        except ModuleNotFoundError as error:
            raise EncoderUnavailable(
                "exporting an encoder needs torch and transformers: "
                "install them with `pip install 'frontdesk[train]'`"
            ) from error
        try:
            model = AutoModel.from_pretrained(
                source.folder, attn_implementation="eager", use_safetensors=True
            )
            tokenizer = AutoTokenizer.from_pretrained(source.folder, use_fast=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise EncoderUnavailable(
                f"{source.folder}: transformers cannot load it as an encoder ({error})"
            ) from error
        export_graph(model, pooling(source.folder), folder / GRAPH)
    if (source.folder / TOKENIZER).is_file():
        shutil.copyfile(source.folder / TOKENIZER, folder / TOKENIZER)
    else:
        tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    limit = getattr(model.config, "max_position_embeddings", MAX_TOKENS)
    EncoderDescription(
        id=source.id,
        key=key,
        weights_sha256=source.weights_sha256,
        dimension=model.config.hidden_size,
        pad_token=tokenizer.pad_token_id or 0,
        max_tokens=min(MAX_TOKENS, limit - 2),  # RoBERTa's positions begin at 2
    ).write(folder)


def pooling(folder: Path) -> str:
    """Return `cls` or `mean`, as the encoder's makers pooled it; `mean` when they do not say."""
    path = folder / "1_Pooling" / "config.json"
    settings = json.loads(path.read_text()) if path.is_file() else {}
    return "cls" if settings.get("pooling_mode_cls_token") else "mean"


def export_graph(model: PreTrainedModel, pooled: str, path: Path) -> None:
    """Export a transformers encoder with pooling and normalisation to one ONNX file."""
    import torch

    # Two tensors: the same one twice would be exported as a single input.
    ids, mask = torch.ones(2, 7, dtype=torch.long), torch.ones(2, 7, dtype=torch.long)
    batch, tokens = torch.export.Dim("batch"), torch.export.Dim("tokens", max=MAX_TOKENS)
    shape = {0: batch, 1: tokens}
    with _silence(), torch.no_grad():
        program = torch.onnx.export(
            _sentence_encoder(model, pooled).eval(),
            (ids, mask),
            dynamo=True,
            verbose=False,
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding"],
            dynamic_shapes={"input_ids": shape, "attention_mask": shape},
        )
        _quantise(program.model_proto, path)


def _sentence_encoder(model: PreTrainedModel, pooled: str) -> nn.Module:
    import torch

    class SentenceEncoder(torch.nn.Module):  # type: ignore[misc]  # torch is not typed here
        """Token embeddings in, one unit vector per text out."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = model

        def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
            states = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask
            ).last_hidden_state
            if pooled == "cls":
                return torch.nn.functional.normalize(states[:, 0], dim=1)
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            mean = (states * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    return SentenceEncoder()


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


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep the libraries' notes about themselves out of the admin's terminal."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    root = logging.getLogger()
    before, level, handlers = root.manager.disable, root.level, root.handlers[:]
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        # onnxruntime.quantization sets up the root logger when it is imported.
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.disable(before)

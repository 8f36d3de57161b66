"""Exports an encoder from torch to a quantised ONNX graph for serving."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.encoders.encoder import TOKENIZER, EncoderDescription, load_encoder_files
from bot.understanding.encoders.export.architectures import is_supported
from bot.understanding.encoders.export.bert import bert_graph
from bot.understanding.encoders.export.onnx_graph import TOKENS, VECTORS, save_graph
from bot.understanding.encoders.export.quantisation import reaches
from bot.understanding.encoders.pretrained import Pretrained, on_one_core, silence
from bot.understanding.language.normalise import normalise

if TYPE_CHECKING:
    from onnx import ModelProto
    from tokenizers import Tokenizer
    from torch import Tensor, nn

CLOSE_ENOUGH = 0.99
"""Minimum mean cosine between int8 and original embeddings; less close graphs cost 0.1 points of
accuracy (docs/decisions/0003-classifier.md)."""

_LEARNED_FROM, _JUDGED_ON = 256, 64
"""Number of random texts: to measure input magnitudes, and to compare int8 with the original."""

_MEAN_WORDS = 10
_BATCH = 32
_BLOCK = 128
"""Weights per scale. Only weights are quantised: with quantised activations, an embedding would
depend on the other texts of its batch (docs/decisions/0003-classifier.md)."""


def export_encoder(
    pretrained: Pretrained, folder: Path, *, name: str, key: str, weights_sha256: str
) -> None:
    """Write graph, tokenizer and description of an encoder into a folder.

    Args:
        pretrained: The encoder.
        folder: Existing folder for the files.
        name: Name of the encoder in config.
        key: Key of the encoder; equal keys give equal embeddings.
        weights_sha256: SHA-256 of the pre-trained weights.
    """
    description = EncoderDescription(
        id=name,
        key=key,
        weights_sha256=weights_sha256,
        dimension=pretrained.dimension,
        pad_token=pretrained.pad_token,
        unknown_token=pretrained.unknown_token,
        max_tokens=pretrained.max_tokens,
        prefix=pretrained.settings.prefix,
        passage_prefix=pretrained.settings.passage_prefix,
        pooling_assumed=pretrained.settings.pooling_assumed,
    )
    pretrained.tokenizer.save(str(folder / TOKENIZER))
    description.write(folder)
    with on_one_core():
        save_graph(_graph(pretrained, exact=False), folder)
        if closeness(pretrained, folder) < CLOSE_ENOUGH:
            save_graph(_graph(pretrained, exact=True), folder)
            exact = hashlib.sha256(f"{key}:exact".encode()).hexdigest()
            replace(description, key=exact).write(folder)


def closeness(pretrained: Pretrained, folder: Path) -> float:
    """Return the mean cosine between the embeddings of an exported encoder and the original.

    Args:
        pretrained: The original encoder.
        folder: Folder of the exported files.
    """
    import torch

    texts = _random_texts(pretrained.tokenizer, _JUDGED_ON, seed=1)
    reading = load_encoder_files(folder).read(texts)
    with torch.inference_mode():
        parts = [pretrained.network(*batch) for batch in _batches(pretrained, texts)]
    cosines = [
        (np.concatenate([vectors.numpy() for vectors in original]) * exported).sum(axis=1).mean()
        for original, exported in zip(
            zip(*parts, strict=True), (reading.vectors, reading.lower, reading.tuned), strict=False
        )
    ]
    return float(min(cosines))


def _graph(pretrained: Pretrained, *, exact: bool) -> ModelProto:
    """Return an encoder's graph, in int8 or in float32."""
    network = pretrained.network
    if not is_supported(network):
        graph = _traced(network, pretrained.max_tokens)
        return graph if exact else _quantised(graph)
    if exact:
        return bert_graph(network, pretrained.max_tokens, reach=None)
    texts = _random_texts(pretrained.tokenizer, _LEARNED_FROM, seed=0)
    reach = reaches(network, list(_batches(pretrained, texts)))
    return bert_graph(network, pretrained.max_tokens, reach)


def _random_texts(tokenizer: Tokenizer, count: int, seed: int) -> list[str]:
    """Return random texts over the vocabulary, as long as typical messages, shortest first."""
    random = np.random.default_rng(seed)
    lengths = np.sort(1 + random.exponential(_MEAN_WORDS, count).astype(np.int64))
    words = [random.integers(tokenizer.get_vocab_size(), size=length) for length in lengths]
    return [normalise(tokenizer.decode(ids.tolist())) for ids in words]


def _batches(pretrained: Pretrained, texts: Sequence[str]) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield token ids and attention masks of texts, with the encoder's prefix."""
    import torch

    pad = torch.nn.utils.rnn.pad_sequence
    prefix = pretrained.settings.prefix
    encodings = pretrained.tokenizer.encode_batch([prefix + text for text in texts])
    tokens = [torch.tensor(encoding.ids) for encoding in encodings]
    for start in range(0, len(tokens), _BATCH):
        batch = tokens[start : start + _BATCH]
        mask = pad([torch.ones_like(ids) for ids in batch], batch_first=True)
        yield pad(batch, batch_first=True, padding_value=pretrained.pad_token), mask


def _traced(network: nn.Module, max_tokens: int) -> ModelProto:
    """Return the graph of any encoder, traced by torch."""
    import torch

    # Two separate tensors: one passed twice would be exported as a single input.
    ids, mask = torch.ones(2, 7, dtype=torch.long), torch.ones(2, 7, dtype=torch.long)
    with torch.no_grad():
        n_outputs = len(network(ids, mask))
    shape = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens", max=max_tokens)}
    with silence(), torch.no_grad():
        return torch.onnx.export(
            network,
            (ids, mask),
            dynamo=True,
            verbose=False,
            input_names=list(TOKENS),
            output_names=list(VECTORS[:n_outputs]),
            dynamic_shapes=dict.fromkeys(TOKENS, shape),
        ).model_proto


def _quantised(graph: ModelProto) -> ModelProto:
    """Quantise the token table and the matrices of any graph to int8."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    with silence(), tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "graph.onnx"
        quantize_dynamic(
            graph,
            path,
            op_types_to_quantize=["Gather"],
            weight_type=QuantType.QInt8,
            per_channel=True,
        )
        quantizer = MatMulNBitsQuantizer(
            onnx.load(path), bits=8, block_size=_BLOCK, is_symmetric=True, accuracy_level=4
        )
        quantizer.process()
    return quantizer.model.model

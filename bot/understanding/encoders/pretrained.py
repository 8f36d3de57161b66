"""Loads an encoder with transformers, for export or fine-tuning."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import EncoderUnavailable
from bot.understanding.encoders.encoder import MAX_TOKENS, TOKENIZER
from bot.understanding.encoders.sentence_settings import SentenceSettings
from bot.understanding.encoders.source import EncoderSource

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor, nn
    from transformers import PreTrainedModel


@dataclass(frozen=True, slots=True)
class Pretrained:
    """An encoder in torch.

    Attributes:
        network: Takes `input_ids` and `attention_mask`, shape (n_texts, n_tokens); returns the
            unit vectors of the last layer and of the one before it, each of shape
            (n_texts, dimension).
        tokenizer: Truncates to `max_tokens` and does not pad; texts need `settings.prefix`.
        pad_token: Id of the padding token.
        unknown_token: Id of the token for unknown words; -1 if there is none.
    """

    network: nn.Module
    tokenizer: Tokenizer
    dimension: int
    pad_token: int
    unknown_token: int
    max_tokens: int
    settings: SentenceSettings


def load_pretrained(source: EncoderSource) -> Pretrained:
    """Load an encoder.

    Raises:
        EncoderUnavailable: torch or transformers is not installed, or cannot load the encoder.
    """
    try:
        from transformers import AutoModel, AutoTokenizer
    except ModuleNotFoundError as error:
        raise EncoderUnavailable(
            "exporting and fine-tuning need torch and transformers: "
            "install them with `pip install 'frontdesk[train]'`"
        ) from error
    with silence():
        try:
            # Weights as safetensors only: a pickle could run code.
            model = AutoModel.from_pretrained(
                source.folder, attn_implementation="eager", use_safetensors=True
            )
            wrapper = AutoTokenizer.from_pretrained(source.folder, use_fast=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise EncoderUnavailable(
                f"{source.folder}: transformers cannot load it as an encoder ({error})"
            ) from error
    limit = getattr(model.config, "max_position_embeddings", MAX_TOKENS)
    max_tokens = min(MAX_TOKENS, limit - 2)  # RoBERTa's positions begin at 2
    return Pretrained(
        network=_sentence_encoder(model, source.settings.pooling).eval(),
        tokenizer=_tokenizer(source.folder, wrapper.backend_tokenizer, max_tokens),
        dimension=model.config.hidden_size,
        pad_token=wrapper.pad_token_id or 0,
        unknown_token=-1 if wrapper.unk_token_id is None else wrapper.unk_token_id,
        max_tokens=max_tokens,
        settings=source.settings,
    )


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Suppress log output, warnings and progress bars of the libraries."""
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
        # onnxruntime.quantization configures the root logger when it is imported.
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.disable(before)


@contextlib.contextmanager
def on_one_core() -> Iterator[None]:
    """Limit torch to one core, so that the others stay free for serving.

    Waiting torch threads spin: with another program on one core, two threads took more than four
    times the CPU time of one.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _tokenizer(folder: Path, converted: Tokenizer, max_tokens: int) -> Tokenizer:
    """Return the encoder's own tokenizer, or the one that transformers built."""
    from tokenizers import Tokenizer

    path = folder / TOKENIZER
    tokenizer = Tokenizer.from_file(str(path)) if path.is_file() else converted
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _sentence_encoder(model: PreTrainedModel, pooling: str) -> nn.Module:
    import torch

    class SentenceEncoder(torch.nn.Module):  # type: ignore[misc]  # torch is not typed here
        """Maps tokens to one unit vector per text for each of the last two layers."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = model
            self.pooling = pooling
            self.tuned = torch.nn.ModuleList()

        def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
            layers = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
            ).hidden_states
            return self.pool(layers[-1], attention_mask), self.pool(layers[-2], attention_mask)

        def pool(self, states: Tensor, mask: Tensor) -> Tensor:
            """Pool the tokens of a text into one unit vector."""
            if pooling == "cls":
                return torch.nn.functional.normalize(states[:, 0].float(), dim=1)
            weights = mask.unsqueeze(-1).to(states.dtype)
            mean = (states * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean.float(), dim=1)

    return SentenceEncoder()

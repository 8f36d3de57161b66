"""Sentence embeddings from an exported encoder, with onnxruntime and without torch."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.understanding.encoders.sentencepiece import VOCABULARY, UnigramTokenizer
from bot.understanding.language.normalise import normalise

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

GRAPH = "encoder.onnx"
GRAPH_DATA = "encoder.onnx.data"
"""Large constants of a graph, which are memory-mapped; not every encoder has this file."""

TOKENIZER = "tokenizer.json"
DESCRIPTION = "encoder.json"
ENCODER_FILES = (GRAPH, GRAPH_DATA, TOKENIZER, VOCABULARY, DESCRIPTION)
"""All possible files of an exported encoder; it has one of the two tokeniser files."""

MAX_TOKENS = 128
"""Maximum input length; customers' messages are shorter, and the cost grows with it."""

BATCH, BATCH_TOKENS = 16, 256
"""Maximum number of texts per batch, and of tokens in a batch of several texts: larger batches are
no faster on a CPU, need more padding, and increase the memory of the process."""


@dataclass(frozen=True, slots=True)
class EncoderDescription:
    """The description of an exported encoder.

    Attributes:
        id: Name in config: `embedded`, `accurate`, a folder, or a hub id.
        key: Hash over weights, tokenizer, settings and export format; equal keys give equal
            embeddings.
        weights_sha256: SHA-256 over the weights alone, in hexadecimal.
        dimension: Length of an embedding.
        pad_token: Id of the padding token.
        unknown_token: Id of the token for unknown words; -1 if there is none.
        max_tokens: Longer texts are truncated to this length.
        prefix: Put before messages and examples; "" for most encoders.
        passage_prefix: Put before passages of articles.
        pooling_assumed: Whether the encoder's folder does not specify its pooling.
    """

    id: str
    key: str
    weights_sha256: str
    dimension: int
    pad_token: int
    unknown_token: int
    max_tokens: int
    prefix: str = ""
    passage_prefix: str = ""
    pooling_assumed: bool = False

    def write(self, folder: Path) -> None:
        """Write the description into the folder of the exported files."""
        (folder / DESCRIPTION).write_text(json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def read(cls, folder: Path) -> EncoderDescription:
        """Read the description of an exported encoder.

        Raises:
            ModelError: It is missing or invalid.
        """
        try:
            return cls(**json.loads((folder / DESCRIPTION).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise ModelError(
                f"{folder / DESCRIPTION}: cannot be read ({error}): run `frontdesk train`"
            ) from error


@dataclass(frozen=True, slots=True)
class TextEmbeddings:
    """The embeddings of texts.

    Attributes:
        vectors: Sentence embeddings, unit vectors of shape (n_texts, dimension).
        lower: The same from the layer before the last, closer to the wording; same shape.
        known: Share of each text's words that are in the vocabulary, shape (n_texts,); near 1 in
            the encoder's languages, near 0 in an unknown script.
        tuned: Embeddings by the fine-tuned layers, same shape; None after quick training.
    """

    vectors: NDArray[np.float32]
    lower: NDArray[np.float32]
    known: NDArray[np.float32]
    tuned: NDArray[np.float32] | None = None

    def take(self, rows: NDArray[np.int64]) -> TextEmbeddings:
        """Return the embeddings of some texts."""
        tuned = None if self.tuned is None else self.tuned[rows]
        return TextEmbeddings(self.vectors[rows], self.lower[rows], self.known[rows], tuned)


class ReadsTexts(Protocol):
    """Embeds texts; heads are learned over it."""

    def read(self, texts: Sequence[str]) -> TextEmbeddings:
        """Embed texts of any content by every layer."""
        ...


class _Encoding(Protocol):
    """A tokenised text."""

    @property
    def ids(self) -> list[int]: ...

    @property
    def offsets(self) -> list[tuple[int, int]]: ...


class _Tokenizer(Protocol):
    """Tokenises normalised texts."""

    def encode(self, text: str, /) -> _Encoding: ...


class Encoder:
    """An exported encoder, loaded. Thread-safe."""

    def __init__(
        self, session: InferenceSession, tokenizer: _Tokenizer, description: EncoderDescription
    ) -> None:
        self._session = session
        self._layers = len(session.get_outputs())
        # A text is tokenised twice: for language detection, then for its embedding.
        self._split = lru_cache(maxsize=BATCH)(tokenizer.encode)
        self._encode = tokenizer.encode
        # One batch per core: threads that share a batch wait for each other.
        self._cores = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="encoder")
        self.description = description

    def embed(self, texts: Sequence[str], *, passages: bool = False) -> NDArray[np.float32]:
        """Embed texts of any content.

        Args:
            texts: The texts.
            passages: Whether they are passages of articles, which questions are compared with.

        Returns:
            Unit vectors, shape (n_texts, dimension); their dot product is the cosine similarity.
        """
        prefix = self.description.passage_prefix
        if not passages or prefix == self.description.prefix:
            return self.read(texts).vectors
        tokens = [self._encode(prefix + normalise(text)).ids for text in texts]
        vectors: NDArray[np.float32] = self._embedded(tokens, lambda _: None)[0]
        return vectors

    def read(
        self, texts: Sequence[str], advance: Callable[[int], None] = lambda _: None
    ) -> TextEmbeddings:
        """Embed texts of any content by every layer, and measure how much of them is known.

        Args:
            texts: The texts.
            advance: Called with the number of texts completed since the last call.
        """
        plain = [normalise(text) for text in texts]
        # One by one: `encode_batch` starts threads, which takes longer than tokenising.
        encodings = [self._split(text) for text in plain]
        known = [self._known(text, one) for text, one in zip(plain, encodings, strict=True)]
        if prefix := self.description.prefix:
            encodings = [self._encode(prefix + text) for text in plain]
        vectors = self._embedded([encoding.ids for encoding in encodings], advance)
        tuned = vectors[2] if self._layers > 2 else None
        return TextEmbeddings(vectors[0], vectors[1], np.array(known, dtype=np.float32), tuned)

    def _embedded(
        self, tokens: Sequence[Sequence[int]], advance: Callable[[int], None]
    ) -> NDArray[np.float32]:
        """Return the embeddings by every layer, shape (n_layers, n_texts, dimension)."""
        shape = (self._layers, len(tokens), self.description.dimension)
        vectors = np.empty(shape, dtype=np.float32)
        batches = _batches([len(ids) for ids in tokens])
        run = self._cores.map if len(batches) > 1 else map
        for batch, found in zip(
            batches, run(lambda rows: self._run([tokens[i] for i in rows]), batches), strict=True
        ):
            vectors[:, batch] = found
            advance(len(batch))
        return vectors

    def whole(self, text: str) -> set[tuple[int, int]]:
        """Return start and end of each known token of a normalised text."""
        encoding = self._split(text)
        pairs = zip(encoding.ids, encoding.offsets, strict=True)
        return {offset for token, offset in pairs if token != self.description.unknown_token}

    def _known(self, text: str, encoding: _Encoding) -> float:
        """Return the share of known tokens among those with letters or digits; 1 without any."""
        words = [
            token
            for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
            if any(character.isalnum() for character in text[start:end])
        ]
        return 1 - words.count(self.description.unknown_token) / len(words) if words else 1.0

    def _run(self, tokens: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """Return the embeddings by the last layer, the one before it, and the tuned one, if any."""
        longest = max(len(ids) for ids in tokens)
        input_ids = np.full((len(tokens), longest), self.description.pad_token, dtype=np.int64)
        mask = np.zeros_like(input_ids)
        for row, ids in enumerate(tokens):
            input_ids[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        inputs = {"input_ids": input_ids, "attention_mask": mask}
        layers: list[NDArray[np.float32]] = self._session.run(None, inputs)
        return layers


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return batches of text indices, with texts of similar length together.

    The longest come first, so that no core works on a long batch when the others are done.

    >>> _batches([128, 3, 120, 2])
    [[0, 2], [1, 3]]
    """
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        size = len(batches[-1]) + 1 if batches else BATCH + 1
        if size > BATCH or size * lengths[batches[-1][0]] > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(row)
    return batches


def load_encoder_files(folder: Path) -> Encoder:
    """Load the exported encoder in a folder.

    Raises:
        ModelError: A file is missing or damaged.
    """
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    description = EncoderDescription.read(folder)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # Free memory after each run: one batch of long texts would keep 140 MB for ever.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    refusals = (
        failures.Fail,
        failures.InvalidArgument,
        failures.InvalidGraph,
        failures.InvalidProtobuf,
        failures.NoSuchFile,
    )
    try:
        session = onnxruntime.InferenceSession(
            str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = _load_tokenizer(folder, description.max_tokens)
    except (OSError, ValueError, *refusals) as error:
        raise ModelError(
            f"{folder}: the encoder is damaged ({error}): run `frontdesk train`"
        ) from error
    dimension = session.get_outputs()[0].shape[-1]
    if dimension != description.dimension:
        raise ModelError(
            f"{folder}: the encoder has {dimension} dimensions instead of "
            f"{description.dimension} as described: run `frontdesk train`"
        )
    return Encoder(session, tokenizer, description)


def _load_tokenizer(folder: Path, max_tokens: int) -> _Tokenizer:
    if (folder / VOCABULARY).is_file():
        return UnigramTokenizer.read(folder, max_tokens)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer((folder / TOKENIZER).read_bytes())
    tokenizer.no_padding()  # packaged tokenizers pad every text to 128 tokens
    tokenizer.enable_truncation(max_tokens)
    return tokenizer

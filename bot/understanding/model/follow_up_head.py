"""A classifier for messages that lean on what was said before, trained on Frontdesk's own examples.

"and how long does that take" cannot be answered by itself, "same with that" not even together with
the question before it. One head is trained over each encoder, whatever the admin's intents are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.ports import Leaning
from bot.understanding.encoders.encoder import Encoder, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.model.head import Targets, fit, softmax

FILE = "follow_ups.safetensors"

_KINDS = ("complete", "leaning", "empty")

_WEIGHT = 1 / 4
"""Weight of an example relative to the penalty of `fit`, as in the head for people."""


@dataclass(frozen=True, slots=True)
class FollowUpHead:
    """Weights that turn embeddings into one logit for each kind of text.

    Attributes:
        dense: Shape (2 dimension, 3).
        bias: Shape (3,).
    """

    dense: NDArray[np.float32]
    bias: NDArray[np.float32]

    def leanings(self, reading: TextEmbeddings) -> list[Leaning]:
        """Return for each text the probability that it leans on an earlier one."""
        shares = softmax(_features(reading) @ self.dense + self.bias)
        return [Leaning(float(row[1]), float(row[2])) for row in shares]

    def write(self, folder: Path) -> None:
        """Write it into a model version, or into its multilingual part."""
        from safetensors.numpy import save_file

        save_file({"dense": self.dense, "bias": self.bias}, folder / FILE)


def fit_follow_up_head(encoder: Encoder, *, every_language: bool) -> FollowUpHead:
    """Train the head over an encoder; cached per process, since the examples never change.

    Args:
        encoder: The encoder of the model being trained.
        every_language: Use the examples of all languages; else English only.
    """
    key = (encoder.description.key, every_language)
    if key not in _learned:
        _learned[key] = _learn(encoder, every_language=every_language)
    return _learned[key]


def read_follow_ups(folder: Path, dimension: int) -> FollowUpHead | None:
    """Read the head from a folder; None for a model of an earlier Frontdesk without one.

    Args:
        folder: Folder of a version, or of its multilingual part.
        dimension: Dimension of the encoder there.

    Raises:
        ModelError: The file is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = folder / FILE
    if not path.is_file():
        return None
    try:
        tensors = load_file(path)
        head = FollowUpHead(tensors["dense"], tensors["bias"])
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"{path}: cannot be read ({error}): run `frontdesk train`") from error
    if head.dense.shape != (2 * dimension, len(_KINDS)) or head.bias.shape != (len(_KINDS),):
        raise ModelError(f"{path}: was trained with another encoder: run `frontdesk train`")
    return head


@cache
def follow_up_examples_hash() -> str:
    """Return a short hash of the examples, which is part of a model's identity."""
    return hashlib.sha256(repr(_document()).encode()).hexdigest()[:12]


_learned: dict[tuple[str, bool], FollowUpHead] = {}


def _learn(encoder: Encoder, *, every_language: bool) -> FollowUpHead:
    examples = [
        (text, label)
        for label, kind in enumerate(_KINDS)
        for language, texts in _document()[kind].items()
        if every_language or language == ENGLISH
        for text in texts
    ]
    labels = np.array([label for _, label in examples], dtype=np.int64)
    counts = np.bincount(labels, minlength=len(_KINDS))
    weights = _WEIGHT * len(labels) / (len(_KINDS) * counts[labels])
    targets = Targets(
        labels, np.zeros(len(labels), dtype=np.bool_), weights.astype(np.float32), len(_KINDS)
    )
    found = fit(_features(encoder.read([text for text, _ in examples])), targets)
    return FollowUpHead(np.ascontiguousarray(found[:-1]), found[-1])


def _features(reading: TextEmbeddings) -> NDArray[np.float32]:
    return np.concatenate([reading.vectors, reading.lower], axis=1)


@cache
def _document() -> Mapping[str, Mapping[str, Sequence[str]]]:
    from ruamel.yaml import YAML

    text = resources.files(__package__).joinpath("follow_ups.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = YAML(typ="safe").load(text)
    return document

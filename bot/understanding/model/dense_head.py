"""A small head over an encoder's embeddings alone, learned from shipped examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.model.head import Targets, fit, softmax

WEIGHT = 1 / 4
"""Weight of an example relative to the penalty of `fit`; tuned on the lists in
benchmarks/field/build/."""


@dataclass(frozen=True, slots=True)
class DenseHead:
    """Weights that turn embeddings into one logit for each kind of text.

    Attributes:
        dense: Shape (2 dimension, n_kinds).
        bias: Shape (n_kinds,).
    """

    dense: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def fit(
        cls, encoder: ReadsTexts, examples: Sequence[tuple[str, int]], n_kinds: int
    ) -> DenseHead:
        """Fit the head; each kind weighs the same, whatever its number of examples.

        Args:
            encoder: Embeds the examples.
            examples: Text and index of its kind.
            n_kinds: Number of kinds.
        """
        labels = np.array([kind for _, kind in examples], dtype=np.int64)
        counts = np.bincount(labels, minlength=n_kinds)
        weights = WEIGHT * len(labels) / (n_kinds * counts[labels])
        targets = Targets(
            labels, np.zeros(len(labels), dtype=np.bool_), weights.astype(np.float32), n_kinds
        )
        found = fit(_features(encoder.read([text for text, _ in examples])), targets)
        return cls(np.ascontiguousarray(found[:-1]), found[-1])

    @classmethod
    def read(cls, path: Path, dimension: int, n_kinds: int) -> DenseHead | None:
        """Read the head from a file; None for a model of an earlier Frontdesk without one.

        Args:
            path: In the folder of a version, or of its multilingual part.
            dimension: Dimension of the encoder there.
            n_kinds: Number of kinds.

        Raises:
            ModelError: The file is damaged.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        if not path.is_file():
            return None
        try:
            tensors = load_file(path)
            head = cls(tensors["dense"], tensors["bias"])
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ModelError(f"{path}: cannot be read ({error}): run `frontdesk train`") from error
        if head.dense.shape != (2 * dimension, n_kinds) or head.bias.shape != (n_kinds,):
            raise ModelError(f"{path}: was trained with another encoder: run `frontdesk train`")
        return head

    def write(self, path: Path) -> None:
        """Write it into a file of a model version."""
        from safetensors.numpy import save_file

        save_file({"dense": self.dense, "bias": self.bias}, path)

    def probabilities(self, reading: TextEmbeddings) -> NDArray[np.float32]:
        """Return the probability of each kind for each text, shape (n_texts, n_kinds)."""
        shares: NDArray[np.float32] = softmax(_features(reading) @ self.dense + self.bias)
        return shares


def _features(reading: TextEmbeddings) -> NDArray[np.float32]:
    return np.concatenate([reading.vectors, reading.lower], axis=1)

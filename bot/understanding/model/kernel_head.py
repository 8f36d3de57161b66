"""A head over an encoder's embeddings that trusts only what is near its examples.

Far from every example all scores are 0: a text about something else is of no kind, whatever its
encoder makes of it. A linear head has no such default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.understanding.encoders.encoder import Encoder, TextEmbeddings

GAMMA = 1.2
"""Width of the kernel exp(-GAMMA |a - b|^2) between embeddings of length 1, and ..."""

RIDGE = 0.05
"""... the penalty; both chosen on the lists in benchmarks/field/build/."""


@dataclass(frozen=True, slots=True)
class KernelHead:
    """Kernel ridge regression on the kinds of texts.

    Attributes:
        anchors: Embeddings of the examples, shape (n_examples, dimension); half precision is
            enough in a file.
        weights: Shape (n_examples, n_kinds).
    """

    anchors: NDArray[np.float32]
    weights: NDArray[np.float32]

    @classmethod
    def fit(cls, encoder: Encoder, examples: Sequence[tuple[str, int]], n_kinds: int) -> KernelHead:
        """Fit the head: the examples of no kind weigh as much as all others together.

        Args:
            encoder: Embeds the examples.
            examples: Text and its kind, from 1 to `n_kinds`; 0 for none of them.
            n_kinds: Number of kinds.
        """
        vectors = (
            encoder.read([text for text, _ in examples]).lower.astype(np.float16).astype(np.float32)
        )
        kinds = np.array([kind for _, kind in examples], dtype=np.int64)
        counts = np.bincount(kinds, minlength=n_kinds + 1)
        shares = np.where(kinds == 0, 0.5, 0.5 / n_kinds) * len(kinds) / counts[kinds]
        near = _kernel(vectors, vectors)
        near[np.diag_indices(len(kinds))] += (RIDGE / shares).astype(np.float32)
        targets = np.eye(n_kinds + 1, dtype=np.float32)[kinds, 1:]
        return cls(vectors, np.linalg.solve(near, targets))

    @classmethod
    def read(cls, path: Path, dimension: int, n_kinds: int) -> KernelHead | None:
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
            head = cls(tensors["anchors"].astype(np.float32), tensors["weights"])
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ModelError(f"{path}: cannot be read ({error}): run `frontdesk train`") from error
        if head.anchors.shape[1:] != (dimension,) or head.weights.shape[1:] != (n_kinds,):
            raise ModelError(f"{path}: was trained with another encoder: run `frontdesk train`")
        return head

    def write(self, path: Path) -> None:
        """Write it into a file of a model version."""
        from safetensors.numpy import save_file

        save_file({"anchors": self.anchors.astype(np.float16), "weights": self.weights}, path)

    def scores(self, reading: TextEmbeddings) -> NDArray[np.float32]:
        """Return how surely each text is of each kind, shape (n_texts, n_kinds).

        About 0 to 1, but below 0 where a text is nearer to others; their sum tells how surely a
        text is of any kind.
        """
        found: NDArray[np.float32] = _kernel(reading.lower, self.anchors) @ self.weights
        return found


def _kernel(texts: NDArray[np.float32], anchors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the kernel between embeddings of length 1, shape (n_texts, n_anchors)."""
    near: NDArray[np.float32] = np.exp(2 * GAMMA * (texts @ anchors.T - 1))
    return near

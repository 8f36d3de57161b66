"""Training examples with their embeddings: for similarity, for explanations, and as a cache."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_TEXTS = "examples.json"
_VECTORS = "examples.safetensors"


@dataclass(frozen=True, slots=True)
class Examples:
    """What a model was trained on.

    Attributes:
        texts: As they were written, grouped by intent.
        embeddings: Unit vectors, shape (n, dimension).
        intents: Position of each text's intent, ascending; texts of no intent come last, with
            positions from the number of intents on, shape (n,).
    """

    texts: Sequence[str]
    embeddings: NDArray[np.float32]
    intents: NDArray[np.int64]

    def nearest(self, embeddings: NDArray[np.float32], n_intents: int) -> NDArray[np.float32]:
        """Return the cosine to the nearest example of each intent, shape (n_texts, n_intents).

        An intent without examples has similarity 0.
        """
        similarities = np.zeros((len(embeddings), n_intents), dtype=np.float32)
        taught = int(np.searchsorted(self.intents, n_intents))
        if taught:
            present, starts = np.unique(self.intents[:taught], return_index=True)
            cosines = embeddings @ self.embeddings[:taught].T
            similarities[:, present] = np.maximum.reduceat(cosines, starts, axis=1)
        return similarities

    def write(self, folder: Path) -> None:
        """Write texts and embeddings into a model version."""
        from safetensors.numpy import save_file

        (folder / _TEXTS).write_text(json.dumps(list(self.texts)), encoding="utf-8")
        save_file({"embeddings": self.embeddings, "intents": self.intents}, folder / _VECTORS)

    @classmethod
    def read(cls, folder: Path) -> Examples:
        """Read them back."""
        from safetensors.numpy import load_file

        texts = json.loads((folder / _TEXTS).read_text(encoding="utf-8"))
        arrays = load_file(folder / _VECTORS)
        return cls(texts, arrays["embeddings"], arrays["intents"])

"""The result of fine-tuning, which the fit mixes with the quick head."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class FineTuned:
    """The result of fine-tuning: a head over embeddings by the tuned layers.

    Attributes:
        weights: Shape (dimension, n_classes).
        bias: Shape (n_classes,).
        vectors: Embeddings of all rows by the tuned layers, shape (n_rows, dimension).
        held: Logits of held-out rows by layers that had not seen them, zero for all others,
            shape (n_rows, n_classes).
        nearest: Nearness of held-out rows to each intent's nearest example by the same layers,
            zero for all others, shape (n_rows, n_intents).
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    vectors: NDArray[np.float32]
    held: NDArray[np.float32]
    nearest: NDArray[np.float32]

    def padded(self, n_rows: int) -> FineTuned:
        """Return it with zeros for further rows, which were not fine-tuned on."""
        vectors, held, nearest = (
            np.pad(array, ((0, n_rows - len(array)), (0, 0)))
            for array in (self.vectors, self.held, self.nearest)
        )
        return replace(self, vectors=vectors, held=held, nearest=nearest)

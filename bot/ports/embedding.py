"""Port of text encoders: what search and grounding compare texts with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Embeds(Protocol):
    """A text encoder."""

    def embed(self, texts: Sequence[str], *, passages: bool = False) -> NDArray[np.float32]:
        """Embed texts.

        Args:
            texts: The texts.
            passages: Whether they are passages of articles, which questions are compared with:
                some encoders want both marked.

        Returns:
            Unit vectors, shape (n_texts, dimension).
        """
        ...

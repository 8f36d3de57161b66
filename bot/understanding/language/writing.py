"""How a text is written: capitals, marks and emoji, which tell feelings beside the words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

N_MARKS = 8
"""Number of features of a text."""

_GLAD = frozenset("😀😃😄😁😆😊😍🥰😘❤💕👍🎉🙏⭐🌟😂🤩💯🔥")
_CROSS = frozenset("😡😠🤬😤😞😢😭🙄👎💔😒😑😩😫")
_MOCKING = frozenset("👏🙃")

_CAPITALS = 0.6
"""Share of capital letters from which a text is shouted, and ..."""

_FEW = 5
"""... letters up to which it may be an abbreviation."""

_ROW = 3
"""Words in capitals, one after the other, that are shouted within a text."""

_MANY = 4
"""Marks beyond which more of them say nothing more."""


def marks(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the features of normalised texts, each in [0, 1], shape (n_texts, N_MARKS).

    >>> marks(["WHERE IS IT???", "thanks 😊"]).tolist()
    [[1.0, 0.0, 0.75, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]]
    """
    return np.array([_marks(text) for text in texts], dtype=np.float32).reshape(-1, N_MARKS)


def _marks(text: str) -> tuple[float, ...]:
    signs = frozenset(text)
    return (
        float(_is_shouted(text)),
        min(text.count("!") + text.count("！"), _MANY) / _MANY,
        min(text.count("?") + text.count("？"), _MANY) / _MANY,
        float(bool(signs & _GLAD)),
        float(bool(signs & _CROSS)),
        float(bool(signs & _MOCKING)),
        float("..." in text or "…" in text),
        float(bool(signs & frozenset('"“„'))),
    )


def _is_shouted(text: str) -> bool:
    cased = [letter for letter in text if letter.lower() != letter.upper()]
    capitals = sum(letter.isupper() for letter in cased)
    row = longest = 0
    for word in text.split():
        row = row + 1 if word.isupper() else 0
        longest = max(longest, row)
    return longest >= _ROW or (len(cased) > _FEW and capitals > _CAPITALS * len(cased))

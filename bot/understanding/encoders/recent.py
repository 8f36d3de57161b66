"""Keeps the embeddings of the latest texts: several stages read the same message and its parts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from bot.understanding.encoders.encoder import Encoder, TextEmbeddings

KEPT = 256
"""Number of texts whose embeddings are kept: the parts of the messages in hand."""

_FEW = 64
"""Longer lists of texts, as in evaluation, are embedded without a look at what is kept."""


class RecentEmbeddings:
    """An encoder's embeddings, the latest of them kept in memory. Thread-safe."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, TextEmbeddings] = OrderedDict()
        self._lock = Lock()

    def read(self, texts: Sequence[str]) -> TextEmbeddings:
        """Embed texts, see `Encoder.read`; those not kept are embedded in one batch."""
        if not texts or len(texts) > _FEW:
            return self._encoder.read(texts)
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            fresh = self._encoder.read(missing)
            rows = {text: fresh.take(np.array([row])) for row, text in enumerate(missing)}
            found |= rows
            self._keep(rows)
        return _joined([found[text] for text in texts])

    def _keep(self, rows: dict[str, TextEmbeddings]) -> None:
        with self._lock:
            self._kept |= rows
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def _joined(rows: Sequence[TextEmbeddings]) -> TextEmbeddings:
    tuned = [row.tuned for row in rows if row.tuned is not None]
    return TextEmbeddings(
        np.concatenate([row.vectors for row in rows]),
        np.concatenate([row.lower for row in rows]),
        np.concatenate([row.known for row in rows]),
        np.concatenate(tuned) if tuned else None,
    )

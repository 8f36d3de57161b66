"""Similarity in meaning, by an encoder: it may excuse a word that the evidence lacks.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.ports.embedding import Embeds

WORD = 0.62
"""Cosine from which one word may replace another. Source: set by hand on pairs of words, and
checked on the tuning half of benchmarks/grounding/questions.yaml."""

SENTENCE = 0.3
"""Cosine from which a sentence is about the same as its evidence. Source: as above."""

_REMEMBERED = 20_000


class Similarity:
    """Compares words and sentences by an encoder, and caches the vectors.

    Args:
        encoder: None: no two words are similar, and no sentence is off topic.
    """

    def __init__(
        self, encoder: Embeds | None, *, word: float = WORD, sentence: float = SENTENCE
    ) -> None:
        self._encoder = encoder
        self._word = word
        self._sentence = sentence
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def excuses(self, word: str, words: Iterable[str]) -> bool:
        """Return whether one of some words is similar in meaning to a word."""
        others = list(dict.fromkeys(words))
        if self._encoder is None or not others:
            return False
        vectors = self._embed([word, *others])
        return float((vectors[1:] @ vectors[0]).max()) >= self._word

    def is_about(self, sentence: str, evidence: str) -> bool:
        """Return whether a sentence is about the same as the evidence."""
        if self._encoder is None:
            return True
        one, other = self._embed([sentence, evidence])
        return float(one @ other) >= self._sentence

    def cosines(self, sentence: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return how similar a sentence is to each text, shape (n_texts,); 0 without an encoder."""
        if self._encoder is None or not texts:
            return np.zeros(len(texts), dtype=np.float32)
        vectors = self._embed([sentence, *texts])
        return np.asarray(vectors[1:] @ vectors[0], dtype=np.float32)

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encoder = self._encoder
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing and encoder is not None:
            if len(self._vectors) + len(missing) > _REMEMBERED:
                self._vectors.clear()
                missing = list(dict.fromkeys(texts))
            self._vectors.update(zip(missing, encoder.embed(missing), strict=True))
        return np.stack([self._vectors[text] for text in texts])

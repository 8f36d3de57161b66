"""A classifier for texts that are planted in articles, trained on Frontdesk's own examples.

Kernel ridge regression over two layers of embeddings and word n-grams: planted texts form many
small groups, which one plane does not part from honest ones.

Source: Saunders, Gammerman, Vovk 1998, "Ridge regression learning algorithm in dual variables".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.model.shipped_examples import shipped_lines

FILE = "planted.safetensors"

_EXAMPLES = "planted.yaml"

LEARNED_FROM = (_EXAMPLES, "planted_head.py")
"""Files of this package that the head is learned from."""

_RIDGE, _WIDTH, _BY_WORDS = 0.3, 1.0, 0.5
"""Penalty, width of the Gaussian kernel, and weight of the n-grams; tuned on the lists in
benchmarks/field/build/."""

_LONGEST = 2
"""Words of an n-gram."""

_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class PlantedHead:
    """A function of embedding and words that is near 1 for planted texts, near -1 for others.

    Attributes:
        examples: Embeddings of the examples, shape (n_examples, 2 dimension).
        duals: Weight of each example, shape (n_examples,).
        words: Weight of each n-gram, and its inverse document frequency.
    """

    examples: NDArray[np.float16]
    duals: NDArray[np.float32]
    words: Mapping[str, tuple[float, float]]

    @classmethod
    def fit(cls, encoder: ReadsTexts, *, every_language: bool) -> PlantedHead:
        """Train the head over an encoder, on the examples of all languages or the English ones."""
        from scipy.sparse import csr_matrix

        texts, targets = _examples(every_language=every_language)
        grams = [_grams(text) for text in texts]
        counts = Counter(gram for each in grams for gram in each)
        idf = {g: math.log((1 + len(texts)) / (1 + n)) + 1 for g, n in counts.items()}
        places = {gram: place for place, gram in enumerate(idf)}
        rows = [_weighted(each, idf) for each in grams]
        values = [value for row in rows for value in row.values()]
        columns = [places[gram] for row in rows for gram in row]
        ends = np.cumsum([0, *map(len, rows)])
        by_words: Any = csr_matrix((values, columns, ends), shape=(len(texts), len(idf)))
        dense = _features(encoder.read(texts)).astype(np.float16)
        kernel = _gaussian(dense, dense) + _BY_WORDS * (by_words @ by_words.T).toarray()
        shares = {sign: float((targets == sign).mean()) for sign in (-1.0, 1.0)}
        penalties = _RIDGE * 2 * np.array([shares[sign] for sign in targets])
        duals = np.linalg.solve(kernel + np.diag(penalties), targets)
        weights = _BY_WORDS * (by_words.T @ duals)
        words = {gram: (float(weights[place]), idf[gram]) for gram, place in places.items()}
        return cls(dense, duals.astype(np.float32), words)

    def scores(self, texts: Sequence[str], reading: TextEmbeddings) -> NDArray[np.float64]:
        """Return how planted each text looks, about -1 to 1, shape (n_texts,)."""
        dense: NDArray[np.float64] = _gaussian(_features(reading), self.examples) @ self.duals
        idf = {gram: pair[1] for gram, pair in self.words.items()}
        sums = [
            sum(value * self.words[gram][0] for gram, value in _weighted(_grams(t), idf).items())
            for t in texts
        ]
        scores: NDArray[np.float64] = dense + np.array(sums)
        return scores

    def write(self, path: Path) -> None:
        """Write it into a file of a model version."""
        from safetensors.numpy import save_file

        grams = np.frombuffer("\n".join(self.words).encode(), dtype=np.uint8)
        pairs = np.array(list(self.words.values()), dtype=np.float16)
        save_file(
            {"examples": self.examples, "duals": self.duals, "grams": grams, "pairs": pairs}, path
        )

    @classmethod
    def read(cls, path: Path, dimension: int) -> PlantedHead | None:
        """Read it; None for a model of an earlier Frontdesk without one.

        Raises:
            ModelError: The file is damaged, or of another encoder.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        if not path.is_file():
            return None
        try:
            tensors = load_file(path)
            grams = tensors["grams"].tobytes().decode().split("\n")
            pairs = tensors["pairs"].astype(np.float64).tolist()
            words = {gram: (pair[0], pair[1]) for gram, pair in zip(grams, pairs, strict=True)}
            head = cls(tensors["examples"], tensors["duals"], words)
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ModelError(f"{path}: cannot be read ({error}): run `frontdesk train`") from error
        if head.examples.shape != (len(head.duals), 2 * dimension):
            raise ModelError(f"{path}: was trained with another encoder: run `frontdesk train`")
        return head


def _features(reading: TextEmbeddings) -> NDArray[np.float32]:
    return np.concatenate([reading.vectors, reading.lower], axis=1)


def _gaussian(ones: NDArray[Any], others: NDArray[Any]) -> NDArray[np.float64]:
    """Return the kernel of each of some texts with each of others."""
    left, right = ones.astype(np.float64), others.astype(np.float64)
    squares = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None]
    near: NDArray[np.float64] = np.exp(-_WIDTH * (squares - 2 * left @ right.T))
    return near


def _grams(text: str) -> Counter[str]:
    words = _WORD.findall(text.lower())
    return Counter(
        " ".join(words[start : start + length])
        for length in range(1, _LONGEST + 1)
        for start in range(len(words) - length + 1)
    )


def _weighted(grams: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    """Return the TF-IDF of known n-grams, as a vector of length 1."""
    values = {g: (1 + math.log(n)) * idf[g] for g, n in grams.items() if g in idf}
    length = math.sqrt(sum(value**2 for value in values.values())) or 1.0
    return {gram: value / length for gram, value in values.items()}


def _examples(*, every_language: bool) -> tuple[list[str], NDArray[np.float64]]:
    chosen = [
        (text, sign)
        for kind, sign in (("planted", 1.0), ("honest", -1.0))
        for language, texts in shipped_lines(_EXAMPLES)[kind].items()
        if every_language or language == ENGLISH
        for text in texts
    ]
    return [text for text, _ in chosen], np.array([sign for _, sign in chosen])

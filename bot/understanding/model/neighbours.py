"""Training examples with their embeddings, and the similarity of texts to them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from bot.errors import ModelError
from bot.files.shared_files import read_strings
from bot.understanding.encoders.encoder import TextEmbeddings
from bot.understanding.model.features import Features

_TEXTS = "examples.json"
_VECTORS = "examples.safetensors"


@dataclass(frozen=True, slots=True)
class ExampleIndex:
    """The training examples of a model with their embeddings.

    Attributes:
        texts: The texts as written, grouped by intent.
        reading: Their embeddings.
        intents: Index of each text's intent, ascending; out-of-scope texts come last, with
            indices from the number of intents on, shape (n,).
    """

    texts: Sequence[str]
    reading: TextEmbeddings
    intents: NDArray[np.int64]

    def write(self, folder: Path) -> None:
        """Write texts and embeddings into a model version."""
        from safetensors.numpy import save_file

        (folder / _TEXTS).write_text(json.dumps(list(self.texts)), encoding="utf-8")
        tensors = {
            "embeddings": self.reading.vectors,
            "lower": self.reading.lower,
            "known": self.reading.known,
            "intents": self.intents,
        }
        if self.reading.tuned is not None:
            tensors["tuned"] = self.reading.tuned
        save_file(tensors, folder / _VECTORS)

    @classmethod
    def read(cls, folder: Path) -> ExampleIndex:
        """Read the examples of a model version.

        Raises:
            ModelError: The files are missing, damaged or inconsistent.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            texts, arrays = read_strings(folder / _TEXTS), load_file(folder / _VECTORS)
            reading = TextEmbeddings(
                arrays["embeddings"], arrays["lower"], arrays["known"], arrays.get("tuned")
            )
            found = cls(texts, reading, arrays["intents"])
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ModelError(
                f"{folder}: its examples cannot be read ({error}): run `frontdesk train`"
            ) from error
        counts = {len(texts), *(len(array) for array in arrays.values())}
        if len(counts) > 1 or reading.vectors.shape != reading.lower.shape:
            raise ModelError(f"{folder}: its example files are inconsistent: run `frontdesk train`")
        return found


class Neighbours:
    """Computes the nearness of texts to examples.

    Nearness is the cosine of both layers' embeddings for the part of the texts that the encoder
    knows, plus the similarity of their n-grams for the rest: texts in an unknown script must not
    seem similar because all of their tokens are unknown. N-gram cosines are lower than embedding
    cosines, so their square root is used.

    After full training, nearness is multiplied by the cosine of the tuned layers.

    Args:
        examples: Features of the examples.
        intents: Index of each example's intent, ascending, shape (n_examples,).
    """

    def __init__(self, examples: Features, intents: NDArray[np.int64]) -> None:
        self._meaning = examples.meaning
        self._tuned = examples.tuned
        self._intents = intents
        self._foreign = np.flatnonzero(examples.known < 1)
        rows = [examples.words[i] for i in self._foreign.tolist()]
        self._columns: NDArray[np.int64] = _joined([row.columns for row in rows], np.int64)
        self._values: NDArray[np.float32] = _joined([row.values for row in rows], np.float32)
        self._owner = np.repeat(np.arange(len(rows)), [len(row.columns) for row in rows])
        lengths = np.array([np.linalg.norm(row.values) for row in rows])
        unknown = np.sqrt(1 - examples.known[self._foreign] ** 2)
        self._shares = unknown / np.sqrt(np.maximum(lengths, 1e-9))

    def nearness(self, texts: Features) -> NDArray[np.float32]:
        """Return the nearness of texts to examples, in [-1, 1], shape (n_texts, n_examples)."""
        near: NDArray[np.float32] = texts.meaning @ self._meaning.T
        if len(self._foreign):
            for position in np.flatnonzero(texts.known < 1):
                near[position, self._foreign] += self._likeness(texts, int(position))
        return near

    def nearest(
        self, texts: Features, n_intents: int, *, among: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Return the nearness of each intent's nearest example, shape (n_texts, n_intents).

        An intent without examples has nearness 0.

        Args:
            texts: Features of the texts.
            n_intents: Number of intents.
            among: The intents to compare each text with, shape (n_texts, n); None: all. Others
                may be 0 in the result.
        """
        if len(self._foreign) and (texts.known < 1).any():
            nearest = _each_most(self.nearness(texts), self._intents, n_intents)
        else:
            nearest = nearest_vectors(
                texts.meaning, self._meaning, self._intents, n_intents, among=among
            )
        if self._tuned is None or texts.tuned is None:
            return nearest
        tuned = nearest_vectors(texts.tuned, self._tuned, self._intents, n_intents, among=among)
        return by_both(nearest, tuned, texts.known)

    def _likeness(self, texts: Features, position: int) -> NDArray[np.float64]:
        """Return the n-gram part of the nearness of one text to each partly unknown example."""
        row, known = texts.words[position], float(texts.known[position])
        length = float(np.linalg.norm(row.values))
        weights = np.zeros(max(self._columns.max(initial=0), row.columns.max(initial=0)) + 1)
        weights[row.columns] = row.values
        shared = np.bincount(
            self._owner, self._values * weights[self._columns], minlength=len(self._foreign)
        )
        likeness: NDArray[np.float64] = np.sqrt(shared / max(length, 1e-9)) * self._shares
        likeness *= np.sqrt(1 - known**2)
        return likeness


def nearest_vectors(
    texts: NDArray[np.float32],
    examples: NDArray[np.float32],
    intents: NDArray[np.int64],
    n_intents: int,
    *,
    among: NDArray[np.int64] | None = None,
) -> NDArray[np.float32]:
    """Return the cosine to each intent's nearest example; see `Neighbours.nearest`.

    Args:
        texts: Unit vectors, shape (n_texts, dimension).
        examples: Unit vectors, shape (n_examples, dimension).
        intents: Index of each example's intent, ascending, shape (n_examples,).
        n_intents: Number of intents.
        among: The intents to compare each text with, see `Neighbours.nearest`.
    """
    if among is None:
        return _each_most(texts @ examples.T, intents, n_intents)
    nearest = np.zeros((len(texts), n_intents), dtype=np.float32)
    starts, ends = np.searchsorted(intents, among), np.searchsorted(intents, among, side="right")
    for row, (text, likely) in enumerate(zip(texts, among, strict=True)):
        for column, intent in enumerate(likely.tolist()):
            own = examples[starts[row, column] : ends[row, column]]
            if len(own):
                nearest[row, intent] = (own @ text).max()
    return nearest


def by_both(
    nearest: NDArray[np.float32], tuned: NDArray[np.float32], known: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Combine nearness by the original and by the tuned layers, shape (n_texts, n_intents).

    Args:
        nearest: By the original layers, shape (n_texts, n_intents).
        tuned: By the tuned layers, same shape.
        known: Share of each text that the encoder knows, which the tuned layers apply to.
    """
    both: NDArray[np.float32] = nearest * (1 - known[:, None] * (1 - np.clip(tuned, 0, 1)))
    return both


def _each_most(
    near: NDArray[np.float32], intents: NDArray[np.int64], n_intents: int
) -> NDArray[np.float32]:
    """Return the maximum nearness to an example of each intent, 0 where there is none.

    Args:
        near: Nearness to each example, shape (n_texts, n_examples).
        intents: Index of each example's intent, ascending, shape (n_examples,).
        n_intents: Number of intents.
    """
    nearest = np.zeros((len(near), n_intents), dtype=np.float32)
    taught = int(np.searchsorted(intents, n_intents))
    if taught:
        present, starts = np.unique(intents[:taught], return_index=True)
        nearest[:, present] = np.maximum.reduceat(near[:, :taught], starts, axis=1)
    return nearest


def _joined(arrays: Sequence[NDArray[Any]], kind: DTypeLike) -> NDArray[Any]:
    """Concatenate any number of arrays."""
    return np.concatenate([np.zeros(0, dtype=kind), *arrays])

"""Training examples with their embeddings, and the similarity of texts to them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
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

NEAREST, ROBUST = 0.0, 0.1
"""Shares of an intent's examples that set k, see `Neighbours`: the nearest example alone, and the
value that wrong examples cannot spoil (docs/decisions/0020-nearness.md)."""


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

    Nearness to an intent is that to its nearest example or, so that one wrong example cannot
    decide, the geometric mean of that and of the k-th nearest.

    Args:
        examples: Features of the examples.
        intents: Index of each example's intent, ascending, shape (n_examples,).
        k_share: k as a share of the intent's examples, in [0, 1]; 0: the nearest alone.
    """

    def __init__(
        self, examples: Features, intents: NDArray[np.int64], k_share: float = NEAREST
    ) -> None:
        self._k_share = k_share
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
        """Return the nearness of texts to intents, shape (n_texts, n_intents).

        An intent without examples has nearness 0.

        Args:
            texts: Features of the texts.
            n_intents: Number of intents.
            among: The intents to compare each text with, shape (n_texts, n); None: all. Others
                may be 0 in the result.
        """
        nearest: NDArray[np.float32]
        if among is None:
            nearest = self.nearest_by(texts, n_intents, (self._k_share,))[0]
            return nearest
        if len(self._foreign) and (texts.known < 1).any():
            near = self.nearness(texts)
            nearest = self._among(lambda row, own: near[row, own], among, n_intents)
        else:
            nearest = self._among(
                lambda row, own: self._meaning[own] @ texts.meaning[row], among, n_intents
            )
        mine, theirs = self._tuned, texts.tuned
        if mine is None or theirs is None:
            return nearest
        tuned = self._among(lambda row, own: mine[own] @ theirs[row], among, n_intents)
        return by_both(nearest, tuned, texts.known)

    def nearest_by(
        self, texts: Features, n_intents: int, k_shares: Sequence[float]
    ) -> NDArray[np.float32]:
        """Return the nearness to all intents by several k, shape (n_shares, n_texts, n_intents)."""
        nearest = by_intent(self.nearness(texts), self._intents, n_intents, k_shares)
        if self._tuned is None or texts.tuned is None:
            return nearest
        tuned = by_intent(texts.tuned @ self._tuned.T, self._intents, n_intents, k_shares)
        return by_both(nearest, tuned, texts.known)

    def _among(
        self,
        near: Callable[[int, slice], NDArray[np.float32]],
        among: NDArray[np.int64],
        n_intents: int,
    ) -> NDArray[np.float32]:
        """Return the nearness to some intents, 0 for all others, shape (n_texts, n_intents).

        Args:
            near: Gives the nearness of a text, by its row, to some neighbouring examples.
            among: The intents to compare each text with, shape (n_texts, n).
            n_intents: Number of intents.
        """
        nearest = np.zeros((len(among), n_intents), dtype=np.float32)
        starts = np.searchsorted(self._intents, among).tolist()
        ends = np.searchsorted(self._intents, among, side="right").tolist()
        for row, likely in enumerate(among.tolist()):
            for intent, start, end in zip(likely, starts[row], ends[row], strict=True):
                if end > start:
                    own = near(row, slice(start, end))
                    nearest[row, intent] = _of_intent(own, self._k_share)
        return nearest

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


def by_both(
    nearest: NDArray[np.float32], tuned: NDArray[np.float32], known: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Combine nearness by the original and by the tuned layers, shape (..., n_texts, n_intents).

    Args:
        nearest: By the original layers, shape (..., n_texts, n_intents).
        tuned: By the tuned layers, same shape.
        known: Share of each text that the encoder knows, which the tuned layers apply to.
    """
    both: NDArray[np.float32] = nearest * (1 - known[:, None] * (1 - np.clip(tuned, 0, 1)))
    return both


def by_intent(
    near: NDArray[np.float32],
    intents: NDArray[np.int64],
    n_intents: int,
    k_shares: Sequence[float] = (NEAREST,),
) -> NDArray[np.float32]:
    """Return the nearness to each intent by several k, 0 where there are no examples.

    Args:
        near: Nearness to each example, shape (n_texts, n_examples).
        intents: Index of each example's intent, ascending, shape (n_examples,).
        n_intents: Number of intents.
        k_shares: The values of k, see `Neighbours`.

    Returns:
        Shape (n_shares, n_texts, n_intents).
    """
    found = np.zeros((len(k_shares), len(near), n_intents), dtype=np.float32)
    ends = np.searchsorted(intents, np.arange(n_intents + 1)).tolist()
    for intent, (start, end) in enumerate(pairwise(ends)):
        for position, share in enumerate(k_shares if end > start else ()):
            found[position, :, intent] = _of_intent(near[:, start:end], share)
    return found


def _of_intent(near: NDArray[np.float32], k_share: float) -> NDArray[np.float32]:
    """Return the nearness to one intent, given that to its examples, shape (..., n_own), n_own > 0.

    It is negative or 0 where no example is near.
    """
    nearest: NDArray[np.float32] = near.max(axis=-1)
    k = kth(near.shape[-1], k_share)
    if k == 1:
        return nearest
    other = np.partition(near, -k, axis=-1)[..., -k]
    mean: NDArray[np.float32] = np.sqrt(np.maximum(nearest, 0) * np.maximum(other, 0))
    return mean


def kth(n_examples: int, k_share: float) -> int:
    """Return k: a share of an intent's examples, rounded, at least 1.

    >>> [kth(count, 0.1) for count in (1, 14, 15, 24, 25, 100)]
    [1, 1, 2, 2, 3, 10]
    """
    return max(1, math.floor(k_share * n_examples + 0.5))


def _joined(arrays: Sequence[NDArray[Any]], kind: DTypeLike) -> NDArray[Any]:
    """Concatenate any number of arrays."""
    return np.concatenate([np.zeros(0, dtype=kind), *arrays])

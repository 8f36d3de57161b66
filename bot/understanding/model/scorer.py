"""The scorer: combines head, n-grams and nearest examples into one score per intent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.files.shared_files import read_strings
from bot.understanding.encoders.encoder import TextEmbeddings
from bot.understanding.model.calibration import score
from bot.understanding.model.features import Features, NgramFeatures, features
from bot.understanding.model.head import Head
from bot.understanding.model.neighbours import NEAREST, ExampleIndex, Neighbours

_HEAD = "head.safetensors"
_WORDS = "words.json"

LIKELY = 8
"""Number of likeliest intents whose examples are compared with a text: the others have too little
probability to be ranked, but most of the examples."""


class Scorer:
    """The trained part of a model, apart from the encoder.

    Args:
        head: Gives the probability of each class.
        words: The n-gram vocabulary of the head.
        examples: The training examples.
        n_intents: Number of intents; the head may have one more class, "out of scope".
        seen: The features of the examples; None: computed.
        k_share: How nearness to an intent is measured, see `Neighbours`.
    """

    def __init__(
        self,
        head: Head,
        words: NgramFeatures,
        examples: ExampleIndex,
        n_intents: int,
        seen: Features | None = None,
        k_share: float = NEAREST,
    ) -> None:
        self.head = head
        self.words = words
        self.examples = examples
        self.n_intents = n_intents
        self.k_share = k_share
        taught = seen or features(examples.texts, examples.reading, words)
        self._neighbours = Neighbours(taught, examples.intents, k_share)

    def scores(self, texts: Sequence[str], reading: TextEmbeddings) -> NDArray[np.float32]:
        """Return the score of each intent for each text, in [0, 1], shape (n_texts, n_intents)."""
        seen = features(texts, reading, self.words)
        probabilities = self.head.probabilities(seen)[:, : self.n_intents]
        likely = np.argsort(-probabilities, axis=1)[:, :LIKELY]
        return score(probabilities, self._neighbours.nearest(seen, self.n_intents, among=likely))

    def nearness(self, texts: Sequence[str], reading: TextEmbeddings) -> NDArray[np.float32]:
        """Return the nearness of texts to examples, shape (n_texts, n_examples)."""
        return self._neighbours.nearness(features(texts, reading, self.words))

    def write(self, folder: Path) -> None:
        """Write head, vocabulary and examples into a model version."""
        from safetensors.numpy import save_file

        tensors = {
            "dense": self.head.dense,
            "sparse": self.head.sparse,
            "bias": self.head.bias,
            "idf": self.words.idf,
            "k_share": np.array([self.k_share]),
        }
        save_file(tensors, folder / _HEAD)
        (folder / _WORDS).write_text(json.dumps(self.words.grams), encoding="utf-8")
        self.examples.write(folder)

    @classmethod
    def read(cls, folder: Path, n_intents: int) -> Scorer:
        """Read a scorer, see `read_scorer`."""
        from safetensors.numpy import load_file

        tensors, examples = load_file(folder / _HEAD), ExampleIndex.read(folder)
        words = NgramFeatures(read_strings(folder / _WORDS), tensors["idf"])
        head = Head(tensors["dense"], tensors["sparse"], tensors["bias"])
        # Models of Frontdesk 0.1 have no such entry: they look at the nearest example alone.
        (k_share,) = tensors["k_share"].tolist() if "k_share" in tensors else (NEAREST,)
        if not _fit(head, words, examples, n_intents) or not 0 <= k_share <= 1:
            raise ValueError("its files are inconsistent")
        return cls(head, words, examples, n_intents, k_share=k_share)


def _fit(head: Head, words: NgramFeatures, examples: ExampleIndex, n_intents: int) -> bool:
    """Return whether the shapes of head, vocabulary and examples are consistent."""
    grams, classes, dimension = len(words.grams), len(head.bias), examples.reading.vectors.shape[1]
    return (
        head.dense.shape in {(2 * dimension, classes), (3 * dimension, classes)}
        and head.sparse.shape == (grams, classes)
        and words.idf.shape == (grams,)
        and classes >= n_intents
    )


def read_scorer(folder: Path, n_intents: int) -> Scorer:
    """Read the scorer of a version, or of its multilingual part.

    Raises:
        ModelError: Its files are damaged.
    """
    from safetensors import SafetensorError

    try:
        return Scorer.read(folder, n_intents)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"{folder}: cannot be read ({error}): run `frontdesk train`") from error

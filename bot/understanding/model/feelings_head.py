"""A classifier for the feeling in which a message was written, trained on Frontdesk's own examples.

It reads the sentence embedding and how the text is written. Friendly words that are meant as the
opposite are among its examples, as frustrated ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.sentiment import Sentiment
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.language.writing import N_MARKS, marks
from bot.understanding.model.head import softmax
from bot.understanding.model.kernel_head import KernelHead
from bot.understanding.model.shipped_examples import alternatives, shipped_lines

FILE, CALIBRATION = "feelings.safetensors", "feelings.json"

_EXAMPLES = "feelings.yaml"
_ORDINARY = {
    "person.yaml": (("wishes", "mentions", "others"), 1),
    "clauses.yaml": (("requests", "background"), 3),
}
"""Files of other heads, their kinds, and of how many lines one is learned, as neutral."""

_KINDS = {"neutral": 0, "frustrated": 1, "sarcastic": 1, "pleased": 2}
_N_KINDS = 2

_MARKS = 0.3
"""Weight of how a text is written, relative to its embedding, and ..."""

_RIDGE = 0.2
"""... the penalty; both chosen on benchmarks/field/build/feelings.yaml."""

_FOLDS = 4
_SCALES = np.linspace(1.0, 8.0, 29)
"""Steepness of the probabilities; the likeliest one on held-out examples is taken."""


@dataclass(frozen=True, slots=True)
class FeelingsHead:
    """Tells frustrated, neutral and pleased messages apart.

    Attributes:
        scale: Steepness of the probabilities.
    """

    head: KernelHead
    scale: float

    def sentiments(self, texts: list[str], reading: TextEmbeddings) -> list[Sentiment]:
        """Return the feeling of each normalised text, with calibrated probabilities."""
        shares = _probabilities(self.head.scores(_features(texts, reading)), self.scale)
        return [Sentiment(float(row[1]), float(row[2])) for row in shares]

    def write(self, folder: Path) -> None:
        """Write it into a model version, or into its multilingual part."""
        self.head.write(folder / FILE)
        text = json.dumps({"scale": self.scale}) + "\n"
        (folder / CALIBRATION).write_text(text, encoding="utf-8")


def fit_feelings_head(encoder: ReadsTexts, *, every_language: bool) -> FeelingsHead:
    """Train the head over an encoder, on the examples of all languages or the English ones."""
    examples = list(_examples(every_language))
    texts = [text for text, _, _ in examples]
    kinds = np.array([kind for _, kind, _ in examples], dtype=np.int64)
    lines = np.array([line for _, _, line in examples], dtype=np.int64)
    features = _features(texts, encoder.read(texts))
    return FeelingsHead(_fitted(features, kinds), _scale(features, kinds, lines))


def read_feelings(folder: Path, dimension: int) -> FeelingsHead | None:
    """Read the head from a folder, see `KernelHead.read`."""
    head = KernelHead.read(folder / FILE, dimension + N_MARKS, _N_KINDS)
    if head is None:
        return None
    path = folder / CALIBRATION
    try:
        scale = float(json.loads(path.read_text(encoding="utf-8"))["scale"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: cannot be read ({error}): run `frontdesk train`") from error
    return FeelingsHead(head, scale)


def _fitted(features: NDArray[np.float32], kinds: NDArray[np.int64]) -> KernelHead:
    return KernelHead.fit(features, kinds, _N_KINDS, share=1 / (_N_KINDS + 1), ridge=_RIDGE)


def _scale(
    features: NDArray[np.float32], kinds: NDArray[np.int64], lines: NDArray[np.int64]
) -> float:
    """Return the scale that makes examples of left-out lines the likeliest."""
    scores = np.zeros((len(kinds), _N_KINDS), dtype=np.float32)
    for fold in range(_FOLDS):
        held = lines % _FOLDS == fold
        scores[held] = _fitted(features[~held], kinds[~held]).scores(features[held])
    rows = np.arange(len(kinds))
    losses = [-np.log(_probabilities(scores, scale)[rows, kinds]).mean() for scale in _SCALES]
    return float(_SCALES[int(np.argmin(losses))])


def _probabilities(scores: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Return the probabilities of neutral, frustrated and pleased, shape (n_texts, 3)."""
    neutral = 1 - scores.sum(axis=1, keepdims=True)
    return softmax(np.float32(scale) * np.concatenate([neutral, scores], axis=1))


def _features(texts: list[str], reading: TextEmbeddings) -> NDArray[np.float32]:
    return np.concatenate([reading.lower, _MARKS * marks(texts)], axis=1, dtype=np.float32)


def _examples(every_language: bool) -> Iterator[tuple[str, int, int]]:
    """Yield each example with its kind and the number of its line."""
    number = 0
    for kind, languages in shipped_lines(_EXAMPLES).items():
        for language, lines in languages.items():
            for line in lines if every_language or language == ENGLISH else ():
                number += 1
                for text in alternatives(line):
                    yield normalise(text), _KINDS[kind], number
    for name, (kinds, step) in _ORDINARY.items():
        for kind in kinds:
            for language, lines in shipped_lines(name)[kind].items():
                for text in lines[::step] if every_language or language == ENGLISH else ():
                    number += 1
                    yield normalise(text), _KINDS["neutral"], number

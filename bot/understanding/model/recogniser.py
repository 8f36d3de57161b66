"""One encoder with what was learned over it: how sure is it of each intent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.messages import ScoredIntent
from bot.ports import Prediction, Wish
from bot.understanding.encoders.encoder import Encoder
from bot.understanding.encoders.multilingual import FOLDER, MultilingualEncoder
from bot.understanding.language.normalise import has_words
from bot.understanding.model.person_head import PersonHead, read_person
from bot.understanding.model.registry import Manifest
from bot.understanding.model.scorer import Scorer, read_scorer
from bot.understanding.model.thresholds import Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class Recogniser:
    """Scores the intents for texts in its encoder's languages.

    Raises:
        ModelError: What was learned was learned over another encoder.
    """

    encoder: Encoder
    scorer: Scorer
    ranking: Ranking
    person: PersonHead | None = None

    def __post_init__(self) -> None:
        learned = self.scorer.examples.reading.vectors.shape[1]
        if learned != self.encoder.description.dimension:
            raise ModelError(
                f"the model was learned over another encoder, of {learned} dimensions instead of "
                f"{self.encoder.description.dimension}: run `frontdesk train`"
            )

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Rank the intents for normalised texts."""
        return self.ranking.rank(texts, self.scorer.scores(texts, self.encoder.read(texts)))

    def wishes(self, texts: Sequence[str]) -> list[Wish]:
        """Tell of normalised texts whether they ask for a person; nothing without a head."""
        return self.person.wishes(self.encoder.read(texts)) if self.person else []

    def nearness(self, text: str) -> NDArray[np.float32]:
        """Return how near a text is to each example, in [-1, 1], shape (n_examples,)."""
        near: NDArray[np.float32] = self.scorer.nearness([text], self.encoder.read([text]))[0]
        return near


def open_recogniser(folder: Path, encoder: Encoder, scorer: Scorer, ranking: Ranking) -> Recogniser:
    """Return the recogniser of a version, or of its multilingual part.

    Raises:
        ModelError: Its files are damaged.
    """
    person = read_person(folder, encoder.description.dimension)
    return Recogniser(encoder, scorer, ranking, person)


class MultilingualRecogniser:
    """The recogniser of a model for all other languages; loaded when a text in one comes.

    Calls are safe from several threads at once.

    Args:
        version: Folder of the model's version.
        encoder: Its multilingual encoder.
        ranking: Knows what its scores are worth.
        n_intents: Number of intents.
    """

    def __init__(
        self, version: Path, encoder: MultilingualEncoder, ranking: Ranking, n_intents: int
    ) -> None:
        self._folder = version / FOLDER
        self.encoder = encoder
        self._ranking = ranking
        self._n_intents = n_intents
        self._loaded: Recogniser | None = None
        self._lock = Lock()

    def get(self) -> Recogniser:
        """Return the recogniser.

        Raises:
            ModelError: Its files are damaged.
        """
        with self._lock:
            if self._loaded is None:
                scorer = read_scorer(self._folder, self._n_intents)
                self._loaded = open_recogniser(
                    self._folder, self.encoder.encoder(), scorer, self._ranking
                )
            return self._loaded


RANKED = 5
"""Intents in a prediction; nobody asks about more."""


class Ranking:
    """Ranks the intents of a model.

    Args:
        manifest: What the model is.
        thresholds: From when to answer and to ask.
    """

    def __init__(self, manifest: Manifest, thresholds: Thresholds) -> None:
        self._manifest = manifest
        self._thresholds = thresholds

    def rank(self, texts: Sequence[str], scores: NDArray[np.float32]) -> list[Prediction]:
        """Rank the intents for each text by its scores.

        Args:
            texts: As `normalise` leaves them; nothing is said of those without words.
            scores: Shape (n_texts, n_intents).
        """
        confidences = self._manifest.calibration.confidence(scores)
        return [
            self._prediction(row if has_words(text) else row[:0])
            for text, row in zip(texts, confidences, strict=True)
        ]

    def _prediction(self, confidences: NDArray[np.float32]) -> Prediction:
        """Rank one text's intents; no confidences mean that nothing can be said."""
        best = np.argsort(-confidences, kind="stable")[:RANKED]
        entries = self._manifest.intents
        personal = len(best) > 0 and entries[int(best[0])].personal
        return Prediction(
            intents=tuple(ScoredIntent(entries[i].name, float(confidences[i])) for i in best),
            threshold=self._thresholds.personal if personal else self._thresholds.answer,
            ask_threshold=self._thresholds.ask,
            model_version=self._manifest.version,
            intents_hash=self._manifest.intents_hash,
        )

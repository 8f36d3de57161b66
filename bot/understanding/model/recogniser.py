"""One encoder with what was learned over it: how sure is it of each intent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.ports import Prediction, Wish
from bot.understanding.encoders.encoder import Encoder
from bot.understanding.encoders.multilingual import FOLDER, MultilingualEncoder
from bot.understanding.model.person_head import PersonHead, read_person
from bot.understanding.model.scorer import Scorer, read_scorer
from bot.understanding.ranking import Ranking


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

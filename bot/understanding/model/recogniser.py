"""Recognisers: an encoder with the scorer trained over it, and the ranking of intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.messages import ScoredIntent
from bot.ports import (
    Addressed,
    Asked,
    Attitude,
    ClauseReading,
    Danger,
    DialogueAct,
    Leaning,
    Prediction,
    Wish,
)
from bot.sentiment import Sentiment
from bot.understanding.encoders.encoder import Encoder
from bot.understanding.encoders.multilingual import FOLDER, MultilingualEncoder
from bot.understanding.encoders.recent import RecentEmbeddings
from bot.understanding.language.normalise import has_words
from bot.understanding.model.addressed_head import AddressedHead, read_addressed
from bot.understanding.model.attitude_head import AttitudeHead, read_attitudes
from bot.understanding.model.clause_head import ClauseHead, read_clause_head
from bot.understanding.model.danger_head import DangerHead, read_danger
from bot.understanding.model.dialogue_act_head import DialogueActHead, read_dialogue_acts
from bot.understanding.model.feelings_head import FeelingsHead, read_feelings
from bot.understanding.model.follow_up_head import FollowUpHead, read_follow_ups
from bot.understanding.model.person_head import PersonHead, read_person
from bot.understanding.model.reason_head import ReasonHead, read_reasons
from bot.understanding.model.registry import Manifest
from bot.understanding.model.scorer import Scorer, read_scorer
from bot.understanding.model.thresholds import Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class Recogniser:
    """Ranks the intents for texts in its encoder's languages.

    Raises:
        ModelError: The scorer was trained with another encoder.
    """

    encoder: Encoder
    scorer: Scorer
    ranking: Ranking
    person: PersonHead | None = None
    clauses: ClauseHead | None = None
    follow_ups: FollowUpHead | None = None
    danger: DangerHead | None = None
    feelings: FeelingsHead | None = None
    whom: AddressedHead | None = None
    acts: DialogueActHead | None = None
    named: AttitudeHead | None = None
    why: ReasonHead | None = None
    recent: RecentEmbeddings = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "recent", RecentEmbeddings(self.encoder))
        learned = self.scorer.examples.reading.vectors.shape[1]
        if learned != self.encoder.description.dimension:
            raise ModelError(
                f"the model was trained with another encoder, of {learned} dimensions instead of "
                f"{self.encoder.description.dimension}: run `frontdesk train`"
            )

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Rank the intents for normalised texts."""
        return self.ranking.rank(texts, self.scorer.scores(texts, self.recent.read(texts)))

    def wishes(self, texts: Sequence[str]) -> list[Wish]:
        """Return for each normalised text whether it asks for a human; [] without such a head."""
        return self.person.wishes(self.recent.read(texts)) if self.person else []

    def read_clauses(self, texts: Sequence[str]) -> list[ClauseReading]:
        """Return what each normalised text does; [] without such a head."""
        return self.clauses.read(texts, self.recent.read(texts)) if self.clauses else []

    def leanings(self, texts: Sequence[str]) -> list[Leaning]:
        """Return for each normalised text whether it is a follow-up; [] without such a head."""
        return self.follow_ups.leanings(self.recent.read(texts)) if self.follow_ups else []

    def dangers(self, texts: Sequence[str]) -> list[Danger]:
        """Return for each normalised text whether it is about a danger; [] without such a head."""
        return self.danger.dangers(self.recent.read(texts)) if self.danger else []

    def sentiments(self, texts: Sequence[str]) -> list[Sentiment]:
        """Return the feeling of each normalised text; [] without such a head."""
        found = list(texts)
        return self.feelings.sentiments(found, self.recent.read(found)) if self.feelings else []

    def addressed(self, texts: Sequence[str]) -> list[Addressed]:
        """Return whom each normalised text speaks to; [] without such a head."""
        found = list(texts)
        return self.whom.addressed(found, self.recent.read(found)) if self.whom else []

    def dialogue_acts(
        self, texts: Sequence[str], asked: Asked
    ) -> list[Mapping[DialogueAct, float]]:
        """Return what each normalised text does in an open form; [] without such a head."""
        return self.acts.acts(texts, self.recent.read(texts), asked) if self.acts else []

    def attitudes(
        self, text: str, named: Sequence[tuple[int, int]], language: str
    ) -> list[Mapping[Attitude, float]]:
        """Return what is thought of the things that a text names; [] without such a head."""
        return self.named.attitudes(text, named, language, self.recent) if self.named else []

    def reasons(self, texts: Sequence[str]) -> list[list[float]]:
        """Return which kinds of reason each normalised text gives; [] without such a head."""
        found = list(texts)
        return self.why.reasons(self.recent.read(found)).tolist() if self.why else []

    def nearness(self, text: str) -> NDArray[np.float32]:
        """Return the nearness of a text to each example, in [-1, 1], shape (n_examples,)."""
        near: NDArray[np.float32] = self.scorer.nearness([text], self.encoder.read([text]))[0]
        return near


def open_recogniser(folder: Path, encoder: Encoder, scorer: Scorer, ranking: Ranking) -> Recogniser:
    """Return the recogniser of a version, or of its multilingual part.

    Raises:
        ModelError: Its files are damaged.
    """
    person = read_person(folder, encoder.description.dimension)
    clauses = read_clause_head(folder, encoder.description.dimension)
    follow_ups = read_follow_ups(folder, encoder.description.dimension)
    danger = read_danger(folder, encoder.description.dimension)
    feelings = read_feelings(folder, encoder.description.dimension)
    whom = read_addressed(folder, encoder.description.dimension)
    acts = read_dialogue_acts(folder, encoder.description.dimension)
    named = read_attitudes(folder, encoder.description.dimension)
    why = read_reasons(folder, encoder.description.dimension)
    heads = (person, clauses, follow_ups, danger, feelings, whom, acts, named, why)
    return Recogniser(encoder, scorer, ranking, *heads)


class MultilingualRecogniser:
    """The recogniser for languages other than English, loaded on first use. Thread-safe.

    Args:
        version: Folder of the model's version.
        encoder: Its multilingual encoder.
        ranking: Ranks by its scores.
        translated: Ranks texts in languages without examples; None: as all others.
        n_intents: Number of intents.
    """

    def __init__(
        self,
        version: Path,
        encoder: MultilingualEncoder,
        ranking: Ranking,
        n_intents: int,
        translated: Ranking | None = None,
    ) -> None:
        self._folder = version / FOLDER
        self.encoder = encoder
        self._ranking = ranking
        self._translated = translated or ranking
        self._n_intents = n_intents
        self._loaded: tuple[Recogniser, Recogniser] | None = None
        self._lock = Lock()

    def get(self, *, translated: bool = False) -> Recogniser:
        """Return the recogniser; load it if necessary.

        Args:
            translated: For texts in a language without examples.

        Raises:
            ModelError: Its files are damaged.
        """
        with self._lock:
            if self._loaded is None:
                scorer = read_scorer(self._folder, self._n_intents)
                found = open_recogniser(self._folder, self.encoder.encoder(), scorer, self._ranking)
                self._loaded = found, replace(found, ranking=self._translated)
            return self._loaded[translated]


RANKED = 5
"""Number of intents in a prediction; no more are ever offered."""


class Ranking:
    """Turns scores into ranked predictions.

    Args:
        manifest: Describes the model.
        thresholds: Confidence from which to answer and to ask.
    """

    def __init__(self, manifest: Manifest, thresholds: Thresholds) -> None:
        self._manifest = manifest
        self._thresholds = thresholds

    def rank(self, texts: Sequence[str], scores: NDArray[np.float32]) -> list[Prediction]:
        """Rank the intents for each text by its scores.

        Args:
            texts: Normalised texts; those without words get no intents.
            scores: Shape (n_texts, n_intents).
        """
        confidences = self._manifest.calibration.confidence(scores)
        return [
            self._prediction(row if has_words(text) else row[:0])
            for text, row in zip(texts, confidences, strict=True)
        ]

    def _prediction(self, confidences: NDArray[np.float32]) -> Prediction:
        """Return the prediction for one text; empty confidences give no intents."""
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

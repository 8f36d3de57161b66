"""Cross-validation: every example is predicted by a model that was trained without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.ports import Prediction
from bot.understanding.corpus import Corpus, Example
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import Encoder, EncoderDescription, load_encoder_files
from bot.understanding.encoders.multilingual import FOLDER, OFF, exported_multilingual
from bot.understanding.evaluation.predictions import OUT_OF_SCOPE, LabelledPrediction
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.language.tags import primary
from bot.understanding.model.calibration import Calibration
from bot.understanding.model.recogniser import Ranking
from bot.understanding.model.registry import Manifest, ModelRegistry, read_manifest
from bot.understanding.model.thresholds import BALANCED, Policy, choose
from bot.understanding.training.dataset import TrainingRows, training_rows
from bot.understanding.training.fit import assign_folds, cross_validate
from bot.understanding.training.progress import Progress
from bot.understanding.training.reuse import known_examples, read_texts
from bot.understanding.training.train import TrainingOptions, intent_entries

VERSION = "cross-validation"
"""Used as the model version: there is one model per fold, and none is stored."""


def cross_validated(
    corpus: Corpus,
    model: Path,
    *,
    options: TrainingOptions,
    progress: Progress,
    policy: Policy = BALANCED,
) -> tuple[Manifest, tuple[LabelledPrediction, ...]]:
    """Predict every example by a quickly trained model that has not seen it.

    Examples that are not English use the multilingual encoder, as messages do. Thresholds and
    calibration are fitted on these predictions, as in training.

    Args:
        corpus: The training corpus.
        model: Model folder, whose embeddings are reused.
        options: Encoder, seed and cache; `full` is ignored, since a fine-tuned encoder has seen
            the examples.
        progress: Receives progress.
        policy: Sets the thresholds.

    Returns:
        A manifest that describes all of the models, and the predictions; the only example of an
        intent is not predicted.

    Raises:
        ModelError: The corpus has no examples.
        EncoderUnavailable: The encoder is not available.
    """
    rows, models = training_rows(corpus), ModelRegistry(model)
    course = _FoldRunner(rows, assign_folds(rows, options.seed), models, options.seed, progress)
    progress.stage("encoder", None)
    encoder = frozen_encoder(models, options)
    scores, calibration = course.judge(encoder)
    manifest = _manifest(corpus, encoder.description, calibration)
    judged = _judged(corpus, rows, np.flatnonzero(course.folds >= 0))
    ranking = Ranking(manifest, choose(policy, calibration, None))
    predictions = _ranked(judged, scores, ranking)
    foreign = [one for one in judged if primary(one.example.language) != ENGLISH]
    if foreign and options.multilingual != OFF:
        second = load_encoder_files(exported_multilingual(options.multilingual, options.cache))
        scores, calibration = course.judge(second, FOLDER)
        ranking = Ranking(
            replace(manifest, calibration=calibration), choose(policy, calibration, None)
        )
        predictions |= _ranked(foreign, scores, ranking)
    return manifest, tuple(
        LabelledPrediction(one.example.text, one.label, predictions[one.row], one.example)
        for one in judged
    )


@dataclass(frozen=True, slots=True)
class _FoldRunner:
    """Predicts the held-out rows of each fold, over any encoder."""

    rows: TrainingRows
    folds: NDArray[np.int64]
    models: ModelRegistry
    seed: int
    progress: Progress

    def judge(self, encoder: Encoder, part: str = "") -> tuple[NDArray[np.float32], Calibration]:
        """Score the rows over an encoder; `part` is its subfolder in a model version."""
        self.progress.stage("examples", len(self.rows.texts))
        known = known_examples(self.models, encoder.description, part)
        reading = read_texts(self.rows.texts, encoder, known, self.progress)
        self.progress.stage("intents", int(self.folds.max(initial=-1)) + 1)
        return cross_validate(
            self.rows, reading, self.folds, seed=self.seed, progress=self.progress
        )


@dataclass(frozen=True, slots=True)
class _HeldOutExample:
    """A held-out example with its label and its index among the training rows."""

    row: int
    label: str
    example: Example


def frozen_encoder(models: ModelRegistry, options: TrainingOptions) -> Encoder:
    """Load the encoder as it was before fine-tuning: from the serving version, or from the cache.

    Raises:
        EncoderUnavailable: The encoder is not available.
    """
    try:
        folder = models.current()
        manifest = read_manifest(folder)
        if manifest.encoder == options.encoder and not manifest.settings.get("full"):
            return load_encoder_files(folder)
    except ModelError:  # no model yet, or an unusable one
        pass
    return load_encoder_files(exported_encoder(options.encoder, options.cache, options.home))


def _judged(corpus: Corpus, rows: TrainingRows, judged: NDArray[np.int64]) -> list[_HeldOutExample]:
    names = [*(intent.name for intent in corpus.intents), OUT_OF_SCOPE]
    places = _places(corpus)
    labels = [names[label] for label in rows.targets.labels[judged].tolist()]
    return [
        _HeldOutExample(row, label, places[label, rows.texts[row]])
        for row, label in zip(judged.tolist(), labels, strict=True)
    ]


def _ranked(
    judged: Sequence[_HeldOutExample], scores: NDArray[np.float32], ranking: Ranking
) -> dict[int, Prediction]:
    """Return predictions by row."""
    rows = [one.row for one in judged]
    texts = [normalise(one.example.text) for one in judged]
    return dict(zip(rows, ranking.rank(texts, scores[rows]), strict=True))


def _places(corpus: Corpus) -> dict[tuple[str, str], Example]:
    """Return every example by its intent and text."""
    places = {(OUT_OF_SCOPE, example.text): example for example in corpus.out_of_scope}
    for intent in corpus.intents:
        places |= {(intent.name, example.text): example for example in reversed(intent.examples)}
    return places


def _manifest(corpus: Corpus, encoder: EncoderDescription, calibration: Calibration) -> Manifest:
    return Manifest(
        version=VERSION,
        created="",
        frontdesk="",
        encoder=encoder.id,
        encoder_key=encoder.key,
        encoder_weights=encoder.weights_sha256,
        intents_hash=corpus.hash,
        intents=intent_entries(corpus),
        calibration=calibration,
        settings={},
        files={},
    )

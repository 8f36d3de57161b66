"""Cross-validation of what admins taught: every example is judged by a model without it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.understanding.calibration import Calibration
from bot.understanding.corpus import Corpus, Example
from bot.understanding.embedding_cache import known_examples, read_texts
from bot.understanding.encoder import Encoder, EncoderDescription, load_encoder_files
from bot.understanding.encoder_cache import exported_encoder
from bot.understanding.learning import assign_folds, cross_validate
from bot.understanding.lessons import Lessons, lessons
from bot.understanding.model_folder import Manifest, ModelFolder, read_manifest
from bot.understanding.outcomes import OUT_OF_SCOPE, Outcome
from bot.understanding.progress import Progress
from bot.understanding.ranking import Ranking
from bot.understanding.text import normalise
from bot.understanding.training import TrainingOptions, intent_entries

VERSION = "cross-validation"
"""Stands for a model's version: there are as many models as folds, and none of them is kept."""


def cross_validated(
    corpus: Corpus,
    model: Path,
    *,
    options: TrainingOptions,
    progress: Progress,
    threshold: float | None = None,
) -> tuple[Manifest, tuple[Outcome, ...]]:
    """Judge every example by a quickly trained model that has not seen it.

    Thresholds and calibration are those that training would choose: fitted on these predictions.

    Args:
        corpus: What admins taught.
        model: Model folder; embeddings are looked up there.
        options: Encoder, seed and cache; `full` is ignored, since a fine-tuned encoder has seen
            the examples.
        progress: Is told how far it has come.
        threshold: Confidence from which to answer; None: the one that training would choose.

    Returns:
        What the models have in common, and the examples that could be judged: an intent with one
        example has none.

    Raises:
        ModelError: The corpus has no examples.
        EncoderUnavailable: The encoder cannot be had.
    """
    rows, models = lessons(corpus), ModelFolder(model)
    progress.stage("encoder", None)
    encoder = frozen_encoder(models, options)
    progress.stage("examples", len(rows.texts))
    known = known_examples(models, encoder.description)
    reading = read_texts(rows.texts, encoder, known, progress)
    folds = assign_folds(rows, options.seed)
    progress.stage("intents", int(folds.max(initial=-1)) + 1)
    scores, calibration = cross_validate(rows, reading, folds, seed=options.seed, progress=progress)
    manifest = _manifest(corpus, encoder.description, calibration)
    judged = np.flatnonzero(folds >= 0)
    return manifest, _outcomes(corpus, rows, judged, scores, Ranking(manifest, threshold=threshold))


def frozen_encoder(models: ModelFolder, options: TrainingOptions) -> Encoder:
    """Load an encoder that was never trained on the examples: the model's own, if it is such.

    Raises:
        EncoderUnavailable: It cannot be had.
    """
    try:
        folder = models.current()
        manifest = read_manifest(folder)
        if manifest.encoder == options.encoder and not manifest.settings.get("full"):
            return load_encoder_files(folder)
    except ModelError:  # none yet, or not usable
        pass
    return load_encoder_files(exported_encoder(options.encoder, options.cache))


def _outcomes(
    corpus: Corpus,
    rows: Lessons,
    judged: NDArray[np.int64],
    scores: NDArray[np.float32],
    ranking: Ranking,
) -> tuple[Outcome, ...]:
    names = [*(intent.name for intent in corpus.intents), OUT_OF_SCOPE]
    places = _places(corpus)
    texts = [rows.texts[i] for i in judged.tolist()]
    labels = [names[label] for label in rows.targets.labels[judged].tolist()]
    predictions = ranking.rank([normalise(text) for text in texts], scores[judged])
    return tuple(
        Outcome(text, label, prediction, places[label, text])
        for text, label, prediction in zip(texts, labels, predictions, strict=True)
    )


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

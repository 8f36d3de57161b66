"""Trains a model on a corpus, and adds it to a model folder."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from bot.clock import SystemClock
from bot.files.shared_files import share
from bot.ports import Clock
from bot.understanding.corpus import Corpus, taught_languages
from bot.understanding.encoders.cache import encoder_files, exported_encoder
from bot.understanding.encoders.encoder import Encoder, EncoderDescription, load_encoder_files
from bot.understanding.encoders.multilingual import FOLDER, OFF, put_multilingual
from bot.understanding.encoders.sentence_settings import ASSUMED
from bot.understanding.model.calibration import TAUGHT, Calibration
from bot.understanding.model.english_words import EnglishWords
from bot.understanding.model.registry import Manifest, ModelIntent, ModelRegistry, file_sums
from bot.understanding.training.dataset import TrainingRows, training_rows
from bot.understanding.training.fit import FittedScorer, assign_folds, fit_scorer
from bot.understanding.training.heads import shipped, write_heads
from bot.understanding.training.held_out import FineTuned
from bot.understanding.training.progress import NoProgress, Progress
from bot.understanding.training.reuse import (
    earlier_encoder,
    known_examples,
    read_texts,
    reuse_artifacts,
)

log = structlog.get_logger(__name__)

Extra = Callable[[Encoder, Path], None]
"""Writes an additional folder into a version before it is added, such as the article index."""


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Options of training.

    Attributes:
        encoder: `embedded`, `accurate`, a folder, or a hub id.
        multilingual: Encoder for other languages than English: `embedded`, `off`, a folder, or a
            hub id.
        seed: Seed of all random numbers.
        full: Fine-tune the encoder, too: minutes instead of seconds.
        cache: Folder for exported encoders; None: the user's cache.
        home: Folder of config.yaml, where `accurate` is looked for; None: the working directory.
        trained_by: Who or what started the training.
        publish: Promote the version; else it waits to be promoted.
        reuse: Folder of a version whose artefacts are reused if training would give the same.
        known: Model folder whose embeddings are reused; None: the one that is trained.
    """

    encoder: str = "embedded"
    multilingual: str = OFF
    seed: int = 0
    full: bool = False
    cache: Path | None = None
    home: Path | None = None
    trained_by: str = ""
    publish: bool = True
    reuse: Path | None = None
    known: Path | None = None


def train(
    corpus: Corpus,
    folder: Path,
    *,
    options: TrainingOptions | None = None,
    progress: Progress | None = None,
    extras: Sequence[Extra] = (),
    clock: Clock | None = None,
) -> Manifest:
    """Train a model and promote it; the previous version is kept for rollback.

    Args:
        corpus: The training corpus.
        folder: Model folder; created if it does not exist.
        options: Options; None: the defaults.
        progress: Receives progress.
        extras: Write additional folders into the version, see `Extra`.
        clock: Gives the time of creation.

    Returns:
        The manifest of the new version.

    Raises:
        ModelError: The corpus has no examples.
        EncoderUnavailable: The encoder is not available.
    """
    options, progress = options or TrainingOptions(), progress or NoProgress()
    rows, models = training_rows(corpus), ModelRegistry(folder)
    with models.staging() as staged:
        known = models if options.known is None else ModelRegistry(options.known)
        course = _TrainingRun(corpus, rows, known, options, progress)
        unsealed, encoder = _taken_over(corpus, options, staged) or course.learned(staged)
        for extra in extras:
            extra(encoder, staged)
        manifest = _sealed(unsealed, staged, options.trained_by, clock or SystemClock())
        (models.publish if options.publish else models.add)(staged, manifest)
    return manifest


def _taken_over(
    corpus: Corpus, options: TrainingOptions, staged: Path
) -> tuple[Manifest, Encoder] | None:
    """Reuse the artefacts of `options.reuse`, if training would give the same result."""
    if options.reuse is None or options.full:
        return None
    return reuse_artifacts(
        options.reuse,
        staged,
        frontdesk=_frontdesk_version(),
        intents_hash=corpus.hash,
        encoder=options.encoder,
        settings={
            "seed": options.seed,
            "multilingual": options.multilingual,
            **shipped(),
        },
    )


@dataclass(frozen=True, slots=True)
class _TrainingRun:
    """Trains one model version: over the encoder, and over the multilingual one."""

    corpus: Corpus
    rows: TrainingRows
    known: ModelRegistry
    options: TrainingOptions
    progress: Progress

    def learned(self, staged: Path) -> tuple[Manifest, Encoder]:
        """Train; return the manifest, still without version and files, and the encoder."""
        folds, tuned = assign_folds(self.rows, self.options.seed), None
        if self.options.full:
            tuned = self._tune(folds, staged)
        else:
            self._copy_encoder(staged)
        encoder = load_encoder_files(staged)
        learned = self._teach(encoder, folds, staged, tuned=tuned)
        EnglishWords.fit(self.corpus, encoder).write(staged)
        manifest = _manifest(self.corpus, self.options, encoder.description, learned)
        return replace(manifest, multilingual=self._teach_multilingual(staged)), encoder

    def _copy_encoder(self, staged: Path) -> None:
        """Copy the encoder's files into the version."""
        self.progress.stage("encoder", None)
        options, name = self.options, self.options.encoder
        known = options.reuse and earlier_encoder(self.known, encoder=name)
        for path in encoder_files(known or exported_encoder(name, options.cache, options.home)):
            (share if known else shutil.copyfile)(path, staged / path.name)

    def _tune(self, folds: NDArray[np.int64], staged: Path) -> FineTuned:
        """Fine-tune the encoder, judged on some of the folds."""
        from bot.understanding.training.finetune import finetune, judged_folds

        judged, options, human = judged_folds(folds), self.options, self.rows.human()
        tuned = finetune(
            human,
            judged[: len(human.texts)],
            staged,
            options.encoder,
            home=options.home,
            seed=options.seed,
            progress=self.progress,
        )
        return tuned.padded(len(folds))

    def _teach(
        self,
        encoder: Encoder,
        folds: NDArray[np.int64],
        staged: Path,
        part: str = "",
        tuned: FineTuned | None = None,
    ) -> FittedScorer:
        """Train over one encoder, and write the result into a part of the version."""
        if encoder.description.pooling_assumed:
            log.warning("encoder_pooling_assumed", encoder=encoder.description.id, reason=ASSUMED)
        self.progress.stage("examples", len(self.rows.texts))
        known = known_examples(self.known, encoder.description, part)
        reading = read_texts(self.rows.texts, encoder, known, self.progress)
        self.progress.stage("intents", int(folds.max(initial=-1)) + 2)
        learned = fit_scorer(
            self.rows, reading, folds, seed=self.options.seed, progress=self.progress, tuned=tuned
        )
        learned.scorer.write(staged / part)
        learned.examples.write(staged / part)
        alone = self.options.multilingual == OFF
        every = alone or bool(part)
        write_heads(
            encoder,
            staged / part,
            every_language=every,
            cache=self.options.cache,
            is_tuned=tuned is not None,
        )
        return learned

    def _teach_multilingual(self, staged: Path) -> Calibration | None:
        """Train over the multilingual encoder; None when config turns it off."""
        name = self.options.multilingual
        known = self.options.reuse and earlier_encoder(self.known, multilingual=name)
        encoder = put_multilingual(name, staged, self.options.cache, known=known)
        if encoder is None:
            return None
        folds = assign_folds(self.rows, self.options.seed)
        return self._teach(encoder.encoder(), folds, staged, FOLDER).calibration


def intent_entries(corpus: Corpus) -> tuple[ModelIntent, ...]:
    """Return the classes of a model trained on a corpus, in order."""
    return tuple(
        ModelIntent(intent.name, intent.label or intent.name, intent.personal, intent.draft)
        for intent in corpus.intents
    )


def _manifest(
    corpus: Corpus,
    options: TrainingOptions,
    encoder: EncoderDescription,
    learned: FittedScorer,
) -> Manifest:
    """Return the manifest of a training; `_sealed` adds version, time and files."""
    return Manifest(
        version="",
        created="",
        frontdesk=_frontdesk_version(),
        encoder=options.encoder,
        encoder_key=encoder.key,
        encoder_weights=encoder.weights_sha256,
        intents_hash=corpus.hash,
        intents=intent_entries(corpus),
        calibration=learned.calibration,
        comparison=learned.comparison,
        settings={
            "full": options.full,
            "seed": options.seed,
            "multilingual": options.multilingual,
            **shipped(),
            "examples": sum(len(intent.examples) for intent in corpus.intents),
            "out_of_scope": len(corpus.out_of_scope),
            "learned": len(corpus.learned),
            "learned_from": corpus.learned_from,
            TAUGHT: taught_languages(corpus),
        },
        files={},
    )


def _sealed(manifest: Manifest, staged: Path, trained_by: str, clock: Clock) -> Manifest:
    """Add files, version and time, after all files were written."""
    files = file_sums(staged)
    learned = f"{manifest.intents}{manifest.calibration}{manifest.multilingual}"
    identity = f"{sorted(files.items())}{learned}{manifest.intents_hash}"
    return replace(
        manifest,
        version=hashlib.sha256(identity.encode()).hexdigest()[:12],
        created=clock.now().isoformat(timespec="seconds"),
        trained_by=trained_by,
        files=files,
    )


def _frontdesk_version() -> str:
    try:
        return version("frontdesk")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"

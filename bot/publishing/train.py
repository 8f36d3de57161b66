"""Trains a model version from intent files and articles, and writes it to the model folder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot.answering.knowledge import ArticleFolder, KnowledgeIndex, digest
from bot.config.schema import Config
from bot.errors import ModelError
from bot.publishing.article_index import read_for_training, write_index
from bot.publishing.bundle import KNOWLEDGE, intents_of
from bot.publishing.snapshot import INTENTS, Snapshot
from bot.publishing.traffic import learned_fingerprint, training_corpus
from bot.understanding.corpus import Corpus
from bot.understanding.encoders.encoder import Encoder
from bot.understanding.evaluation.evaluate import LabelledText
from bot.understanding.evaluation.predictions import as_labelled_predictions, labelled_predictions
from bot.understanding.exchange import read_labelled
from bot.understanding.intents import IntentSet
from bot.understanding.model.classifier import load_version
from bot.understanding.model.error_bound import LabelledPredictions
from bot.understanding.model.registry import Manifest, ModelRegistry, read_manifest
from bot.understanding.training.progress import NoProgress, Progress
from bot.understanding.training.reuse import learned_the_same
from bot.understanding.training.train import TrainingOptions
from bot.understanding.training.train import train as train_model


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """Summary of one training run.

    Attributes:
        learned: Number of approved messages of customers, learned beside the examples.
    """

    version: str
    intents: int
    examples: int
    articles: int
    seconds: float
    learned: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LoadedIntents:
    """The intents, and the files that they were read from."""

    intents: IntentSet
    snapshot: Snapshot


def read_intents(config: Config) -> LoadedIntents:
    """Read the intents; retry when a file is saved meanwhile.

    Raises:
        IntentsError: Lists every mistake in every file.
    """
    while True:
        snapshot = Snapshot.of(config.intents)
        taught = LoadedIntents(intents_of(config), snapshot)
        if Snapshot.of(config.intents) == snapshot:
            return taught


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The inputs of a training: intents, labelled messages, articles and their earlier index.

    Attributes:
        corpus: The intents, and approved messages of customers, as they are trained on.
    """

    taught: LoadedIntents
    corpus: Corpus
    labelled: Sequence[LabelledText]
    reading: ArticleFolder
    earlier: KnowledgeIndex | None


def train_everything(
    config: Config,
    *,
    full: bool = False,
    progress: Progress | None = None,
    trained_by: str = "",
    publish: bool = True,
    reuse: Path | None = None,
    tolerant: bool = False,
) -> TrainingReport:
    """Train the intents and index the articles into a new version, and promote it.

    Args:
        config: Of the bot.
        full: Fine-tune the encoder, too.
        progress: Receives progress.
        trained_by: Who or what started the training.
        publish: Promote the version; else it waits to be promoted.
        reuse: A version whose artefacts are reused if training would give the same.
        tolerant: Keep the last indexed text of articles with mistakes: only intents are published.

    Raises:
        IntentsError: Mistakes in intent files, in labelled messages, or in articles, unless
            `tolerant`.
        EncoderUnavailable: The configured encoder is not available.
    """
    started = time.monotonic()
    inputs = _read_inputs(config, tolerant=tolerant)
    options = replace(
        training_options(config, full=full), trained_by=trained_by, publish=False, reuse=reuse
    )
    manifest = _train(config, inputs, options, progress or NoProgress())
    folder = ModelRegistry(config.model)
    version = folder.find(manifest.version)
    bound_errors(version, inputs.labelled, serving=_current(folder))
    if publish:
        folder.promote(version.name)
    return TrainingReport(
        version=manifest.version,
        intents=len(inputs.taught.intents.intents),
        examples=sum(len(intent.examples) for intent in inputs.taught.intents.intents),
        articles=len(inputs.reading.articles),
        seconds=time.monotonic() - started,
        learned=len(inputs.corpus.learned),
    )


def _read_inputs(config: Config, *, tolerant: bool) -> _Inputs:
    taught = read_intents(config)
    labelled = read_labelled(config.classifier.labelled) if config.classifier.labelled else ()
    reading, earlier = read_for_training(config)
    if not tolerant:
        reading.checked()
    return _Inputs(taught, training_corpus(config, taught.intents), labelled, reading, earlier)


def _train(
    config: Config, inputs: _Inputs, options: TrainingOptions, progress: Progress
) -> Manifest:
    """Train a version that also contains the article index and the intent files."""

    def write_articles(encoder: Encoder, version: Path) -> None:
        progress.stage("articles", None)
        write_index(
            inputs.reading,
            inputs.earlier,
            encoder,
            version,
            config.model,
            reuse=options.reuse is not None,
        )

    def write_intents(_encoder: Encoder, version: Path) -> None:
        inputs.taught.snapshot.write(version)

    return train_model(
        inputs.corpus,
        config.model,
        options=options,
        progress=progress,
        extras=[write_articles, write_intents],
    )


def training_options(config: Config, *, full: bool = False) -> TrainingOptions:
    """Return the training options that config sets."""
    return TrainingOptions(
        encoder=config.classifier.encoder,
        multilingual=config.classifier.multilingual,
        seed=config.classifier.seed,
        full=full,
        home=config.folder,
    )


def needs_training(config: Config) -> bool:
    """Return whether intents, articles or settings differ from what the model was trained on.

    Raises:
        IntentsError: Mistakes in intent files or articles.
    """
    taught = read_intents(config)
    version = _current(ModelRegistry(config.model))
    return version is None or not (
        is_of(version, config, taught.snapshot)
        and _articles(version) == digest(read_for_training(config)[0].checked())
    )


def is_of(version: Path, config: Config, snapshot: Snapshot) -> bool:
    """Return whether a version was trained on these intent files, and on what else config names."""
    if Snapshot.of(version / INTENTS) != snapshot:
        return False
    try:
        manifest = read_manifest(version)
    except ModelError:
        return False
    settings, learned = config.classifier, learned_fingerprint(config)
    wanted = (settings.encoder, settings.multilingual, settings.seed, learned)
    return _settings(manifest) == wanted


def _settings(manifest: Manifest) -> tuple[object, ...]:
    settings = manifest.settings
    learned = settings.get("learned_from", "")  # versions of 0.1 have none
    return manifest.encoder, settings.get("multilingual"), settings.get("seed"), learned


def _current(folder: ModelRegistry) -> Path | None:
    try:
        return folder.current()
    except ModelError:
        return None


def _articles(version: Path) -> str | None:
    """Return the digest of a version's articles; None when its index cannot be read."""
    try:
        return KnowledgeIndex.load(version / KNOWLEDGE).articles
    except ModelError:
        return None


def bound_errors(version: Path, labelled: Sequence[LabelledText], serving: Path | None) -> None:
    """Store a new version's predictions for labelled messages, which bound its error rate.

    Without labelled messages, the stored predictions of the serving version are copied if both
    decide alike; else the error rate is unknown until `frontdesk eval --calibrate` is run.

    Args:
        version: Folder of the new version.
        labelled: Messages of customers; labels that are no intents mean "out of scope".
        serving: Folder of the serving version; None if there is none.
    """
    if labelled:
        classifier = load_version(version)
        judged = labelled_predictions(classifier, labelled, None)
        as_labelled_predictions(judged, classifier.manifest).write(version)
    elif serving is not None and (known := _inherited(version, serving)) is not None:
        known.write(version)


def stored_predictions(model: Path) -> LabelledPredictions | None:
    """Return the serving version's predictions for labelled messages; None without a version.

    Args:
        model: The model folder.
    """
    try:
        return (
            LabelledPredictions.read(ModelRegistry(model).current()) or LabelledPredictions.none()
        )
    except ModelError:
        return None


def _inherited(version: Path, serving: Path) -> LabelledPredictions | None:
    try:
        known = LabelledPredictions.read(serving)
        if known and learned_the_same(read_manifest(version), read_manifest(serving)):
            return known
    except ModelError:  # the serving version is damaged, or was removed meanwhile
        pass
    return None

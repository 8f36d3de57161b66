"""Learning from the desk's own traffic: labels stored messages, and keeps the approved ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.config.schema import Config
from bot.errors import ModelError, StorageError
from bot.privacy.erasure_log import ErasureLog
from bot.storage.questions import CustomerQuestion
from bot.understanding.corpus import Corpus
from bot.understanding.intents import IntentSet
from bot.understanding.model.classifier import IntentClassifier, load_classifier
from bot.understanding.model.registry import ModelRegistry, read_manifest
from bot.understanding.traffic.learned_file import (
    Learned,
    LearnedMessages,
    change_learned,
    fingerprint,
    learned_path,
    read_learned,
)
from bot.understanding.traffic.pseudo_labels import Labelled, Proposal, propose, usable
from bot.understanding.training.progress import Progress
from bot.understanding.training.train import TrainingOptions, train


def training_corpus(config: Config, intents: IntentSet) -> Corpus:
    """Return what a model is trained on: the intents and, where config says so, approved messages.

    Raises:
        IntentsError: Lists every mistake in the file of approved messages.
    """
    corpus = intents.corpus()
    if not config.classifier.learn_from_traffic:
        return corpus
    path = learned_path(config.model)
    content = fingerprint(path)
    return corpus.with_learned(usable(read_learned(path).rows, intents), content)


def learned_fingerprint(config: Config) -> str:
    """Return a hash of the approved messages that training reads; empty if it reads none."""
    if not config.classifier.learn_from_traffic:
        return ""
    return fingerprint(learned_path(config.model))


def proposals(
    config: Config,
    intents: IntentSet,
    questions: Sequence[CustomerQuestion],
    options: TrainingOptions,
    progress: Progress,
) -> Proposal:
    """Label questions of customers, and propose those that can be learned.

    The labels come from a quick model of the intents alone: one that has learned from its own
    labels would confirm its own mistakes.

    Args:
        config: Of the bot.
        intents: The intents as they are now.
        questions: The questions, the latest first.
        options: Of training.
        progress: Receives the progress of training.

    Raises:
        IntentsError: Lists every mistake in the file of approved messages.
        EncoderUnavailable: The configured encoder is not available.
    """
    known = read_learned(learned_path(config.model)).rows
    if not questions:
        return Proposal()
    with TemporaryDirectory(prefix="frontdesk-") as temporary:
        classifier = _quick_model(config, intents, Path(temporary, "model"), options, progress)
        predictions = classifier.predict(
            [question.text for question in questions],
            [question.language or None for question in questions],
        )
    labelled = [
        Labelled(each.text, prediction, each.at.astimezone(UTC).date(), each.author)
        for each, prediction in zip(questions, predictions, strict=True)
    ]
    return propose(labelled, intents, known)


def keep(config: Config, approved: Sequence[Learned]) -> int:
    """Write approved messages to the file that training reads; return how many it has now.

    Args:
        config: Of the bot.
        approved: As `proposals` returns them; their authors become marks.

    Raises:
        IntentsError: Lists every mistake in the file.
        StorageError: Its authors were marked with another erasure log, or it cannot be written.
    """
    path, log = learned_path(config.model), ErasureLog(config.privacy.ledger)
    ledger = log.identity()
    marked = [replace(row, author=log.mark(row.author)) for row in approved]

    def add(learned: LearnedMessages) -> LearnedMessages:
        if learned.rows and learned.ledger != ledger:
            raise StorageError(
                f"{path}: its authors were marked with another erasure log: name that log as "
                "`privacy.ledger`, or delete the file"
            )
        return replace(learned, ledger=ledger).merged(marked)

    try:
        _, after = change_learned(path, add)
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise StorageError(f"{path}: {reason}: let this account write it") from error
    return len(after.rows)


def _quick_model(
    config: Config,
    intents: IntentSet,
    folder: Path,
    options: TrainingOptions,
    progress: Progress,
) -> IntentClassifier:
    """Train quickly on the intents alone, reusing what the serving version has."""
    quick = replace(
        options, full=False, publish=True, reuse=_reusable(config.model), known=config.model
    )
    train(intents.corpus(), folder, options=quick, progress=progress)
    return load_classifier(folder)


def _reusable(model: Path) -> Path | None:
    """Return the serving version if it was trained quickly, else None."""
    try:
        version = ModelRegistry(model).current()
        return None if read_manifest(version).settings.get("full") else version
    except ModelError:  # nothing to reuse
        return None

"""What admins taught, loaded: everything that is swapped as a whole when they change it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.answering.knowledge import (
    Encoders,
    KnowledgeIndex,
    KnowledgeRetriever,
)
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.errors import ModelError
from bot.operations import Model
from bot.publishing.snapshot import read_snapshot
from bot.understanding.intents import IntentSet, load_intents
from bot.understanding.model.classifier import IntentClassifier, load_version
from bot.understanding.model.registry import ModelFolder

KNOWLEDGE = "knowledge"
"""Folder of the article index within a model version."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Intents with their replies, model, articles."""

    intents: IntentSet
    classifier: IntentClassifier
    retriever: KnowledgeRetriever

    def model(self) -> Model:
        """Tell which model answers."""
        manifest = self.classifier.manifest
        return Model(manifest.version, manifest.intents_hash)


def load_desk(config: Config, beside: Desk | None = None) -> Desk:
    """Load the desk that serves; start again when a newer one takes its place meanwhile.

    Args:
        config: Of the desk.
        beside: Another desk, whose encoders are used again where they are the same.

    Raises:
        ModelError: There is no model, or it is damaged or foreign.
    """
    folder = ModelFolder(config.model)
    while True:
        version = folder.current()
        try:
            return load_version_of_desk(config, version, beside)
        except ModelError:
            if folder.current() == version:
                raise


def load_version_of_desk(config: Config, version: Path, beside: Desk | None = None) -> Desk:
    """Load what was trained together into one version; see `load_desk`.

    Raises:
        ModelError: It is damaged or foreign, or has been removed meanwhile.
    """
    classifier = load_version(
        version,
        policy=config.classifier.policy,
        beside=beside.classifier if beside else None,
    )
    encoders = Encoders(classifier, classifier.multilingual)
    index = KnowledgeIndex.load(version / KNOWLEDGE)
    intents = read_snapshot(version, config.language.default)
    return Desk(intents, classifier, KnowledgeRetriever(index, encoders, SystemClock()))


def intents_of(config: Config) -> IntentSet:
    """Read the intents that config names.

    Raises:
        IntentsError: With every mistake in every file.
    """
    return load_intents(config.intents, default_language=config.language.default)

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
from bot.config import Config
from bot.errors import ModelError
from bot.operations import Model
from bot.understanding.classifier import IntentClassifier, load_version
from bot.understanding.intents import IntentSet, load_intents
from bot.understanding.model_folder import ModelFolder
from bot.understanding.multilingual import multilingual_encoder

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


def load_desk(config: Config) -> Desk:
    """Load intents, model and articles.

    Raises:
        IntentsError: Mistakes in intent files.
        ModelError: There is no model, or it is damaged or foreign.
    """
    classifier, retriever = _load_model(config)
    return Desk(intents_of(config), classifier, retriever)


def intents_of(config: Config) -> IntentSet:
    """Read the intents that config names.

    Raises:
        IntentsError: With every mistake in every file.
    """
    return load_intents(config.intents, default_language=config.language.default)


def _load_model(config: Config) -> tuple[IntentClassifier, KnowledgeRetriever]:
    """Load what was trained together; start again when a newer training removes it meanwhile."""
    folder = ModelFolder(config.model)
    while True:
        version = folder.current()
        try:
            return load_parts(config, version)
        except ModelError:
            if folder.current() == version:
                raise


def load_parts(config: Config, version: Path) -> tuple[IntentClassifier, KnowledgeRetriever]:
    """Load what was trained together into one version.

    Raises:
        ModelError: It is damaged or foreign, or has been removed meanwhile.
    """
    classifier = load_version(version, threshold=config.classifier.threshold)
    encoders = Encoders(classifier, multilingual_encoder(version))
    index = KnowledgeIndex.load(version / KNOWLEDGE)
    return classifier, KnowledgeRetriever(index, encoders, SystemClock())

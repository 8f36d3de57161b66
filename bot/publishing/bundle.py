"""The loaded intents, model and articles of one version, swapped as a whole while serving."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakSet

from bot.answering.knowledge import (
    Encoders,
    KnowledgeIndex,
    KnowledgeRetriever,
)
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.errors import ModelError
from bot.messages import Event, Part
from bot.ports import Clock, Responding
from bot.ports.understanding import Model
from bot.publishing.snapshot import read_snapshot
from bot.understanding.intents import IntentSet, load_intents
from bot.understanding.model.classifier import IntentClassifier, load_version
from bot.understanding.model.planted_screen import PlantedScreen
from bot.understanding.model.registry import ModelRegistry

KNOWLEDGE = "knowledge"
"""Folder of the article index within a model version."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Intents with their replies, the classifier and the article index of one version."""

    intents: IntentSet
    classifier: IntentClassifier
    retriever: KnowledgeRetriever

    def model(self) -> Model:
        """Return which model answers."""
        manifest = self.classifier.manifest
        return Model(manifest.version, manifest.intents_hash)


def load_bundle(config: Config, loaded: Bundle | None = None) -> Bundle:
    """Load the serving version; start over when another one is promoted meanwhile.

    Args:
        config: Of the bot.
        loaded: A loaded bundle whose encoders are reused if they are the same.

    Raises:
        ModelError: There is no model, it is damaged, or its format is not supported.
    """
    folder = ModelRegistry(config.model)
    while True:
        version = folder.current()
        try:
            return load_bundle_version(config, version, loaded)
        except ModelError:
            if folder.current() == version:
                raise


def load_bundle_version(
    config: Config, version: Path, loaded: Bundle | None = None, *, clock: Clock | None = None
) -> Bundle:
    """Load what was trained together into one version; see `load_bundle`.

    Raises:
        ModelError: It is damaged, its format is not supported, or it has been removed meanwhile.
    """
    classifier = load_version(
        version,
        policy=config.classifier.policy,
        loaded=loaded.classifier if loaded else None,
    )
    many = classifier.multilingual
    encoders = Encoders(classifier, many, PlantedScreen(version, classifier.encoder, many))
    index = KnowledgeIndex.load(version / KNOWLEDGE)
    intents = read_snapshot(version, config.language.default)
    return Bundle(intents, classifier, KnowledgeRetriever(index, encoders, clock or SystemClock()))


def intents_of(config: Config) -> IntentSet:
    """Read the intents that config names.

    Raises:
        IntentsError: Lists every mistake in every file.
    """
    return load_intents(config.intents, default_language=config.language.default)


class ActiveBundle:
    """Holds the bundle that answers; use it from the event loop only.

    To change a part of it, replace the whole without an `await` in between:

        current.swap(replace(current.desk, retriever=retriever))

    Attributes:
        problems: Why a change is not live, by the kind of change.
    """

    def __init__(self, desk: Bundle) -> None:
        self._desk = desk
        self.problems: dict[str, str] = {}

    @property
    def desk(self) -> Bundle:
        """The bundle that answers the next event."""
        return self._desk

    def swap(self, desk: Bundle) -> None:
        """Use another bundle from the next event on."""
        self._desk = desk

    def model(self) -> Model:
        """Return which model answers, and why changes to it are not live."""
        return replace(self._desk.model(), problems=dict(self.problems))


class ReloadingResponder:
    """A `Responding` that passes each event to the responder of the active bundle.

    One event is answered by one bundle from beginning to end: model, intents, replies and
    articles. `build` must not create what has to survive a swap (counters, connections).

    Args:
        current: Holds the active bundle.
        build: Creates the responder for a bundle; called once per bundle.
    """

    def __init__(self, current: ActiveBundle, build: Callable[[Bundle], Responding]) -> None:
        self._current = current
        self._build = build
        self._desk = current.desk
        self._responder = build(self._desk)
        self._streams: WeakSet[AsyncGenerator[Part, None]] = WeakSet()

    def respond(self, event: Event) -> AsyncIterator[Part]:
        """Decide how to respond to an event."""
        desk = self._current.desk
        if desk is not self._desk:
            self._responder, self._desk = self._build(desk), desk
        stream = self._responder.respond(event)
        if isinstance(stream, AsyncGenerator):
            self._streams.add(stream)
        return stream

    async def aclose(self) -> None:
        """Close streams that were not read to the end, while their resources are still open."""
        for stream in tuple(self._streams):
            with suppress(RuntimeError):  # it is being read right now; its reader will close it
                await stream.aclose()


def freeze_garbage_collector() -> None:
    """Exclude everything loaded so far (mainly modules, never freed) from garbage collection.

    Scanning it takes a tenth of a second, during which no message is answered. Call this before
    the first model is loaded, since models are swapped out later.
    """
    gc.freeze()


def trim_memory() -> None:
    """Return free memory to the operating system; blocks for some milliseconds.

    glibc keeps freed blocks that lie between blocks in use: without this, the process would hold
    on to a part of the old model after each swap.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim is not None:
            trim(0)

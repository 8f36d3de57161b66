"""What admins taught, loaded: everything that is swapped as a whole when they change it."""

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
from bot.understanding.model.registry import ModelRegistry

KNOWLEDGE = "knowledge"
"""Folder of the article index within a model version."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Intents with their replies, model, articles."""

    intents: IntentSet
    classifier: IntentClassifier
    retriever: KnowledgeRetriever

    def model(self) -> Model:
        """Tell which model answers."""
        manifest = self.classifier.manifest
        return Model(manifest.version, manifest.intents_hash)


def load_bundle(config: Config, beside: Bundle | None = None) -> Bundle:
    """Load the desk that serves; start again when a newer one takes its place meanwhile.

    Args:
        config: Of the desk.
        beside: Another desk, whose encoders are used again where they are the same.

    Raises:
        ModelError: There is no model, or it is damaged or foreign.
    """
    folder = ModelRegistry(config.model)
    while True:
        version = folder.current()
        try:
            return load_bundle_version(config, version, beside)
        except ModelError:
            if folder.current() == version:
                raise


def load_bundle_version(
    config: Config, version: Path, beside: Bundle | None = None, *, clock: Clock | None = None
) -> Bundle:
    """Load what was trained together into one version; see `load_bundle`.

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
    return Bundle(intents, classifier, KnowledgeRetriever(index, encoders, clock or SystemClock()))


def intents_of(config: Config) -> IntentSet:
    """Read the intents that config names.

    Raises:
        IntentsError: With every mistake in every file.
    """
    return load_intents(config.intents, default_language=config.language.default)


class ActiveBundle:
    """Holds the current desk; to be used from the event loop.

    To change a part of it, put a new one in its place, without awaiting anything in between:

        current.swap(replace(current.desk, retriever=retriever))

    Attributes:
        problems: What keeps changes from going live, by what was changed.
    """

    def __init__(self, desk: Bundle) -> None:
        self._desk = desk
        self.problems: dict[str, str] = {}

    @property
    def desk(self) -> Bundle:
        """What answers the next event."""
        return self._desk

    def swap(self, desk: Bundle) -> None:
        """Let another desk answer from the next event on."""
        self._desk = desk

    def model(self) -> Model:
        """Tell which model answers."""
        return replace(self._desk.model(), problems=dict(self.problems))


class ReloadingResponder:
    """A `Responding` that hands each event to the responder of the desk that is current then.

    An event is answered to its end by the desk that it began with: model, intents, replies and
    articles. What must outlive a swap (counts, connections) is for `build` to take, not to make.

    Args:
        current: Tells which desk that is.
        build: Makes the responder of a desk; called once for each.
    """

    def __init__(self, current: ActiveBundle, build: Callable[[Bundle], Responding]) -> None:
        self._current = current
        self._build = build
        self._desk = current.desk
        self._responder = build(self._desk)
        self._streams: WeakSet[AsyncGenerator[Part, None]] = WeakSet()

    def respond(self, event: Event) -> AsyncIterator[Part]:
        """Decide what is done about an event."""
        desk = self._current.desk
        if desk is not self._desk:
            self._responder, self._desk = self._build(desk), desk
        stream = self._responder.respond(event)
        if isinstance(stream, AsyncGenerator):
            self._streams.add(stream)
        return stream

    async def aclose(self) -> None:
        """Close the streams that were left before their end, while what they use is still open."""
        for stream in tuple(self._streams):
            with suppress(RuntimeError):  # somebody is reading it at this moment, and will close it
                await stream.aclose()


def freeze_garbage_collector() -> None:
    """Spare the garbage collector what is loaded by now, which nothing will ever free: modules.

    To look through it takes a tenth of a second, in which nobody is answered. To be called before
    the first model is loaded, since that will be swapped out.
    """
    gc.freeze()


def trim_memory() -> None:
    """Return free memory to the system; blocking, some milliseconds.

    glibc keeps what is freed between things that are still in use: each swap of a model would
    leave a part of the old one with the process.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim is not None:
            trim(0)

"""The desk that answers at the moment: swapped as a whole, between two events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from weakref import WeakSet

from bot.messages import Event, Part
from bot.operations import Model
from bot.ports import Responds
from bot.publishing.bundle import Desk


class Current:
    """Holds the current desk; to be used from the event loop.

    To change a part of it, put a new one in its place, without awaiting anything in between:

        current.swap(replace(current.desk, retriever=retriever))

    Attributes:
        problems: What keeps changes from going live, by what was changed.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.problems: dict[str, str] = {}

    @property
    def desk(self) -> Desk:
        """What answers the next event."""
        return self._desk

    def swap(self, desk: Desk) -> None:
        """Let another desk answer from the next event on."""
        self._desk = desk

    def model(self) -> Model:
        """Tell which model answers."""
        return replace(self._desk.model(), problems=dict(self.problems))


class CurrentResponder:
    """A `Responds` that hands each event to the responder of the desk that is current then.

    An event is answered to its end by the desk that it began with: model, intents, replies and
    articles. What must outlive a swap (counts, connections) is for `build` to take, not to make.

    Args:
        current: Tells which desk that is.
        build: Makes the responder of a desk; called once for each.
    """

    def __init__(self, current: Current, build: Callable[[Desk], Responds]) -> None:
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

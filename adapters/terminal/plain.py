"""A screen without escape codes: for pipes, files, NO_COLOR and dumb terminals."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import RenderableType
from rich.text import Text

from adapters.common.markdown import plain_text
from bot.cli.safe_console import SafeConsole
from bot.messages import Button, Source
from bot.text.control_characters import without_controls

WIDTH = 80
"""Columns of tables, where the output has no width of its own."""

INDENT = len("you: ")


class PlainScreen:
    """Says `you: ...` and `bot: ...`, line by line; a pipe's lines are never wrapped."""

    def __init__(self, source: TextIO, target: TextIO) -> None:
        self._source = source
        self._terminal = target.isatty()
        width = None if self._terminal else WIDTH
        self._console = SafeConsole(
            file=target,
            color_system=None,
            highlight=False,
            markup=False,
            emoji=False,
            width=width,
            legacy_windows=False,
        )
        self._lines: Lines | None = None

    def welcome(self) -> None:
        """Say nothing: whoever pipes wants the conversation alone."""

    async def read(self) -> str | None:
        """Return the next line; the words of a pipe are printed, a terminal echoes by itself."""
        if self._lines is None:
            self._lines = Lines(self._source.fileno())
        typed = self._source.isatty()
        if typed:
            self._console.print("you: ", end="")
        line = await self._lines.next()
        if line is not None and line.strip() and not typed:
            self._print("you:", line.strip())
        return line

    @contextmanager
    def page(self) -> Iterator[PlainPage]:
        """Collect a reply and print it when it is whole."""
        page = PlainPage()
        yield page
        speaker = "bot:"
        for line in page.lines():
            self._print(speaker, line)
            speaker = ""

    def show(self, content: RenderableType) -> None:
        """Print something that is not the bot's."""
        self._console.print(content)

    def _print(self, speaker: str, line: str) -> None:
        """Print a line of what somebody says; on a terminal, wrapped between words."""
        text = Text(without_controls(line))
        wrapped = [text]
        if self._terminal:
            wrapped = list(text.wrap(self._console, self._console.width - INDENT)) or [text]
        for piece in wrapped:
            shown = Text(speaker.ljust(INDENT)).append_text(piece)
            shown.rstrip()
            self._console.print(shown, soft_wrap=True)
            speaker = ""
        self._console.file.flush()


class PlainPage:
    """A reply as plain lines."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._under: list[str] = []

    def say(self, markdown: str) -> None:
        """Keep a piece."""
        self._said.append(markdown)

    def cite(self, sources: Sequence[Source]) -> None:
        """Keep the sources."""
        for source in sources:
            self._under.append(f"from: {source.title} {source.url}".rstrip())

    def offer(self, buttons: Sequence[Button]) -> None:
        """Keep the choices."""
        for number, button in enumerate(buttons, start=1):
            self._under.append(f"{number}) {button.label}")

    def lines(self) -> list[str]:
        """Return the whole reply."""
        return [*plain_text("".join(self._said)).splitlines(), *self._under]


class Lines:
    """Lines of a file, a pipe or a terminal, without holding up the event loop.

    A thread of its own reads ahead: a thread of the loop's pool would keep the process alive
    until somebody presses Enter.
    """

    def __init__(self, descriptor: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._ended = False
        duplicate = os.dup(descriptor)  # the thread may outlive whoever owns the original
        threading.Thread(target=self._read, args=[duplicate], daemon=True).start()

    async def next(self) -> str | None:
        """Return the next line without its end; None when there is none, again and again."""
        if self._ended:
            return None
        line = await self._queue.get()
        self._ended = line is None
        return line

    def _read(self, descriptor: int) -> None:
        with open(descriptor, encoding="utf-8-sig", errors="replace") as stream:
            for line in stream:
                if not self._hand_over(line.rstrip("\r\n")):
                    return
        self._hand_over(None)

    def _hand_over(self, line: str | None) -> bool:
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, line)
        except RuntimeError:  # the loop is closed: nobody listens any more
            return False
        return True

"""What the terminal adapter needs of a screen, so that one adapter serves people and pipes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from rich.console import RenderableType

from bot.messages import Button, Source


class Page(Protocol):
    """One reply while it is being shown."""

    def say(self, markdown: str) -> None:
        """Show a further piece; pieces join without a separator."""
        ...

    def cite(self, sources: Sequence[Source]) -> None:
        """Show where the reply comes from."""
        ...

    def offer(self, buttons: Sequence[Button]) -> None:
        """Show choices, numbered from 1."""
        ...


class Screen(Protocol):
    """Where the chat is shown and typed."""

    def welcome(self) -> None:
        """Open the chat."""
        ...

    async def read(self) -> str | None:
        """Return the next line that was typed; None at the end."""
        ...

    def page(self) -> AbstractContextManager[Page]:
        """Show one reply, from the moment that it is being made."""
        ...

    def show(self, content: RenderableType) -> None:
        """Show something that is not the bot's."""
        ...

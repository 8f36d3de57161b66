"""The terminal as a platform: one person, one conversation, one message at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, nullcontext

from rich.text import Text

from adapters.terminal.screen import Page, Screen
from bot.cli.explain import explain
from bot.conversations.key import ConversationKey
from bot.messages import (
    Author,
    Button,
    Cite,
    Decision,
    Done,
    Event,
    Message,
    Offer,
    Part,
    Pressed,
    Readers,
    Received,
    Say,
)
from bot.ports import Accept, Clock, Posting

HELP = """\
/why    explain the last decision
/help   this list
/quit   leave (or Ctrl-D)

Type the number of a choice to press it; anything else goes to the bot."""


class TerminalAdapter:
    """Hands in what is typed, shows what is answered, and waits in between."""

    name = "terminal"

    def __init__(
        self, screen: Screen, author: Author, clock: Clock, *, session: str, patience: float
    ) -> None:
        self._screen = screen
        self._author = author
        self._clock = clock
        self._conversation = ConversationKey(self.name, "local", session)
        self._patience = patience
        self._sent = 0
        self._closing = asyncio.Event()
        self._answered = asyncio.Event()
        self._waiting_for = ""
        self._buttons: tuple[Button, ...] = ()
        self._decision: Decision | None = None

    async def run(self, accept: Accept) -> None:
        """Hand in line after line, each when the one before is answered, to the end of input."""
        talking = asyncio.create_task(self._talk(accept))
        closing = asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait({talking, closing}, return_when=asyncio.FIRST_COMPLETED)
            if talking.done():
                talking.result()
        finally:
            talking.cancel()
            closing.cancel()
            await asyncio.gather(talking, closing, return_exceptions=True)

    def thinking(self, event: Event) -> AbstractAsyncContextManager[None]:  # noqa: ARG002
        """Show nothing of its own: the page of a reply shows that it is being made."""
        return nullcontext()

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Show a reply; one that an earlier attempt has shown is not shown again."""
        identity = posting.event.message.id
        buttons: tuple[Button, ...] = ()
        await posting.reserve()
        with self._screen.page() as page:
            async for part in parts:
                if isinstance(part, Done):
                    self._decision = part.decision
                elif isinstance(part, Offer):
                    buttons = part.buttons
                if identity not in posting.posted:
                    _put(page, part)
        self._buttons = buttons
        await posting.remember(identity)
        if identity == self._waiting_for:
            self._answered.set()

    async def close(self) -> None:
        """End the chat."""
        self._closing.set()

    async def _talk(self, accept: Accept) -> None:
        self._screen.welcome()
        while (line := await self._screen.read()) is not None:
            match line.strip():
                case "":
                    pass
                case "/quit" | "/exit":
                    return
                case "/help":
                    self._screen.show(Text(HELP))
                case "/why":
                    self._show_why()
                case text:
                    await self._send(self._event(text), accept)

    def _show_why(self) -> None:
        """Explain the last decision."""
        if self._decision is None:
            self._screen.show(Text("Nothing has been decided yet: ask something first."))
        else:
            self._screen.show(explain(self._decision))

    def _event(self, text: str) -> Event:
        """Translate a line: the number of a choice presses it."""
        self._sent += 1
        pressed = self._button(text)
        message = Message(
            id=str(self._conversation.message(self._sent)),
            conversation=str(self._conversation),
            author=self._author,
            text=pressed.label if pressed else text,
            sent_at=self._clock.now(),
            readers=Readers.AUTHOR,
        )
        return Pressed(message, pressed.id) if pressed else Received(message)

    def _button(self, text: str) -> Button | None:
        """Return the choice that a line numbers, if it does."""
        if not text.isdecimal() or len(text) > len(str(len(self._buttons))):
            return None
        number = int(text)
        return self._buttons[number - 1] if 1 <= number <= len(self._buttons) else None

    async def _send(self, event: Event, accept: Accept) -> None:
        """Hand an event in and wait until it is answered."""
        self._waiting_for = event.message.id
        self._answered.clear()
        await accept(event)
        try:
            async with asyncio.timeout(self._patience):
                await self._answered.wait()
        except TimeoutError:
            self._screen.show(Text("No answer came; see the messages above, or go on."))


def _put(page: Page, part: Part) -> None:
    """Show one part of a reply."""
    match part:
        case Say(markdown):
            page.say(markdown)
        case Cite(sources):
            page.cite(sources)
        case Offer(buttons):
            page.offer(buttons)
        case Done():
            pass

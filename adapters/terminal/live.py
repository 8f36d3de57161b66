"""The screen of a person at a terminal: a prompt with history, replies that grow as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from rich import box
from rich.console import Console, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.spinner import Spinner
from rich.text import Text

from adapters.terminal.blocks import split_finished
from adapters.terminal.prose import Narrow, prose
from bot.files.private_files import private_folder, protect_file
from bot.messages import Button, Source
from bot.text.control_characters import without_controls

_PROMPT = HTML("<ansicyan><b>you ›</b></ansicyan> ")
_PLACEHOLDER = HTML("<ansibrightblack>ask as a customer would, or /help</ansibrightblack>")


class LiveScreen:
    """Prompt below, replies above."""

    def __init__(self, console: Console, *, history: Path, welcome: str = "") -> None:
        self._console = console
        self._history_file = history
        self._welcome = welcome
        self._session: PromptSession[str] | None = None

    def welcome(self) -> None:
        """Show the banner."""
        if self._welcome:
            panel = Panel(
                prose(self._welcome), box=box.ROUNDED, border_style="cyan", padding=(0, 2)
            )
            self._console.print(Narrow(panel, indent=0))
        self._console.print()

    async def read(self) -> str | None:
        """Prompt for a line; Ctrl-C and Ctrl-D end the chat."""
        placeholder = None
        if self._session is None:
            self._session = PromptSession(_PROMPT, history=_history(self._history_file))
            placeholder = _PLACEHOLDER  # once is enough
        try:
            return await self._session.prompt_async(placeholder=placeholder, handle_sigint=False)
        except (EOFError, KeyboardInterrupt):
            return None

    @contextmanager
    def page(self) -> Iterator[LivePage]:
        """Show a reply while it grows; a spinner turns until the first words come."""
        spinner = Narrow(Spinner("dots", style="cyan"))
        with Live(spinner, console=self._console, transient=True, refresh_per_second=12) as live:
            page = LivePage(live)
            try:
                yield page
            finally:
                page.finish()

    def show(self, content: RenderableType) -> None:
        """Show something that is not the bot's."""
        self._console.print(Narrow(content))
        self._console.print()


class LivePage:
    """A reply: finished blocks scroll up, the last one is drawn again with every piece."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._growing = ""
        self._blank = True

    def say(self, markdown: str) -> None:
        """Show a further piece."""
        finished, self._growing = split_finished(self._growing + without_controls(markdown))
        if finished:
            self._settle(prose(finished))
        self._live.update(Narrow(prose(self._growing)))

    def cite(self, sources: Sequence[Source]) -> None:
        """Show where the reply comes from."""
        self._settle_growing()
        for source in sources:
            line = without_controls(f"from {source.title} {source.url}".rstrip())
            self._live.console.print(Narrow(Text(line, style="dim italic")))
        self._blank = False

    def offer(self, buttons: Sequence[Button]) -> None:
        """Show choices, numbered from 1."""
        self._settle_growing()
        for number, button in enumerate(buttons, start=1):
            said = without_controls(button.label)
            label = Text.assemble((f" {number} ", "black on cyan"), " ", said)
            self._live.console.print(Narrow(label))
        self._blank = False

    def finish(self) -> None:
        """Leave the whole reply on the screen."""
        self._settle_growing()
        if not self._blank:
            self._live.console.print()

    def _settle_growing(self) -> None:
        growing, self._growing = self._growing.strip(), ""
        self._live.update("")
        if growing:
            self._settle(prose(growing))

    def _settle(self, content: RenderableType) -> None:
        self._live.console.print(Narrow(content))
        self._live.console.print()
        self._blank = True


def _history(file: Path) -> History:
    """Remember across chats where the file can be written, else in this one."""
    try:
        private_folder(file.parent)
        protect_file(file)
        file.open("ab").close()
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file))

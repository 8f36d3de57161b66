"""The console that everything is printed on: what it prints commands no terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from bot.text.control_characters import without_controls


class SafeConsole(Console):
    """A console that takes control characters out of every text, whoever wrote it.

    Rich's own escape sequences (colours, the cursor of a progress bar) are made later, from styles
    and control segments: they stay.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render as ever, then clean the text of each segment."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else without_controls(text), style, control)

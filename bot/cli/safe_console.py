"""A console that strips terminal control characters from everything printed."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from bot.text.control_characters import without_controls


class SafeConsole(Console):
    """A console that removes control characters from every text.

    Rich's own escape sequences (colours, the cursor of a progress bar) are generated later, from
    styles and control segments, and are kept.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render, then clean the text of each segment."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else without_controls(text), style, control)

"""Markdown as it reads best in a terminal: left-aligned, narrow, without stray blank lines."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markdown import Heading, Markdown, MarkdownElement
from rich.padding import Padding
from rich.segment import Segment

from adapters.common.emphasis import with_visible_bold
from adapters.common.rewriting import Rules, rewritten

WIDEST = 88
"""Columns of a reply on a wide terminal: longer lines are hard to read."""


RULES = Rules(
    table=None, heading=lambda level, text: f"{'#' * level} {text}", inline=with_visible_bold
)
"""What a terminal shows differently."""


def prose(markdown: str) -> Markdown:
    """Return Markdown whose links show where they lead."""
    return _Prose(rewritten(markdown, RULES), hyperlinks=False)


class Narrow:
    """Something indented a little, no wider than is pleasant, without blank lines around it."""

    def __init__(self, content: RenderableType, *, indent: int = 2) -> None:
        self._content = Padding(content, (0, indent))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render line by line."""
        narrow = options.update(width=min(options.max_width, WIDEST))
        lines = console.render_lines(self._content, narrow)
        while lines and _blank(lines[0]):
            lines.pop(0)
        while lines and _blank(lines[-1]):
            lines.pop()
        for line in lines:
            yield from line
            yield Segment.line()


def _blank(line: list[Segment]) -> bool:
    return not any(segment.text.strip() for segment in line)


class _LeftHeading(Heading):
    """A heading that starts where the text starts."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        self.text.stylize("bold")
        yield self.text


class _Prose(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": _LeftHeading,
    }

"""Markdown as text: cut at the end of a paragraph, quoted line by line."""

from __future__ import annotations

from bot.text.shorten import shortened

_MARK = " …"


def block_quote(markdown: str) -> str:
    r"""Quote Markdown.

    >>> block_quote("Free.\n\nAlways.")
    '> Free.\n>\n> Always.'
    """
    return "\n".join(f"> {line}".rstrip() for line in markdown.strip().splitlines())


def shorten(markdown: str, limit: int) -> str:
    r"""Cut Markdown at the end of a paragraph, or of a word, so that it keeps to a limit.

    Args:
        markdown: Of any length.
        limit: Most characters of the result, the mark of a cut included.

    >>> shorten("One two.\n\nThree four.", 12)
    'One two. …'
    """
    if len(markdown) <= limit:
        return markdown
    paragraph = markdown.rfind("\n\n", 1, limit - len(_MARK) + 2)
    return (
        markdown[:paragraph].rstrip() + _MARK
        if paragraph > 0
        else shortened(markdown, limit, _MARK)
    )

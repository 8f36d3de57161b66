"""Markdown as text: cut at the end of a paragraph, quoted line by line."""

from __future__ import annotations


def block_quote(markdown: str) -> str:
    r"""Quote Markdown.

    >>> block_quote("Free.\n\nAlways.")
    '> Free.\n>\n> Always.'
    """
    return "\n".join(f"> {line}".rstrip() for line in markdown.strip().splitlines())


def shorten(markdown: str, limit: int) -> str:
    r"""Cut Markdown at the end of a paragraph, or of a word, so that it keeps to a limit.

    >>> shorten("One two.\n\nThree four.", 12)
    'One two. …'
    """
    if len(markdown) <= limit:
        return markdown
    head = markdown[:limit]
    cut = max(head.rfind("\n\n"), 0) or max(head.rfind(" "), 0) or limit
    return head[:cut].rstrip() + " …"

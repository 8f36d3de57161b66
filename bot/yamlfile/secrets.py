"""Detects secrets that were pasted into a file."""

from __future__ import annotations

from collections.abc import Iterator

from bot.errors import Problem
from bot.text.credentials import credentials_in
from bot.yamlfile.document import Document, Node


def secret_in(text: str) -> str | None:
    """Return the kind of secret in a text, if any.

    >>> secret_in("use ghp_" + "1234567890abcdefghij"), secret_in("BOT_TOKEN")
    ('a GitHub token', None)
    """
    return next((found.kind for found in credentials_in(text)), None)


def pasted_secrets(document: Document) -> Iterator[Problem]:
    """Yield an error for every secret in a file; errors never quote the secret."""
    if document.root is not None:
        yield from _within(document, document.root, "")


def _within(document: Document, node: Node, name: str) -> Iterator[Problem]:
    if isinstance(node.content, dict):
        for key, value in node.content.items():
            yield from _within(document, value, f"{name}.{key}" if name else key)
    elif isinstance(node.content, list):
        for value in node.content:
            yield from _within(document, value, name)
    elif kind := secret_in(node.content):
        remedy = (
            "take it out and revoke it, put the new one in an environment variable,"
            " and write that variable's name here"
        )
        wrong = f"{kind} in the file"
        yield Problem(document.path, node.line, node.column, name, wrong, remedy)

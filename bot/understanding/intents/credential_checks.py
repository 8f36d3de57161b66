"""Finds credentials in replies, which every customer could read."""

from __future__ import annotations

from collections.abc import Iterator

from bot.errors import Problem
from bot.text.credentials import credentials_in, is_example
from bot.understanding.intents.folder import PlacedIntent
from bot.yamlfile import Node

_REMEDY = "remove it and revoke it"


def credentials_in_replies(placed: PlacedIntent) -> Iterator[Problem]:
    """Yield a warning for each reply text that contains a credential, without quoting it."""
    document = placed.document
    reply = document.node(("intents", placed.index, "reply"))
    for node in _texts(reply) if reply is not None else ():
        text = str(node.content)
        kinds = {
            found.kind
            for found in credentials_in(text)
            if not is_example(text[found.start : found.end])
        }
        for kind in sorted(kinds):
            key, wrong = f"{placed.entry.name}.reply", f"contains {kind}, visible to customers"
            yield Problem(document.path, node.line, node.column, key, wrong, _REMEDY, "warning")


def _texts(node: Node) -> Iterator[Node]:
    """Yield the text nodes of a value, at any depth."""
    if isinstance(node.content, str):
        yield node
        return
    inner = node.content.values() if isinstance(node.content, dict) else node.content
    for each in inner:
        yield from _texts(each)

"""YAML that is right, but probably not what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.errors import Problem
from bot.yamlfile import Document, Node

_GOES_ON = re.compile(
    r"(and|but|or|please|pls|because|so|though|thanks|thank you|then|if|which|who)\b", re.IGNORECASE
)
_ENDS = (".", "?", "!")


def traps(document: Document) -> Iterator[Problem]:
    """Yield warnings about comments that cut a text, and about commas that split a sentence."""
    if document.root is None:
        return
    outside = document.root.get("out_of_scope")
    if outside is not None:
        yield from _cut_texts(document, "out_of_scope", outside)
        yield from _split_lists(document, "out_of_scope", outside)
    intents = document.root.get("intents")
    for index, node in enumerate(intents.items() if intents else ()):
        name = document.problem(("intents", index), "", "").key
        yield from _cut_texts(document, name, node)
        for key in ("examples", "not"):
            listed = node.get(key)
            if listed is not None:
                yield from _split_lists(document, f"{name}.{key}", listed)


def _cut_texts(document: Document, name: str, node: Node) -> Iterator[Problem]:
    if node.cut and node.content:
        wrong = f'the text ends at the #: "{node.content}"'
        remedy = "put the text in quotes, or a space after the # of a comment"
        yield _warning(document, name, node, wrong, remedy)
    for child in _children(node):
        yield from _cut_texts(document, name, child)


def _split_lists(document: Document, name: str, node: Node) -> Iterator[Problem]:
    if isinstance(node.content, dict):
        for child in _children(node):
            yield from _split_lists(document, name, child)
        return
    items = node.items() if node.style == "inline" else []
    for before, item in pairwise(items):
        if _belongs_together(before, item):
            wrong = f'the comma splits "{before.content}, {item.content}" into two examples'
            remedy = "put the sentence in quotes, or write one example a line"
            yield _warning(document, name, item, wrong, remedy)


def _belongs_together(before: Node, item: Node) -> bool:
    """Tell whether two items of an inline list look like one sentence.

    The second goes on with a word that continues, or is a short remainder of a longer beginning.
    """
    texts = before.content, item.content
    if not isinstance(texts[0], str) or not isinstance(texts[1], str):
        return False
    if before.style != "plain" or item.style != "plain" or texts[0].endswith(_ENDS):
        return False
    remainder = len(texts[1].split()) <= 2 and not texts[1][:1].isupper()
    return _GOES_ON.match(texts[1]) is not None or (remainder and len(texts[0].split()) >= 3)


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node.content, list):
        yield from node.content
    elif isinstance(node.content, dict):
        yield from node.content.values()


def _warning(document: Document, name: str, node: Node, wrong: str, remedy: str) -> Problem:
    return Problem(document.path, node.line, node.column, name, wrong, remedy, "warning")

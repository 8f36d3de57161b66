"""Finds valid YAML that probably does not mean what its author intended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from bot.errors import Problem
from bot.yamlfile import Document, Node

_GOES_ON = re.compile(
    r"(and|but|or|please|pls|because|so|though|thanks|thank you|then|if|which|who)\b", re.IGNORECASE
)
_ENDS = (".", "?", "!")
_LONG = 2_000
"""Characters that every platform shows in one message."""

_PASTED = 10_000
"""Characters from which an example cannot be a message."""

_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\x85\\u2028\\u2029]")
_DRIVE = re.compile(r"(?<![A-Za-z])[A-Z]:[\n\t](?=[a-z])")
"""Matches characters that only a backslash in double quotes produces."""


def pitfalls(document: Document) -> Iterator[Problem]:
    """Yield warnings: comments that cut off a text, commas that split a sentence, and so on."""
    if document.root is None:
        return
    outside = document.root.get("out_of_scope")
    if outside is not None:
        yield from _cut_texts(document, "out_of_scope", outside)
        yield from _split_lists(document, "out_of_scope", outside)
        yield from _long_examples(document, "out_of_scope", outside)
    intents = document.root.get("intents")
    for index, node in enumerate(intents.items() if intents else ()):
        name = document.problem(("intents", index), "", "").key
        yield from _cut_texts(document, name, node)
        marked = node.get("draft")
        draft = marked is not None and str(marked.content).lower() == "true"
        for key in ("examples", "not"):
            listed = node.get(key)
            if listed is not None:
                yield from _split_lists(document, f"{name}.{key}", listed)
                yield from _long_examples(document, f"{name}.{key}", listed, draft=draft)


def _cut_texts(document: Document, name: str, node: Node) -> Iterator[Problem]:
    if node.cut and node.content:
        wrong = f'the text ends before the #: "{node.content}"'
        remedy = "put the text in quotes, or write a space after the # of a comment"
        yield _warning(document, name, node, wrong, remedy)
    yield from _backslash(document, name, node)
    for child in _children(node):
        yield from _cut_texts(document, name, child)


def _backslash(document: Document, name: str, node: Node) -> Iterator[Problem]:
    """Find escape sequences in double quotes that were probably meant as text."""
    content = node.content if node.style == "quoted" else ""
    if not isinstance(content, str):
        return
    if _CONTROL.search(content) or _DRIVE.search(content):
        wrong = "a backslash in double quotes makes a control character or a line break here"
        remedy = "use single quotes, in which a backslash is an ordinary character"
        yield _warning(document, name, node, wrong, remedy)


def _long_examples(
    document: Document, name: str, node: Node, *, draft: bool = False
) -> Iterator[Problem]:
    """Report examples that are longer than any message; only warnings in drafts (imports)."""
    if isinstance(node.content, str) and len(node.content) > _LONG:
        wrong = f"an example of {len(node.content):,} characters; messages have up to {_LONG:,}"
        remedy = "split it into several examples, or delete what was pasted by mistake"
        severity: Literal["error", "warning"] = (
            "error" if len(node.content) > _PASTED and not draft else "warning"
        )
        yield Problem(document.path, node.line, node.column, name, wrong, remedy, severity)
    for child in _children(node):
        yield from _long_examples(document, name, child, draft=draft)


def _split_lists(document: Document, name: str, node: Node) -> Iterator[Problem]:
    if isinstance(node.content, dict):
        for child in _children(node):
            yield from _split_lists(document, name, child)
        return
    items = node.items() if node.style == "inline" else []
    for before, item in pairwise(items):
        if _belongs_together(before, item):
            wrong = f'the comma splits "{before.content}, {item.content}" into two examples'
            remedy = "put the sentence in quotes, or write one example per line"
            yield _warning(document, name, item, wrong, remedy)


def _belongs_together(before: Node, item: Node) -> bool:
    """Return whether two items of an inline list look like one sentence.

    The second one begins with a continuing word such as "and", or is a short end of a longer text.
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

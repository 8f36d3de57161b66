"""Reads `actions.yaml`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.errors import Problem
from bot.understanding.intents.actions.checks import check_actions
from bot.understanding.intents.actions.schema import NO_ACTIONS, ActionsFile
from bot.yamlfile import Document, Node, plain, read, translate

STEM = "actions"
"""Name of the file, without its ending."""

_LITERAL = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TYPED = (("http", "json"), ("example",))
"""Where numbers, true and false are what JSON has; texts are in quotes."""


def read_actions_file(path: Path, language: str) -> tuple[ActionsFile, tuple[Problem, ...]]:
    """Read the file; with mistakes in it there are no actions.

    Args:
        path: The file.
        language: BCP 47 tag of texts without a language.
    """
    document = read(path)
    if document.root is None:
        empty = Problem(path, 0, 0, "", "the file is empty", "write `version: 1`, or delete it")
        return NO_ACTIONS, document.problems or (empty,)
    try:
        file = ActionsFile.model_validate(_content(document), context={"language": language})
    except ValidationError as error:
        return NO_ACTIONS, (*document.problems, *translate(error, document, ActionsFile))
    problems = (*document.problems, *check_actions(file, document))
    wrong = any(each.severity == "error" for each in problems)
    return (NO_ACTIONS if wrong else file), problems


def _content(document: Document) -> Any:  # noqa: ANN401 - what YAML holds
    """Return the document as text, lists and mappings, but JSON bodies and examples typed."""
    content: Any = plain(document.root) if document.root else None
    actions = content.get("actions") if isinstance(content, dict) else None
    for name, written in actions.items() if isinstance(actions, dict) else ():
        for *way, key in _TYPED:
            node = document.node(("actions", name, *way, key))
            holder = written
            for step in way:
                holder = holder.get(step) if isinstance(holder, dict) else None
            if node is not None and isinstance(holder, dict) and key in holder:
                holder[key] = _typed(node)
    return content


def _typed(node: Node) -> Any:  # noqa: ANN401 - what JSON holds
    """Return a node as JSON has it."""
    if isinstance(node.content, list):
        return [_typed(each) for each in node.content]
    if isinstance(node.content, dict):
        return {str(key): _typed(each) for key, each in node.content.items()}
    if node.style == "plain" and _LITERAL.fullmatch(node.content):
        return json.loads(node.content)
    return node.content

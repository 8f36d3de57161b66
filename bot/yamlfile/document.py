"""A parsed YAML file: values with their positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self, TypeAlias

from bot.errors import Problem

Loc = Sequence[int | str]
"""The way to a value, as pydantic writes it: keys and positions from the root down."""


class Key(str):
    """A key of a mapping, with its place."""

    __slots__ = ("column", "line")
    line: int
    column: int

    def __new__(cls, text: str, line: int, column: int) -> Self:
        """Make a key that is equal to its text."""
        key = super().__new__(cls, text)
        key.line = line
        key.column = column
        return key


@dataclass(slots=True, eq=False)
class Node:
    """A value and its place.

    Attributes:
        line, column: Counted from 1.
        style: `plain` is a scalar without quotes, `inline` a list or mapping in brackets.
        cut: A comment without a space after its `#` follows: it may have been meant as text.
        size: Number of values in it, itself included, repeated ones counted each time.
    """

    line: int
    column: int
    content: str | list[Node] | dict[Key, Node]
    style: Literal["plain", "quoted", "inline", "block"] = "block"
    cut: bool = False
    size: int = 1

    def get(self, key: str) -> Node | None:
        """Return the value of a key; None when there is none, or this is no mapping."""
        # A Key is equal to its text; the type of dict.get does not know.
        return self.content.get(Key(key, 0, 0)) if isinstance(self.content, dict) else None

    def items(self) -> list[Node]:
        """Return the items of a list; none when this is no list."""
        return self.content if isinstance(self.content, list) else []


Plain: TypeAlias = "str | bool | list[Plain] | dict[str, Plain] | None"


def plain(node: Node, *, resolve: bool = False) -> Plain:
    """Return a node as text, lists and mappings; a value left empty is None.

    Args:
        node: The value.
        resolve: Also turn plain `true`, `false`, `null` and `~` into what YAML 1.2 means by them.
    """
    if isinstance(node.content, list):
        return [plain(item, resolve=resolve) for item in node.content]
    if isinstance(node.content, dict):
        return {str(key): plain(each, resolve=resolve) for key, each in node.content.items()}
    if node.style != "plain":
        return node.content
    if not node.content:
        return None
    return _CORE.get(node.content, node.content) if resolve else node.content


_CORE: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~"), None),
}


@dataclass(frozen=True, slots=True)
class Document:
    """One file.

    Attributes:
        root: None when nothing can be read.
        problems: What is wrong with the YAML itself.
    """

    path: Path
    root: Node | None = None
    problems: tuple[Problem, ...] = ()

    def node(self, loc: Loc) -> Node | None:
        """Return the value at a place; steps that the file leaves out are passed over."""
        return _Trail(self.root, loc).node

    def problem(
        self,
        loc: Loc,
        wrong: str,
        remedy: str,
        *,
        severity: Literal["error", "warning"] = "error",
        at_key: bool = False,
    ) -> Problem:
        """Say what is wrong with a value, or with the key that it belongs to."""
        trail = _Trail(self.root, loc)
        place = trail.key if at_key and trail.key is not None else trail.node
        line, column = (place.line, place.column) if place else (0, 0)
        return Problem(self.path, line, column, trail.name, wrong, remedy, severity)


class _Trail:
    """The way from the root to a value.

    Models know fuller shapes than a file has to spell out (a plain list of examples is the
    default language's); steps that are not in the file are passed over.
    """

    def __init__(self, root: Node | None, loc: Loc) -> None:
        self.node = root
        self.key: Key | None = None
        self.name = ""
        for position, step in enumerate(loc):
            last = position == len(loc) - 1
            if isinstance(step, int):
                self._item(step)
            else:
                self._entry(step, last=last)

    def _item(self, step: int) -> None:
        content = self.node.content if self.node else None
        if isinstance(content, list) and step < len(content):
            self.node, self.key = content[step], None
            self.name = _own_name(self.node) or f"{self.name}[{step + 1}]"

    def _entry(self, step: str, *, last: bool) -> None:
        content = self.node.content if self.node else None
        found = _key_of(content, step) if isinstance(content, dict) else None
        if isinstance(content, dict) and found is not None:
            self.key = found
            self.node = content[found]
        elif not last or not isinstance(content, dict) or step == "[key]":
            return
        self.name = f"{self.name}.{step}" if self.name else step


def _key_of(content: dict[Key, Node], step: str) -> Key | None:
    """Find a key; models spell language tags their own way (`zh-CN` for `zh-cn`)."""
    keys = (key for key in content if key == step or key.lower() == step.lower())
    return max(keys, key=lambda key: key == step, default=None)


def _own_name(node: Node) -> str:
    """An intent is called by its name, a product by its number, not by its position."""
    for key in ("sku", "name"):
        named = node.get(key)
        if named is not None and isinstance(named.content, str):
            return named.content
    return ""

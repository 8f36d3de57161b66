"""Builds nodes from YAML events, without recursion; refuses tags and alias bombs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import yaml

from bot.errors import Problem
from bot.yamlfile.document import Key, Node
from bot.yamlfile.slips import lines_of, swallowed

MAX_DEPTH = 32
"""Lists and mappings inside each other; intent files need about 8."""

MAX_REPEATED = 100_000
"""Values that aliases may repeat in one file ("billion laughs" repeats 10^9)."""

_SUSPICIOUS_COMMENT = re.compile(r"[ \t]{1,1000}+#[^\s#!-]")
_TEXT_TAG = "tag:yaml.org,2002:str"
_Style = Literal["plain", "quoted", "inline", "block"]
_STYLES: dict[str, _Style] = {"": "plain", "'": "quoted", '"': "quoted", "|": "block", ">": "block"}


class Unusable(Exception):
    """Nothing after this place can be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class TreeBuilder:
    """Takes the events of one file, in order.

    Attributes:
        root: The document; None before it ends, and for an empty file.
        problems: Mistakes that did not keep the rest from being read.
    """

    def __init__(self, path: Path, text: str, *, doubt: bool = False) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._path = path
        self._text = text
        self._lines = lines_of(text) if doubt else []
        self._doubt = doubt
        self._open: list[Node] = []
        self._keys: list[Key | None] = []
        self._anchors: dict[str, Node] = {}
        self._anchored: dict[int, str] = {}
        self._repeated = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event.

        Raises:
            Unusable: The file cannot be read beyond this event.
        """
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._stop(event, "a second document", "keep one in a file: delete `---`")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_tag(event)
        style: _Style = _STYLES[event.style or ""]
        line, column = _place(event)
        cut = style == "plain" and self._is_cut(event)
        node = Node(line, column, event.value, style, cut)
        if self._doubt:
            self._look_for_slips(event)
        if event.anchor and not event.value and not event.style:
            raise self._stop(
                event, f"&{event.anchor} names nothing", "put text that starts with & in quotes"
            )
        if event.anchor:
            self._anchors[event.anchor] = node
        self._add(node, event)

    def _is_cut(self, event: yaml.ScalarEvent) -> bool:
        end = event.end_mark
        return bool(end and _SUSPICIOUS_COMMENT.match(self._text, end.index))

    def _look_for_slips(self, event: yaml.ScalarEvent) -> None:
        """Name a line that was taken for the continuation of this text, and is none."""
        start, end = event.start_mark, event.end_mark
        if start is None or end is None or event.style in ("|", ">") or not event.value:
            return
        first, last = start.line + 1, end.line + 1
        if event.style is None and last > first and end.column == 0:
            last -= 1  # the mark stands behind the line break
        if last == first:
            return
        slip = swallowed(self._lines, first, last, quoted=bool(event.style))
        if slip:
            self.problems.append(
                Problem(self._path, slip.line, slip.column, "", slip.wrong, slip.remedy)
            )

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        self._refuse_tag(event)
        if len(self._open) >= MAX_DEPTH:
            raise self._stop(event, f"nested deeper than {MAX_DEPTH} levels", "nest less")
        if self._expects_key():
            raise self._stop(
                event, "a list or mapping as a key", "put text that starts with { or [ in quotes"
            )
        line, column = _place(event)
        content: list[Node] | dict[Key, Node] = (
            [] if isinstance(event, yaml.SequenceStartEvent) else {}
        )
        node = Node(line, column, content, "inline" if event.flow_style else "block")
        if event.anchor:
            self._anchored[id(node)] = event.anchor
            self._anchors.pop(event.anchor, None)
        self._open.append(node)
        self._keys.append(None)

    def _end(self) -> None:
        node = self._open.pop()
        self._keys.pop()
        if anchor := self._anchored.pop(id(node), None):
            self._anchors[anchor] = node  # only now: what is still open cannot hold itself
        self._attach(node)

    def _alias(self, event: yaml.AliasEvent) -> None:
        node = self._anchors.get(event.anchor or "")
        if node is None:
            raise self._stop(
                event,
                f"*{event.anchor} stands for nothing",
                "put text that starts with * in quotes",
            )
        self._repeated += node.size
        if self._repeated > MAX_REPEATED:
            raise self._stop(
                event, f"aliases repeat more than {MAX_REPEATED:,} values", "write them out"
            )
        self._add(node, event)

    def _add(self, node: Node, event: yaml.Event) -> None:
        if not self._expects_key():
            self._attach(node)
        elif isinstance(node.content, str):
            self._key(node.content, event)
        else:
            raise self._stop(event, "a list or mapping as a key", "write a text")

    def _key(self, text: str, event: yaml.Event) -> None:
        line, column = _place(event)
        mapping = self._open[-1].content
        if self._doubt and "：" in text:
            wrong, remedy = "a full-width colon in a key", "type an ordinary colon and a space"
            self.problems.append(Problem(self._path, line, column, "", wrong, remedy))
        if isinstance(mapping, dict) and text in mapping:
            first = next(key for key in mapping if key == text)
            again = first is next(iter(mapping)) and len(self._open) > 2
            self.problems.append(
                Problem(
                    self._path,
                    line,
                    column,
                    text,
                    f"the key stands twice, first in line {first.line}",
                    f"{'begin a new item with `- `, or ' if again else ''}keep one of them",
                )
            )
        self._keys[-1] = Key(text, line, column)

    def _attach(self, node: Node) -> None:
        if not self._open:
            self.root = node if node.content or node.style != "plain" else None
            return
        parent = self._open[-1]
        parent.size += node.size
        if isinstance(parent.content, list):
            parent.content.append(node)
        elif isinstance(parent.content, dict):
            key = self._keys[-1]
            if key is not None:
                parent.content[key] = node
            self._keys[-1] = None

    def _expects_key(self) -> bool:
        return (
            bool(self._open) and isinstance(self._open[-1].content, dict) and self._keys[-1] is None
        )

    def _refuse_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag not in (None, "!", _TEXT_TAG):
            raise self._stop(
                event, f"the tag {event.tag}", "delete it; put text that starts with ! in quotes"
            )

    def _stop(self, event: yaml.Event, wrong: str, remedy: str) -> Unusable:
        return Unusable(Problem(self._path, *_place(event), "", wrong, remedy))


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)

"""Settings of 0.1 that are read for one more version, with a warning that prints the new lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.errors import Problem
from bot.yamlfile import Document, Key, Node, pasted_secrets

OLD, NEW = "desk.staff", "staff.members"

_BARE = re.compile(r"\w[\w-]*")


@dataclass(frozen=True, slots=True)
class Modernised:
    """A config file in the terms of this version.

    Attributes:
        document: The file; what was moved keeps its line and column.
        warnings: What to rewrite, and how.
        problems: What cannot be read both ways.
    """

    document: Document
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    def as_written(self, problem: Problem) -> Problem:
        """Name the setting as the file does, which may still have its old name."""
        if not self.warnings or not problem.key.startswith(NEW):
            return problem
        return replace(problem, key=OLD + problem.key.removeprefix(NEW))


def modernise(document: Document) -> Modernised:
    """Read `desk: {staff: X}` of 0.1 as `staff: {members: X}`."""
    root = document.root
    desk = root.get("desk") if root else None
    if root is None or desk is None or not isinstance(root.content, dict):
        return Modernised(document)
    unknown = tuple(_unknown(document, desk))
    if unknown:
        return Modernised(_without_desk(document), problems=unknown)
    if root.get("staff") is not None:
        return Modernised(_without_desk(document), problems=(_both(document),))
    return _moved(document, desk)


def _unknown(document: Document, desk: Node) -> Iterator[Problem]:
    """Name what never was a setting of `desk`."""
    for key in desk.content if isinstance(desk.content, dict) else ():
        if key != "staff":
            remedy = "delete it; the staff stand under `staff.members`"
            yield document.problem(("desk", key), "unknown key", remedy, at_key=True)
    if desk.content and not isinstance(desk.content, dict):
        remedy = "write the staff under `staff.members`"
        yield document.problem(("desk",), "not a mapping", remedy)


def _both(document: Document) -> Problem:
    return document.problem(
        ("desk",),
        "both `desk` and `staff` are set",
        f"move what you need from `{OLD}` to `{NEW}`, and delete `desk`",
        at_key=True,
    )


def _moved(document: Document, desk: Node) -> Modernised:
    root, members = document.root, desk.get("staff")
    assert root is not None  # noqa: S101 - `desk` stands in it
    new = _without_desk(document)
    if members is None or not members.content:
        remedy = "delete it: there is nobody in it"
        warning = document.problem(
            ("desk",), "renamed in 0.2", remedy, severity="warning", at_key=True
        )
        return Modernised(new, (warning,))
    warning = document.problem(
        ("desk", "staff"),
        f"renamed in 0.2 to `{NEW}`, and no longer read by the next version",
        _remedy(document, members),
        severity="warning",
        at_key=True,
    )
    key = next(key for key in _entries(root) if key == "desk")
    inner = replace(desk, content={Key("members", desk.line, desk.column): members})
    content = {**_entries(new.root or root), Key("staff", key.line, key.column): inner}
    return Modernised(replace(new, root=replace(root, content=content)), (warning,))


def _remedy(document: Document, members: Node) -> str:
    if any(pasted_secrets(document)):  # an error of its own: it must not be printed here
        return f"write the same lines under `{NEW}`"
    lines = "\n".join(["staff:", "  members:", *_lines(members, "    ")])
    return f"write instead of `desk`:\n{lines}"


def _without_desk(document: Document) -> Document:
    root = document.root
    assert root is not None  # noqa: S101 - `desk` stands in it
    content = {key: node for key, node in _entries(root).items() if key != "desk"}
    return replace(document, root=replace(root, content=content))


def _entries(node: Node) -> dict[Key, Node]:
    return node.content if isinstance(node.content, dict) else {}


def _lines(node: Node, indent: str) -> Iterator[str]:
    """Write a mapping as block YAML, and what is in its lists in brackets."""
    for key, value in _entries(node).items():
        name = str(key) if _BARE.fullmatch(key) else json.dumps(str(key), ensure_ascii=False)
        if isinstance(value.content, dict) and value.content:
            yield f"{indent}{name}:"
            yield from _lines(value, f"{indent}  ")
        else:
            yield f"{indent}{name}: {_inline(value)}".rstrip()


def _inline(node: Node) -> str:
    if isinstance(node.content, list):
        return f"[{', '.join(_inline(item) for item in node.content)}]"
    if isinstance(node.content, dict):
        pairs = (f"{key}: {_inline(value)}" for key, value in node.content.items())
        return f"{{{', '.join(pairs)}}}"
    if node.style == "plain" and _BARE.fullmatch(node.content):
        return node.content
    return json.dumps(node.content, ensure_ascii=False) if node.content else ""

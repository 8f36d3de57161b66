"""Unusual front matter: unused keys, TOML, and text that is no valid YAML.

Help centres write into front matter what their generators want to know. Only what says who may
read an article, and when, must never be lost.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from bot import yamlfile
from bot.errors import Problem

RESTRICTIONS = ("audience", "valid_from", "valid_until")
"""Keys that say who may read an article, and when."""

_NEAR = 75.0  # of 100: "audiance" is 88, "experience" 63, "guidance" 63, "audio" 62
_VALID = re.compile(
    r"valid(?:ity)?(?:from|since|after|start|begin|form|frm"
    r"|until|untill|till|til|to|thru|through|before|end|util)?"
)
_LINE = re.compile(r"^(?P<key>[\"']?[\w-]+[\"']?)[ \t]*[:=][ \t]*(?P<value>.*)$", re.MULTILINE)
_KEY = re.compile(
    r"(?:^|[{,?\n])[ \t-]*[\"']?(?P<key>[^\W\d][\w-]*(?:[ \t][\w-]+)?)[\"']?[ \t]*(?:[:=]|$)",
    re.MULTILINE,
)
_OFF = frozenset(("false", "no", "off", "0"))
_ON = frozenset(("true", "yes", "on", "1"))
_UNPUBLISHED = frozenset(("draft", "private", "internal", "unpublished", "restricted"))
_WITHHELD = {
    "draft": _ON,
    "private": _ON,
    "internal": _ON,
    "published": _OFF,
    "publish": _OFF,
    "state": _UNPUBLISHED,
    "status": _UNPUBLISHED,
    "visibility": _UNPUBLISHED | {"members", "paid", "tiers", "staff"},
}
"""Keys of generators, and the values with which they keep an article from readers."""


def meant(key: str) -> str:
    """Return the restricting key that an unknown key was probably meant as; empty: none.

    >>> meant("audiance"), meant("validUntil"), meant("valid"), meant("audio"), meant("title")
    ('audience', 'valid_until', 'valid_from', '', '')
    """
    plain = re.sub(r"[\W_]", "", key.lower())
    if _VALID.fullmatch(plain):
        return max(RESTRICTIONS[1:], key=lambda known: fuzz.ratio(plain, known.replace("_", "")))
    for known in RESTRICTIONS:
        if fuzz.ratio(plain, known.replace("_", "")) >= _NEAR:
            return known
    return ""


def is_unpublished(key: str, value: str) -> bool:
    """Return whether a key of a generator restricts who may read the article.

    >>> is_unpublished("draft", "true"), is_unpublished("published", "yes")
    (True, False)
    """
    return value.strip().strip("\"'").lower() in _WITHHELD.get(key.lower(), frozenset())


@dataclass(frozen=True, slots=True)
class SortedKeys:
    """The keys of a head.

    Attributes:
        ours: What is read.
        unknown: What nobody reads.
        mistaken: Keys that were meant to say who may read the article, or when.
        unpublished: What a generator keeps from everybody.
    """

    ours: dict[yamlfile.Key, yamlfile.Node]
    unknown: tuple[yamlfile.Key, ...]
    mistaken: tuple[Problem, ...]
    unpublished: tuple[Problem, ...]


def sort_keys(document: yamlfile.Document, known: frozenset[str]) -> SortedKeys:
    """Tell the keys of a head apart."""
    content = document.root.content if document.root else {}
    pairs = content if isinstance(content, dict) else {}
    ours: dict[yamlfile.Key, yamlfile.Node] = {}
    unknown: list[yamlfile.Key] = []
    mistaken: list[Problem] = []
    unpublished: list[Problem] = []
    for key, node in pairs.items():
        if key in known:
            ours[key] = node
        elif wanted := meant(key):
            mistaken.append(_mistaken(document.path, key, wanted))
        elif isinstance(node.content, str) and is_unpublished(key, node.content):
            remedy = "publish it there, or write `audience: internal` for staff"
            wrong = f"left out because of {key}: {node.content}"
            unpublished.append(Problem(document.path, key.line, 1, "", wrong, remedy, "warning"))
        else:
            unknown.append(key)
            mistaken += _within(document.path, key, node)
    return SortedKeys(ours, tuple(unknown), tuple(mistaken), tuple(unpublished))


def _mistaken(path: Path, key: yamlfile.Key, wanted: str) -> Problem:
    return Problem(path, key.line, key.column, key, "unknown key", f'did you mean "{wanted}"?')


def _within(path: Path, outer: str, node: yamlfile.Node) -> Iterator[Problem]:
    """Yield keys that restrict an article, and stand where nobody reads them."""
    pairs = node.content if isinstance(node.content, dict) else {}
    for key, inner in pairs.items():
        if key in RESTRICTIONS:
            remedy = "move it to the left, out of it"
            yield Problem(path, key.line, key.column, key, f"stands within {outer}", remedy)
        yield from _within(path, key, inner)


def is_head(said: str, *, to_the_end: bool) -> bool:
    r"""Return whether what follows a line of --- is a head, and no paragraph.

    >>> is_head("title: a\n", to_the_end=False), is_head("\nA paragraph.\n", to_the_end=False)
    (True, False)
    """
    if to_the_end:
        return _LINE.match(said.lstrip("\n")) is not None or (
            any(restricts(said.strip().partition("\n\n")[0]))
        )
    return _LINE.search(said) is not None or said.lstrip().startswith(("{", "#", "-"))


def from_toml(path: Path, data: bytes) -> yamlfile.Document:
    """Read a head between lines of +++; its keys have their places."""
    toml = data.decode()
    try:
        said = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        wrong = f"not TOML: {str(error).partition(' (at')[0]}"
        return yamlfile.Document(
            path, None, (Problem(path, line, column, "", wrong, "correct it"),)
        )
    content = {}
    for key, value in said.items():
        line = _line_of(toml, key)
        content[yamlfile.Key(key, line, 1)] = _node(value, line)
    return yamlfile.Document(path, yamlfile.Node(1, 1, content))


def _node(value: object, line: int) -> yamlfile.Node:
    if isinstance(value, dict):
        inner = {yamlfile.Key(str(k), line, 1): _node(each, line) for k, each in value.items()}
        return yamlfile.Node(line, 1, inner)
    if isinstance(value, list):
        return yamlfile.Node(line, 1, [_node(each, line) for each in value])
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return yamlfile.Node(line, 1, text, "quoted")


def _line_of(toml: str, key: str) -> int:
    found = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}\b", toml, re.MULTILINE)
    return toml.count("\n", 0, found.start()) + 1 if found else 1


def restricts(head: str) -> Iterator[tuple[str, int]]:
    """Yield keys of a head that nobody can parse which may restrict the article, with lines."""
    for found in _KEY.finditer(head):
        key = found["key"]
        if meant(key) or is_unpublished(key, head[found.end() :].partition("\n")[0]):
            yield key, head.count("\n", 0, found.start("key")) + 1


def lines_of(path: Path, head: str) -> yamlfile.Document:
    """Return what can be told of a head that is no YAML: its lines of `key: value`."""
    content = {}
    for found in _LINE.finditer(head):
        line = head.count("\n", 0, found.start()) + 1
        key = found["key"].strip("\"'")
        column = found.start("value") - found.start() + 1
        value = found["value"].strip().strip("\"'")
        content[yamlfile.Key(key, line, 1)] = yamlfile.Node(line, column, value, "quoted")
    return yamlfile.Document(path, yamlfile.Node(1, 1, content))

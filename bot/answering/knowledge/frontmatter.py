"""The lines between `---` at the head of an article: what it is, for whom, and how long."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from bot.errors import Problem

_FENCED = re.compile(
    r"---[ \t]*\n(?P<yaml>.*?)^(?P<end>(?:---|\.\.\.)[ \t]*(?:\n|\Z)|\Z)", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of an article says; empty and None where it says nothing.

    Attributes:
        audience: `public`, `internal`, `slack:channel` or `discord:role`.
        valid_from: The first day on which the article holds (UTC).
        valid_until: The last day.
    """

    title: str = ""
    url: str = ""
    language: str = ""
    audience: str = "public"
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a file, read.

    Attributes:
        length: Characters of the head with its marks; the article begins behind them.
    """

    front_matter: FrontMatter
    length: int
    problems: tuple[Problem, ...] = ()


def read_head(path: Path, text: str) -> Head:
    r"""Read the front matter of a file, and find all its mistakes; none is fine.

    >>> read_head(Path("a.md"), "---\ntitle: Returns\n---\nText").front_matter.title
    'Returns'
    """
    fenced = _FENCED.match(text)
    if fenced is None:
        return Head(FrontMatter(), 0)
    if not fenced["end"]:
        wrong = "the front matter has no end"
        problem = Problem(path, 1, 1, "", wrong, "close it with a line of ---")
        return Head(FrontMatter(), fenced.end(), (problem,))
    try:
        document = YAML().compose(fenced["yaml"])
    except YAMLError as error:
        return Head(FrontMatter(), fenced.end(), (_syntax(path, error),))
    reader = _Reader(path)
    front_matter = reader.read(document)
    return Head(front_matter, fenced.end(), tuple(reader.problems))


class _Reader:
    """Turns the nodes of a front matter into values, and collects what is wrong with them."""

    def __init__(self, path: Path) -> None:
        self.problems: list[Problem] = []
        self._path = path

    def read(self, document: Node | None) -> FrontMatter:
        if document is None:
            return FrontMatter()
        if not isinstance(document, MappingNode):
            self._complain(document, "", "not a list of keys", "write lines such as title: Returns")
            return FrontMatter()
        values = dict(self._values(document))
        front_matter = FrontMatter(**values)  # type: ignore[arg-type]  # _FIELDS has their types
        first, last = front_matter.valid_from, front_matter.valid_until
        if first and last and last < first:
            wrong = f"{last} is before valid_from, {first}"
            self._complain(document, "valid_until", wrong, "swap the two days")
        return front_matter

    def _values(self, document: MappingNode) -> Iterator[tuple[str, str | date]]:
        seen = set()
        for key_node, node in document.value:
            key = str(key_node.value)
            if key not in _FIELDS:
                self._complain(key_node, key, "unknown key", _suggestion(key))
            elif key in seen:
                self._complain(key_node, key, "stands here twice", "remove one of them")
            elif not isinstance(node, ScalarNode):
                self._complain(node, key, "is no single value", "write one value behind the colon")
            else:
                seen.add(key)
                text = node.value.strip()
                try:
                    yield key, _FIELDS[key].parse(text)
                except ValueError:
                    field = _FIELDS[key]
                    self._complain(node, key, f'"{text}" is {field.wrong}', field.remedy)

    def _complain(self, node: Node, key: str, wrong: str, remedy: str) -> None:
        line, column = node.start_mark.line + 2, node.start_mark.column + 1  # below the ---
        self.problems.append(Problem(self._path, line, column, key, wrong, remedy))


def _syntax(path: Path, error: YAMLError) -> Problem:
    """Describe YAML that cannot be read."""
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    what = error.problem if isinstance(error, MarkedYAMLError) else str(error)
    line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
    remedy = "quote values that hold a colon or other marks of YAML"
    return Problem(path, line, column, "", f"not YAML: {what}", remedy)


def _suggestion(key: str) -> str:
    close = difflib.get_close_matches(key, _FIELDS, n=1)
    return f'did you mean "{close[0]}"?' if close else f"the keys are {', '.join(_FIELDS)}"


@dataclass(frozen=True, slots=True)
class _Field:
    """How the value of one key is read, and what to say when it cannot be."""

    parse: Callable[[str], str | date]
    wrong: str
    remedy: str


def _matching(pattern: str) -> Callable[[str], str]:
    """Return a reader for text that matches a pattern as a whole."""
    compiled = re.compile(pattern)

    def parse(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(text)
        return text

    return parse


_DAY = _Field(date.fromisoformat, "no day", "write it as year-month-day: 2026-12-31")
_FIELDS: Mapping[str, _Field] = {
    "title": _Field(_matching(".+"), "no title", "write what the article is about"),
    "url": _Field(
        _matching(r"https?://[^\s/]+\S*"),
        "no address of a web page",
        "write it whole: https://example.com/returns",
    ),
    "language": _Field(
        _matching("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
        "no language tag",
        "write a tag such as en, zh or pt-BR",
    ),
    "audience": _Field(
        _matching(r"public|internal|slack:\S+|discord:\S.*"),
        "no audience",
        "write public, internal, slack:CHANNEL or discord:ROLE",
    ),
    "valid_from": _DAY,
    "valid_until": _DAY,
}

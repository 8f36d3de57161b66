"""Rasa 3 training data: examples with their entities; what has no counterpart here is listed."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import re2

from bot.understanding.exchange.files import Row, refusal
from bot.understanding.intents.names import slug
from bot.yamlfile import Document, Node, read, scalar

_MAX_BYTES = 64 * 1024 * 1024
_SUFFIXES = (".yml", ".yaml")
_KINDS = ("intent", "synonym", "lookup", "regex")
_ITEM = re.compile(r"^\s*-\s(?P<text>.*)$")
_ENTITY = re.compile(
    r"\[(?P<text>[^\]]+)\]"
    r"(?:\((?P<entity>[^:)]+)(?::(?P<value>[^)]+))?\)"
    r"|(?P<one>\{[^}]+\})"
    r"|\[(?P<several>\{[^}]+\}(?:\s*,\s*\{[^}]+\})*)\])"
)
"""An annotated entity. Source: Rasa 3 documentation, "Training Data Format", entities."""


@dataclass(slots=True)
class RasaData:
    """What training data holds.

    Attributes:
        rows: Examples without annotations; the intent is the label.
        entities: By intent: the entities in its examples.
        lookups, patterns: By entity: its lookup tables and regular expressions.
        left_out: What has no counterpart in intent files, in words.
    """

    rows: list[Row] = field(default_factory=list)
    entities: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lookups: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    patterns: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    left_out: list[str] = field(default_factory=list)

    def slots(self) -> dict[str, dict[str, str]]:
        """Return, by intent, the YAML of a slot for each entity in its examples."""
        return {
            intent: {slug(entity): self._slot(entity) for entity in entities}
            for intent, entities in self.entities.items()
        }

    def _slot(self, entity: str) -> str:
        if choices := self.lookups.get(entity):
            return f"{{type: choice, choices: [{', '.join(_quoted(text) for text in choices)}]}}"
        patterns = [pattern for pattern in self.patterns.get(entity, ()) if _compiles(pattern)]
        if patterns:
            return f"{{type: pattern, pattern: {_quoted('|'.join(patterns))}}}"
        return "{type: text}"


def read_rasa(path: Path) -> RasaData:
    """Read a file of training data, or all such files below a folder.

    Raises:
        IntentsError: There is none, or one cannot be read.
    """
    data = RasaData()
    files = sorted(_files(path)) if path.is_dir() else [path]
    for file in files:
        document = read(file, max_bytes=_MAX_BYTES)
        if document.root is None and document.problems:
            problem = document.problems[0]
            raise refusal(file, problem.line, problem.wrong, problem.remedy)
        _take_file(document, data)
    if not data.rows:
        remedy = "name the folder `data`, or the file nlu.yml, of a Rasa 3 project"
        raise refusal(path, 0, "no `nlu:` with examples of intents", remedy)
    _list_unused(data)
    return data


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file())


def _take_file(document: Document, data: RasaData) -> None:
    content = document.root.content if document.root else None
    sections = content if isinstance(content, dict) else {}
    for key, node in sections.items():
        if key == "nlu":
            for entry in node.items():
                _take_entry(document.path, entry, data)
        elif key != "version":
            data.left_out.append(f"{document.path}: `{key}:` has no counterpart, left out")


def _take_entry(path: Path, entry: Node, data: RasaData) -> None:
    kind = next((kind for kind in _KINDS if entry.get(kind)), None)
    examples = entry.get("examples")
    if kind is None or examples is None:
        data.left_out.append(f"{path}:{entry.line}: neither intent nor examples, left out")
        return
    node = entry.get(kind)
    name = node.content if node and isinstance(node.content, str) else ""
    texts = list(_texts(examples))
    if kind == "intent":
        for text, line in texts:
            _take_example(path, name, text, line, data)
    elif kind == "synonym":
        said = ", ".join(text for text, _ in texts)
        data.left_out.append(f"{path}:{entry.line}: synonyms of {name} ({said}), left out")
    else:
        kept = data.lookups if kind == "lookup" else data.patterns
        kept[name] += [text for text, _ in texts]


def _texts(examples: Node) -> Iterator[tuple[str, int]]:
    """Yield the items of a block of text, or of a list, with their lines."""
    if isinstance(examples.content, str):
        for number, line in enumerate(examples.content.split("\n"), start=1):
            if found := _ITEM.match(line):
                yield found["text"].strip(), examples.line + number
    for item in examples.items():
        node = item.get("text") or item
        if isinstance(node.content, str):
            yield node.content.strip().removeprefix("- "), node.line


def _take_example(path: Path, intent: str, text: str, line: int, data: RasaData) -> None:
    known = data.entities[intent]

    def plain(match: re.Match[str]) -> str:
        for entity, details in _named(match):
            if not entity:
                data.left_out.append(f"{path}:{line}: an entity without a name, left out")
                continue
            if entity not in known:
                known.append(entity)
            if details:
                data.left_out.append(f"{path}:{line}: {details} of {entity}, left out")
        return match["text"]

    data.rows.append(Row(_ENTITY.sub(plain, text), intent, line))


def _named(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Yield the entities of an annotation, each with what cannot be carried over."""
    if match["entity"]:
        yield match["entity"].strip(), "the value" if match["value"] else ""
        return
    written = match["one"] or match["several"]
    try:
        annotations = json.loads(f"[{written}]")
    except ValueError:
        annotations = [{}]
    for annotation in annotations:
        details = [key for key in ("value", "role", "group") if key in annotation]
        yield str(annotation.get("entity", "")), "the " + " and ".join(details) if details else ""


def _list_unused(data: RasaData) -> None:
    """Say which lookups and patterns belong to no annotated entity, or cannot be used."""
    used = {entity for entities in data.entities.values() for entity in entities}
    for kind, tables in (("lookup", data.lookups), ("regex", data.patterns)):
        for name in tables:
            if name not in used:
                data.left_out.append(f"the {kind} {name} belongs to no annotated entity, left out")
    for name, patterns in data.patterns.items():
        for pattern in patterns:
            if not _compiles(pattern):
                data.left_out.append(f"the regex {name} is not RE2 ({pattern}), left out")
        if name in data.lookups:
            data.left_out.append(f"the regex {name} stands beside a lookup, left out")


def _compiles(pattern: str) -> bool:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        return False
    return True


def _quoted(text: str) -> str:
    """Write a text within a list in brackets, where a comma would part it."""
    written = scalar(text)
    return written if written.startswith('"') or not set(written) & set(",[]{}") else _json(text)


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

"""Finds and reads the files of a Rasa project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.errors import IntentsError
from bot.understanding.exchange.content import ImportedContent
from bot.understanding.exchange.files import MAX_BYTES, parsed_json, read_text, refusal
from bot.understanding.exchange.rasa.data import RasaData, entries, listed, text_of
from bot.understanding.exchange.rasa.dialogue import take_dialogues
from bot.understanding.exchange.rasa.domain import take_intents, take_responses
from bot.understanding.exchange.rasa.legacy import (
    is_rasa_json,
    is_rasa_markdown,
    take_json,
    take_markdown,
)
from bot.understanding.exchange.rasa.nlu import take_nlu
from bot.understanding.exchange.rasa.replies import take_replies
from bot.understanding.language.tags import canonical
from bot.yamlfile import Document, Node, read

_YAML = (".yml", ".yaml")
_SUFFIXES = (*_YAML, ".md", ".json")
_FOREIGN_FOLDERS = frozenset(
    (
        *("venv", "env", "virtualenv", "node_modules", "site-packages", "__pycache__"),
        *("tests", "test", "e2e_tests", "models", "results", "train_test_split", "build", "dist"),
    )
)
_OURS = re.compile(r"^(nlu|responses|templates|rules|stories|intents)[ \t]*:", re.MULTILINE)
"""Top-level keys, one of which is in every training data or domain file."""

_KUBERNETES = re.compile(r"^apiVersion[ \t]*:", re.MULTILINE)
"""Key of a Kubernetes manifest, which may also have `rules:`."""

_FLOWS = "flows, left out"
_CONFIG = ("pipeline", "policies", "recipe")
_NO_COUNTERPART = ("slots", "forms", "actions", "flows", "e2e_actions")
_SILENT = ("nlu", "responses", "templates", "rules", "stories", "intents", "entities", "version")
_LANGUAGE = "en"
"""Default language of a project. Source: Rasa documentation, config.yml, `language`."""


def read_rasa(path: Path) -> ImportedContent:
    """Read a Rasa project, or one of its files.

    Raises:
        IntentsError: There is no training data, or a file cannot be read.
    """
    root = path if path.is_dir() else path.parent
    data = RasaData(root)
    files = list(_files(path)) if path.is_dir() else [path]
    languages = _languages(root, files)
    for file in files:
        _take(data, file, languages.get(file, ""), alone=file == path)
    if not data.found.rows:
        if data.found.left_out.has_kind(_FLOWS):
            wrong = "a project with flows only (Rasa CALM), without example messages"
            raise refusal(path, 0, wrong, "write intents for its flows (docs/intents.md)")
        remedy = "name the folder of a Rasa project, or its nlu.yml, nlu.md or training JSON"
        if (path / "agent.json").is_file():
            remedy = "for a Dialogflow agent: `import dialogflow`"
        raise refusal(path, 0, "no `nlu:` with examples of intents", remedy)
    take_replies(data)
    data.found.entities.list_unused(data.found.left_out)
    _name_languages(data)
    if len({row.file for row in data.found.rows}) == 1:
        data.found.rows = [replace(row, file=None) for row in data.found.rows]
    return data.found


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files that may belong to the project, without hidden and foreign folders."""
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in below)
        foreign = any(part.lower() in _FOREIGN_FOLDERS for part in below[:-1])
        if path.suffix.lower() not in _SUFFIXES or hidden or foreign:
            continue
        if path.is_file() and path.resolve().is_relative_to(root):
            yield path


def _take(data: RasaData, file: Path, language: str, *, alone: bool) -> None:
    suffix = file.suffix.lower()
    if alone and suffix not in _SUFFIXES and file.exists():
        remedy = "name the folder of the project, or its nlu.yml, nlu.md or training JSON"
        raise refusal(file, 0, "not a file of a Rasa project", remedy)
    if suffix in _YAML:
        _take_yaml(data, file, language, alone=alone)
    elif suffix == ".md":
        if alone or is_rasa_markdown(_glimpse(file)):
            _take_markdown(data, file, language)
    elif alone or "rasa_nlu_data" in _glimpse(file):
        document = parsed_json(file, read_text(file, "JSON,"))
        if is_rasa_json(document):
            take_json(data, file, document)
        else:
            wrong = "not Rasa 1 training data: no `rasa_nlu_data`"
            raise refusal(file, 0, wrong, "for other JSON: `import json`, or `import luis`")


def _take_markdown(data: RasaData, file: Path, language: str) -> None:
    text = read_text(file, "Markdown,")
    if not is_rasa_markdown(text):
        wrong = "not Rasa 1 training data: no `## intent:NAME`"
        raise refusal(file, 0, wrong, "name its nlu.md, or the folder of the project")
    take_markdown(data, file, text, language)


def _glimpse(file: Path) -> str:
    """Return the text of any file, decoded leniently; empty if it cannot be read."""
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(MAX_BYTES)
    except OSError:
        return ""


def _take_yaml(data: RasaData, file: Path, language: str, *, alone: bool) -> None:
    document = read(file, max_bytes=MAX_BYTES)
    if document.root is None:
        if document.problems and (alone or _is_ours(file)):
            raise IntentsError(document.problems[:1])
        return
    for problem in document.problems:
        data.found.left_out.add("duplicate keys, of which the last one is used", str(problem))
    _take_sections(data, document, language)


def _is_ours(file: Path) -> bool:
    """Return whether an invalid YAML file belongs to Rasa."""
    text = _glimpse(file)
    return _OURS.search(text) is not None and _KUBERNETES.search(text) is None


def _take_sections(data: RasaData, document: Document, language: str) -> None:
    sections = dict(entries(document.root))
    if any(key in sections for key in _CONFIG):
        data.language = data.language or canonical(text_of(sections.get("language"))) or ""
        return
    for key, node in sections.items():
        if key == "nlu":
            take_nlu(data, document.path, node, language)
        elif key in ("responses", "templates"):
            take_responses(data, node)
        elif key in ("rules", "stories"):
            take_dialogues(data, node, rules=key == "rules")
        elif key == "intents":
            take_intents(data, node)
        elif key in _NO_COUNTERPART and _is_domain(sections):
            for name in _names(node):
                if name.startswith("utter_"):
                    continue  # Rasa 1 lists responses among the actions
                data.found.left_out.add(f"{key}, left out", name)


def _is_domain(sections: dict[str, Node]) -> bool:
    return any(key in sections for key in (*_SILENT, "flows"))


def _names(node: Node) -> Iterator[str]:
    yield from (name for name, _ in entries(node))
    yield from (name for name in (text_of(item) for item in listed(node)) if name)


def _languages(root: Path, files: list[Path]) -> dict[Path, str]:
    """Return the languages in the names of folders and files.

    Two letters at the end of a file's name are a language only if several languages occur.
    """
    by_folder, by_name = {}, {}
    for file in files:
        parts = file.relative_to(root).parts[:-1] if file.is_relative_to(root) else ()
        if folders := [part for part in parts if _is_language(part)]:
            by_folder[file] = folders[-1]
        elif _is_language(last := re.split(r"[._-]", file.stem)[-1]):
            by_name[file] = last
    several = len({*by_name.values(), *by_folder.values()}) > 1
    return by_folder | (by_name if several else {})


def _is_language(part: str) -> bool:
    return len(part) == 2 and part.islower() and canonical(part) is not None


def _name_languages(data: RasaData) -> None:
    """Set the project's language for texts without one."""
    several = any(row.language for row in data.found.rows)
    several = several or any(
        language for answer in data.found.answers.values() for language in answer.texts
    )
    if data.language or several:
        data.found.with_language(data.language or _LANGUAGE)

"""Reads a folder of intent files, and keeps the line and column of every value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ValidationError

from bot.errors import Problem
from bot.files.symlinks import leads_out, refusal
from bot.understanding.corpus import Example
from bot.understanding.intents import actions
from bot.understanding.intents.actions import NO_ACTIONS, ActionsFile, read_actions_file
from bot.understanding.intents.safety_file import STEM, SafetyWording, read_safety_file
from bot.understanding.intents.schema import IntentEntry, IntentFile
from bot.yamlfile import Document, Node, plain, read, validate

CATALOGUE = "catalogue"
"""Name of the file with products, which is read where they are recommended."""

OTHER_FILES = frozenset({STEM, actions.STEM, CATALOGUE})
"""Names of the files of a folder that have no intents."""

_SUFFIXES = (".yaml", ".yml")
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class PlacedIntent:
    """An intent with its position in a document."""

    entry: IntentEntry
    document: Document
    index: int

    def problem(
        self,
        *loc: int | str,
        wrong: str,
        remedy: str,
        severity: Literal["error", "warning"] = "error",
        at_key: bool = False,
    ) -> Problem:
        """Return a problem with a part of this intent."""
        return self.document.problem(
            ("intents", self.index, *loc), wrong, remedy, severity=severity, at_key=at_key
        )

    def line(self, *loc: int | str) -> int:
        """Return the line number of a part of this intent; 0 if it is absent."""
        node = self.document.node(("intents", self.index, *loc))
        return node.line if node else 0

    def utterances(self, key: Literal["examples", "not"]) -> Iterator[tuple[Example, int]]:
        """Yield the intent's utterances, each with its position in its language's list."""
        written = self.entry.examples if key == "examples" else self.entry.not_
        yield from _examples(self.document, ("intents", self.index, key), written)


@dataclass(frozen=True, slots=True)
class Folder:
    """The intent files of a folder.

    Attributes:
        names: Names of all intents, including those with mistakes.
        safety: Own words of `safety.yaml`; the default without one.
        actions: Of `actions.yaml`; without one, or with mistakes in it, there are none.
        action_problems: What is wrong with `actions.yaml`.
        problems: Found while reading the other files, file by file.
    """

    path: Path
    language: str
    intents: tuple[PlacedIntent, ...] = ()
    names: tuple[str, ...] = ()
    out_of_scope: tuple[Example, ...] = ()
    documents: tuple[Document, ...] = ()
    safety: SafetyWording = field(default_factory=SafetyWording)
    actions: ActionsFile = NO_ACTIONS
    action_problems: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_folder(path: Path, language: str) -> Folder:
    """Read every intent file of a folder."""
    if not path.is_dir():
        wrong = "not a folder" if path.exists() else "there is no such folder"
        remedy = "run `frontdesk init`, or set `intents:` in config.yaml to your folder of intents"
        return Folder(path, language, problems=(Problem(path, 0, 0, "", wrong, remedy),))
    files = yaml_files(path)
    documents = [read(each) for each in files if each.stem not in OTHER_FILES]
    problems = [refusal(each) for each in _written(path) if leads_out(each, path)]
    if not documents:
        remedy = "write one (docs/intents.md), or run `frontdesk init` to create one"
        problems.append(Problem(path, 0, 0, "", "no intent file (*.yaml) in this folder", remedy))
    safety = SafetyWording()
    for each in (each for each in files if each.stem == STEM):
        safety, wrong_there = read_safety_file(each, language)
        problems += wrong_there
    run, wrong_actions = NO_ACTIONS, list[Problem]()
    for each in (each for each in files if each.stem == actions.STEM):
        run, found = read_actions_file(each, language)
        wrong_actions += found
    read_files = [_intent_file(document, language, problems) for document in documents]
    return Folder(
        path,
        language,
        intents=tuple(intent for intents, _ in read_files for intent in intents),
        names=tuple(name for document in documents for name in _names(document)),
        out_of_scope=tuple(example for _, outside in read_files for example in outside),
        documents=tuple(documents),
        safety=safety,
        actions=run,
        action_problems=tuple(wrong_actions),
        problems=tuple(problems),
    )


def yaml_files(folder: Path) -> list[Path]:
    """Return the YAML files of a folder, without links that lead out of it.

    See `bot.files.symlinks`.
    """
    return [path for path in _written(folder) if not leads_out(path, folder)]


def _written(folder: Path) -> list[Path]:
    return [each for each in sorted(folder.iterdir()) if _is_yaml(each)]


def _is_yaml(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".") and path.is_file()


def _intent_file(
    document: Document, language: str, problems: list[Problem]
) -> tuple[list[PlacedIntent], list[Example]]:
    """Read one file; if it has mistakes, keep the intents that have none."""
    file = _checked(document, IntentFile, problems, language)
    if file is None:
        return list(_salvaged(document, language)), []
    intents = [PlacedIntent(entry, document, index) for index, entry in enumerate(file.intents)]
    outside = _examples(document, ("out_of_scope",), file.out_of_scope)
    return intents, [example for example, _ in outside]


def _salvaged(document: Document, language: str) -> Iterator[PlacedIntent]:
    """Yield the valid intents of a file with mistakes, so that they are checked as well."""
    for index, node in enumerate(_intent_nodes(document)):
        try:
            entry = IntentEntry.model_validate(plain(node), context={"language": language})
        except ValidationError:
            continue
        yield PlacedIntent(entry, document, index)


def _names(document: Document) -> Iterator[str]:
    """Yield the names of all intents of a file, including those with mistakes."""
    for node in _intent_nodes(document):
        name = node.get("name")
        if name is not None and isinstance(name.content, str):
            yield name.content


def _intent_nodes(document: Document) -> list[Node]:
    intents = document.root.get("intents") if document.root else None
    return intents.items() if intents else []


def _examples(
    document: Document, loc: tuple[int | str, ...], written: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Example, int]]:
    for language, texts in written.items():
        listed = document.node((*loc, language))
        items = listed.items() if listed else []
        for position, text in enumerate(texts):
            node = items[position] if position < len(items) else None
            line, column = (node.line, node.column) if node else (0, 0)
            yield Example(text, language, document.path, line, column), position


def _checked(
    document: Document, model: type[_Model], problems: list[Problem], language: str = "en"
) -> _Model | None:
    problems += document.problems
    if document.root is None:
        return None
    found, wrong = validate(document, model, context={"language": language})
    problems += wrong
    return found

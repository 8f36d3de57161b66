"""Reads conversation files: every mistake in every file, at its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from bot.app.conversation_tests.schema import ConversationEntry, ConversationFile, intents_named
from bot.config.schema import ADAPTERS
from bot.errors import IntentsError, Problem
from bot.files.symlinks import leads_out, refusal
from bot.yamlfile import Document, read, resembling, validate

FOLDER = "conversations"
"""Beside the intents."""


@dataclass(frozen=True, slots=True)
class ConversationTest:
    """A conversation and where it stands.

    Attributes:
        number: Its position in the file, from 0.
        lines: Of its turns.
    """

    entry: ConversationEntry
    path: Path
    number: int
    line: int
    lines: tuple[int, ...]


def load_conversations(
    places: Sequence[Path], intents: Collection[str]
) -> tuple[ConversationTest, ...]:
    """Read files, and the files in folders.

    Args:
        places: What to read.
        intents: The intents that there are.

    Raises:
        IntentsError: With every mistake in every file.
    """
    tests, problems = inspect_conversations(places, intents)
    if problems:
        raise IntentsError(problems)
    return tests


def inspect_conversations(
    places: Sequence[Path], intents: Collection[str]
) -> tuple[tuple[ConversationTest, ...], tuple[Problem, ...]]:
    """Read files, and say all that is wrong with them."""
    tests: list[ConversationTest] = []
    problems: list[Problem] = []
    for path in places:
        files, refused = _files(path)
        problems += refused
        for file in files:
            document = read(file)
            found = list(_checked(document, problems))
            tests += found
            problems += [each for test in found for each in _unknown(document, test, intents)]
    return tuple(tests), tuple(problems)


def default_places(intents: Path) -> tuple[Path, ...]:
    """Return the folder of conversations beside the intents, where there is one."""
    folder = intents / FOLDER
    return (folder,) if folder.is_dir() else ()


def _files(path: Path) -> tuple[list[Path], list[Problem]]:
    if not path.is_dir():
        return [path], []
    found = [each for each in sorted(path.rglob("*")) if _is_yaml(each)]
    files = [each for each in found if not leads_out(each, path)]
    problems = [refusal(each) for each in found if each not in files]
    if not found:
        remedy = "write one (docs/conversation-tests.md), or record one: frontdesk chat --record"
        problems.append(Problem(path, 0, 0, "", "no conversation file (*.yaml) here", remedy))
    return files, problems


def _is_yaml(path: Path) -> bool:
    hidden = path.name.startswith(".")
    return path.suffix.lower() in (".yaml", ".yml") and not hidden and path.is_file()


def _checked(document: Document, problems: list[Problem]) -> Iterator[ConversationTest]:
    """Yield the conversations of a file without mistakes."""
    problems += document.problems
    if document.root is None or document.problems:
        if document.root is None and not document.problems:
            remedy = "write `version: 1` and `conversations:`, or delete it"
            problems.append(Problem(document.path, 0, 0, "", "the file is empty", remedy))
        return
    file, wrong = validate(document, ConversationFile)
    problems += wrong
    for number, entry in enumerate(file.conversations if file else ()):
        place = ("conversations", number)
        lines = tuple(
            _line(document, *place, "turns", position) for position in range(len(entry.turns))
        )
        yield ConversationTest(entry, document.path, number, _line(document, *place), lines)


def _unknown(
    document: Document, test: ConversationTest, intents: Collection[str]
) -> Iterator[Problem]:
    """Yield what a conversation names that there is not."""
    number = test.number
    platforms = sorted(entry.name for entry in entry_points(group=ADAPTERS))
    if test.entry.platform not in platforms:
        wrong = f'no adapter named "{test.entry.platform}" is installed'
        remedy = resembling(test.entry.platform, platforms)
        yield document.problem(("conversations", number, "platform"), wrong, remedy)
    for turn, name in intents_named(test.entry):
        if name not in intents:
            loc = ("conversations", number, "turns", turn, "expect", "intent")
            yield document.problem(
                loc, f'there is no intent "{name}"', resembling(name, sorted(intents))
            )


def _line(document: Document, *loc: int | str) -> int:
    node = document.node(loc)
    return node.line if node else 0

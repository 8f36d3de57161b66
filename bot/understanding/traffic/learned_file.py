"""Reads, checks and writes `learned.yaml`, the file of approved messages in the model folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from filelock import FileLock

from bot.errors import IntentsError, Problem
from bot.files.private_files import OWNER, hand_over, private_folder, write_private
from bot.understanding.traffic.schema import LearnedFile
from bot.yamlfile import Document, parse, scalar, validate

FILE = "learned.yaml"
"""Name of the file, in the model folder."""

MOST = 5_000
"""Maximum number of messages in the file: the latest are kept."""

_LOCK = ".learned.lock"
_MAX_BYTES = 8 * 1024 * 1024

_HEADER = """\
# Messages of customers that `frontdesk learn --from-traffic` labelled and somebody approved, with
# personal data replaced. Training reads them beside the examples. Delete lines that are wrong,
# move lines to another intent, or delete the file: a running bot trains again. Keep `author` as
# it is: by it, messages are found when their author asks for them. Never commit this file.
"""


@dataclass(frozen=True, slots=True)
class Learned:
    """An approved message.

    Attributes:
        intent: The intent that it is labelled as.
        text: The message, with personal data replaced.
        written: The day on which it was written, UTC.
        author: Mark of its author, 16 hexadecimal digits, see `ErasureLog.mark`; of a message that
            is not approved yet, the author's key.
        line: Line in the file, counted from 1; 0 if it does not stand there yet.
    """

    intent: str
    text: str
    written: date
    author: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class LearnedMessages:
    """The content of a file.

    Attributes:
        ledger: Mark of the erasure log whose key made the authors' marks; empty without a file.
        rows: The messages in the order of the file.
    """

    ledger: str = ""
    rows: tuple[Learned, ...] = ()

    def merged(self, rows: Iterable[Learned]) -> LearnedMessages:
        """Return these messages and others, the latest `MOST` of them, each text once."""
        every = {row.text: row for row in (*self.rows, *rows)}
        latest = sorted(every.values(), key=attrgetter("written"), reverse=True)[:MOST]
        return LearnedMessages(self.ledger, tuple(latest))


def learned_path(model: Path) -> Path:
    """Return the path of the file in a model folder."""
    return model / FILE


def fingerprint(path: Path) -> str:
    """Return a hash of the file's content; empty if there is no file."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def read_learned(path: Path) -> LearnedMessages:
    """Read the file; a missing one has no messages.

    Raises:
        IntentsError: Lists every mistake in it.
    """
    learned, problems = inspect_learned(path)
    if problems:
        raise IntentsError(problems)
    return learned


def inspect_learned(path: Path) -> tuple[LearnedMessages, tuple[Problem, ...]]:
    """Read the file and list every mistake in it; a missing one has no messages."""
    try:
        size, data = path.stat().st_size, path.read_bytes()
    except FileNotFoundError:
        return LearnedMessages(), ()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        return LearnedMessages(), (_whole(path, f"cannot be read ({reason})", "check its mode"),)
    if size > _MAX_BYTES:
        wrong = f"{size:,} bytes, more than the limit of {_MAX_BYTES:,}"
        return LearnedMessages(), (_whole(path, wrong, "delete some of its messages"),)
    document = parse(path, data)
    if document.root is None:
        empty = _whole(path, "the file is empty", "delete it")
        return LearnedMessages(), document.problems or (empty,)
    file, wrong_values = validate(document, LearnedFile)
    problems = (*document.problems, *wrong_values)
    if file is None or problems:
        return LearnedMessages(), problems
    return LearnedMessages(file.ledger, tuple(_rows(document, file))), ()


def write_learned(path: Path, learned: LearnedMessages) -> None:
    """Write the file, atomically and readable by its owner only; without messages, delete it.

    Raises:
        OSError: It cannot be written.
    """
    if not learned.rows:
        path.unlink(missing_ok=True)
        return
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_private(draft, _HEADER + "".join(_lines(learned)))
        hand_over(draft, path.parent)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def change_learned(
    path: Path, change: Callable[[LearnedMessages], LearnedMessages]
) -> tuple[LearnedMessages, LearnedMessages]:
    """Change the file's content; other processes that change it wait.

    Args:
        path: The file; it is written only if the content changes.
        change: Returns the new content.

    Returns:
        The content before and after.

    Raises:
        IntentsError: Lists every mistake in the file, which then stays as it is.
        OSError: It cannot be written.
    """
    private_folder(path.parent)
    with FileLock(path.with_name(_LOCK), mode=OWNER):
        before = read_learned(path)
        after = change(before)
        if after != before:
            write_learned(path, after)
    return before, after


def by_intent(rows: Iterable[Learned]) -> Mapping[str, list[Learned]]:
    """Return messages by intent, sorted; the latest first."""
    ordered = sorted(rows, key=lambda row: (row.intent, -row.written.toordinal(), row.text))
    return {name: list(group) for name, group in groupby(ordered, key=attrgetter("intent"))}


def _rows(document: Document, file: LearnedFile) -> Iterator[Learned]:
    for name, messages in file.intents.items():
        for position, message in enumerate(messages):
            node = document.node(("intents", name, position))
            line = node.line if node else 0
            yield Learned(name, message.text, message.written, message.author, line)


def _lines(learned: LearnedMessages) -> Iterator[str]:
    yield f"version: 1\nledger: {learned.ledger}\nintents:\n"
    for name, rows in by_intent(learned.rows).items():
        yield f"  {name}:\n"
        for row in rows:
            yield (
                f"    - {{text: {_quoted(row.text)}, written: {row.written.isoformat()}, "
                f"author: {scalar(row.author)}}}\n"
            )


def _quoted(text: str) -> str:
    """Write text in double quotes: within braces, a comma would end a plain value."""
    written = scalar(text)
    return f'"{written}"' if written == text else written


def _whole(path: Path, wrong: str, remedy: str) -> Problem:
    return Problem(path, 0, 0, "", wrong, remedy)

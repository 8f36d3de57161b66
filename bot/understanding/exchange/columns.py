"""What the columns of a table of messages are called."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import IntentsError
from bot.understanding.exchange.cells import from_cell
from bot.understanding.exchange.files import refusal

_TEXTS = ("text", "utterance", "example", "sentence", "query", "message", "phrase", "utterances")
_QUESTIONS = ("question", "questions")
_LABELS = ("label", "intent", "intents", "intent_name", "class", "category")
_REPLIES = ("reply", "answer", "response", "answers")
_SHORT = {"q": "question", "a": "answer"}
"""Names of one letter, which mean this only beside each other."""

_LANGUAGES = ("language", "lang", "locale")
_TOPICS = ("category",)
"""Labels that beside questions and answers name a topic of many of these."""

_FOREIGN = {
    frozenset(("title", "actions")): (
        "macros of Zendesk, which hold no messages of customers",
        "export tickets with the columns text,label; the text of a macro goes into a column reply",
    ),
    frozenset(("article_title", "article_body")): (
        "articles of a help centre, no messages of customers",
        "put them into the folder `knowledge` as Markdown files",
    ),
}
"""Tables that people try to import, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Columns that an admin names; the others are found by their names."""

    text: str | None = None
    label: str | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of columns; None where there is none."""

    text: int
    label: int | None
    reply: int | None
    language: int | None

    def cell(self, cells: Sequence[str], position: int | None) -> str:
        """Return a cell; empty where the row is too short."""
        return from_cell(cells[position]) if position is not None and position < len(cells) else ""


def find_columns(
    file: Path, header: Sequence[str], chosen: Chosen, *, questions: bool = False
) -> Columns:
    """Find the columns of a table by its header.

    Args:
        file: Where it stands, for the error.
        header: Its first line, in small letters, without spaces around the names.
        chosen: Columns that an admin names.
        questions: Whether questions with answers need no label.

    Raises:
        IntentsError: There is no text, or no label.
    """
    for names, (what, remedy) in _FOREIGN.items():
        if names <= set(header) and not chosen.text:
            raise refusal(file, 1, f"these are {what}", remedy)
    if header and set(_SHORT) <= set(header):
        header = [_SHORT.get(name, name) for name in header]
    question = _found(header, _QUESTIONS)
    text = _named(file, header, chosen.text)
    text = _found(header, _TEXTS) if text is None else text
    reply = _named(file, header, chosen.reply)
    reply = _found(header, _REPLIES) if reply is None else reply
    label = _named(file, header, chosen.label)
    if label is None:
        asked = questions and reply is not None and (text is None or text == question)
        label = _found(header, [name for name in _LABELS if not asked or name not in _TOPICS])
    text = question if text is None else text
    needs_label = label is None and not (questions and reply is not None)
    missing = ["text"] * (text is None) + ["label"] * needs_label
    if text is None or missing:
        raise _missing(file, header, missing)
    return Columns(text, label, reply, _found(header, _LANGUAGES))


def _found(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _named(file: Path, header: Sequence[str], name: str | None) -> int | None:
    if name is None:
        return None
    wanted = name.strip().lower()
    if wanted in header:
        return header.index(wanted)
    near = difflib.get_close_matches(wanted, header, n=1)
    remedy = f'did you mean "{near[0]}"?' if near else "name a column of its first line"
    raise refusal(file, 1, f'no column "{name}" (found: {", ".join(header) or "nothing"})', remedy)


def _missing(file: Path, header: Sequence[str], missing: Sequence[str]) -> IntentsError:
    found = ", ".join(header) or "nothing"
    wrong = f"no column {' and no column '.join(missing)} (found: {found})"
    remedy = "begin the file with the line text,label, or name its columns: --text X --label Y"
    return refusal(file, 1, wrong, remedy)

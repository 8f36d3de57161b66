"""Finds the columns of a table of messages by their names."""

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
"""One-letter names, which are used only if both are present."""

_LANGUAGES = ("language", "lang", "locale")
_TOPICS = ("category",)
"""Label names that, in a table of questions and answers, mean a topic instead."""

_FOREIGN = {
    frozenset(("title", "actions")): (
        "Zendesk macros, which contain no messages of customers",
        "export tickets with the columns text,label; put the text of a macro into a column reply",
    ),
    frozenset(("article_title", "article_body")): (
        "help centre articles, which are no messages of customers",
        "save them as Markdown files in the folder `knowledge`",
    ),
}
"""Tables that cannot be imported, by their columns, and what to do instead."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Column names given by an admin; None: found by the usual names."""

    text: str | None = None
    label: str | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Indices of columns; None for absent ones."""

    text: int
    label: int | None
    reply: int | None
    language: int | None

    def cell(self, cells: Sequence[str], position: int | None) -> str:
        """Return the text of a cell; empty if the row is too short."""
        return from_cell(cells[position]) if position is not None and position < len(cells) else ""


def find_columns(
    file: Path, header: Sequence[str], chosen: ColumnChoice, *, questions: bool = False
) -> Columns:
    """Find the columns of a table by its header.

    Args:
        file: The file, for error messages.
        header: Its first line, in lower case, without spaces around the names.
        chosen: Column names given by an admin.
        questions: Whether questions with answers need no label.

    Raises:
        IntentsError: There is no column of texts, or none of labels.
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
    remedy = f'did you mean "{near[0]}"?' if near else "use a name from its first line"
    raise refusal(file, 1, f'no column "{name}" (found: {", ".join(header) or "nothing"})', remedy)


def _missing(file: Path, header: Sequence[str], missing: Sequence[str]) -> IntentsError:
    found = ", ".join(header) or "nothing"
    wrong = f"no column {' and no column '.join(missing)} (found: {found})"
    remedy = "make text,label the first line, or name the columns: `--text X --label Y`"
    return refusal(file, 1, wrong, remedy)

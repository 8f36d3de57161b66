"""Turns questions with answers into intents, named after the question."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bot.understanding.exchange.content import ImportedContent
from bot.understanding.exchange.files import Row, normalised

_LONGEST_TITLE = 75
"""Characters that a button shows on every platform."""


def questions_with_answers(rows: list[Row]) -> ImportedContent:
    """Return an intent for every question; questions with the same answer share one intent."""
    found = ImportedContent()
    labels: dict[str, str] = {}
    for row in rows:
        if not row.text.strip():
            found.rows.append(row)
            continue
        if not row.reply.strip():
            found.left_out.add("questions without an answer, left out", row.text.strip())
            continue
        label = labels.setdefault(normalised(row.reply), row.text.strip())
        if len(label) <= _LONGEST_TITLE:
            found.titles[label] = label
        found.rows.append(replace(row, label=label))
    _add_second(found)
    return found


def _add_second(found: ImportedContent) -> None:
    """Add a second example to intents with only one: the question as typed in a chat.

    An intent with one example cannot be trained, and an import that only gives drafts, which are
    not answered, is of little use.
    """
    counts = Counter(
        label for label, _ in {(row.label, normalised(row.text)) for row in found.rows}
    )
    for row in list(found.rows):
        if counts[row.label] == 1 and row.text.strip():
            counts[row.label] += 1
            found.rows.append(replace(row, text=_as_typed(row.text), reply=""))
            kind = "questions with a generated second phrasing: add phrasings of customers"
            found.left_out.add(kind, row.label)


def _as_typed(question: str) -> str:
    """Return a question without its question mark and capital, or with a mark if it has none.

    >>> _as_typed("How do I return?"), _as_typed("opening hours")
    ('how do I return', 'opening hours?')
    """
    bare = question.strip().rstrip("?？¿؟ ")
    if bare == question.strip() or not bare:
        return f"{question.strip()}?"
    return bare[0].lower() + bare[1:]

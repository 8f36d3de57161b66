"""Questions with answers: each becomes an intent, called like its question."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.exchange.content import Imported
from bot.understanding.exchange.files import Row, normalised

_LONGEST_TITLE = 75
"""Characters that a button of Slack shows. Source: Slack, "Block elements", button, text."""


def questions_with_answers(rows: list[Row]) -> Imported:
    """Make an intent of every question; questions with the same answer are one intent."""
    found = Imported()
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
    return found

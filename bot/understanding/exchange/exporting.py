"""Exports intents as CSV, JSON Lines, or Rasa training data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from bot.understanding.exchange.cells import to_cell
from bot.understanding.exchange.content import OUT_OF_SCOPE
from bot.understanding.intents import Intent, IntentSet
from bot.yamlfile import scalar


def export_csv(intents: IntentSet) -> str:
    """Return CSV with a header and the columns text, label and language."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(("text", "label", "language"))
    writer.writerows(map(to_cell, row) for row in _rows(intents))
    return written.getvalue()


def export_jsonl(intents: IntentSet) -> str:
    """Return one JSON object per line: text, label, language."""
    names = ("text", "label", "language")
    rows = (dict(zip(names, row, strict=True)) for row in _rows(intents))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def export_rasa(intents: IntentSet) -> str:
    """Return Rasa 3 training data (nlu.yml)."""
    lines = ['version: "3.1"', "nlu:"]
    for intent in intents.intents:
        lines += [f"- intent: {scalar(_label(intent))}", "  examples:"]
        # A list of texts, not a block, so that a text may contain line breaks.
        lines += [f"  - text: {scalar(example.text)}" for example in intent.examples]
    if intents.out_of_scope:
        lines += [f"- intent: {OUT_OF_SCOPE}", "  examples:"]
        lines += [f"  - text: {scalar(example.text)}" for example in intents.out_of_scope]
    return "\n".join(lines) + "\n"


def _rows(intents: IntentSet) -> Iterator[tuple[str, str, str]]:
    for intent in intents.intents:
        for example in intent.examples:
            yield example.text, _label(intent), example.language
    for example in intents.out_of_scope:
        yield example.text, OUT_OF_SCOPE, example.language


def _label(intent: Intent) -> str:
    return intent.entry.label or intent.name

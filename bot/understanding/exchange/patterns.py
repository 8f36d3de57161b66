"""Reads the format of many tutorials: `{"intents": [{"tag", "patterns", "responses"}]}`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeGuard

from bot.understanding.exchange.content import ImportedContent, literal
from bot.understanding.exchange.files import Row, refusal


def has_patterns(document: object) -> TypeGuard[dict[str, list[Any]]]:
    """Return whether a JSON document lists intents with their patterns."""
    listed = document.get("intents") if isinstance(document, dict) else None
    return isinstance(listed, list) and any(
        isinstance(item, dict) and "patterns" in item for item in listed
    )


def read_patterns(file: Path, document: dict[str, list[Any]]) -> ImportedContent:
    """Read intents with their patterns and responses.

    Raises:
        IntentsError: An intent does not have this form.
    """
    found = ImportedContent()
    for number, item in enumerate(document["intents"], start=1):
        label, patterns, responses = _parts(file, number, item)
        found.rows += [Row(text, label, 0) for text in patterns]
        for text in responses:
            found.answers[label].add(literal(text))
    return found


def _parts(file: Path, number: int, item: object) -> tuple[str, list[str], list[str]]:
    if isinstance(item, dict):
        label = item.get("tag") or item.get("intent")
        patterns, responses = item.get("patterns"), item.get("responses") or []
        if isinstance(label, str) and _are_texts(patterns) and _are_texts(responses):
            return label, patterns, responses
    remedy = 'write {"tag": "...", "patterns": ["..."], "responses": ["..."]}'
    raise refusal(file, 0, f"item {number}: not an intent with patterns", remedy)


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)

"""The JSON Schema of intent files, for completion and checks in editors."""

from __future__ import annotations

import json
from typing import Any

from bot.understanding.intents.schema import IntentFile
from bot.understanding.intents.unsupported_keys import WHOLE

SCHEMA_PATH = "docs/intents.schema.json"
"""Where the repository keeps it; `# yaml-language-server: $schema=...` points there."""


_CASE = {"properties": {"when": False}}
_EXECUTED = {
    "if": {"properties": {"draft": {"const": True}}, "required": ["draft"]},
    "else": {
        "properties": {
            **dict.fromkeys(WHOLE, False),
            "handoff": {"type": ["boolean", "object"], "properties": {"team": False}},
            "reply": {"if": {"type": "array"}, "then": {"items": _CASE}, "else": _CASE},
        }
    },
}
"""Allows unsupported keys in drafts only; see `bot.understanding.intents.unsupported_keys`."""


def intent_file_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an intent file."""
    schema = IntentFile.model_json_schema(mode="validation")
    schema["$defs"]["IntentEntry"] |= _EXECUTED
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Frontdesk intents",
    }


def intent_file_schema_text() -> str:
    """Return the schema as the content of a file."""
    return json.dumps(intent_file_schema(), indent=2, ensure_ascii=False) + "\n"

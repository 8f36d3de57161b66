"""The JSON Schema of intent files, for editors that complete and check while one types."""

from __future__ import annotations

import json
from typing import Any

from bot.understanding.intents.format import IntentFile

SCHEMA_PATH = "docs/intents.schema.json"
"""Where the project keeps it; `# yaml-language-server: $schema=...` points there."""


def intent_file_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an intent file."""
    schema = IntentFile.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Frontdesk intents",
    }


def intent_file_schema_text() -> str:
    """Return the schema as it is written to a file."""
    return json.dumps(intent_file_schema(), indent=2, ensure_ascii=False) + "\n"

"""The JSON Schema of intent files, for completion and checks in editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.understanding.intents.schema import IntentFile

SCHEMA_PATH = "docs/intents.schema.json"
"""Where the repository keeps it; `# yaml-language-server: $schema=...` points there."""


def intent_file_schema(platforms: Mapping[str, str]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an intent file.

    Args:
        platforms: What replies may have own wording for: title by name. Editors mark other keys,
            since they are more often mistyped than meant; `frontdesk check` takes them.
    """
    schema = IntentFile.model_json_schema(mode="validation")
    case = schema["$defs"]["ReplyCase"]
    variants = case["additionalProperties"]
    case["additionalProperties"] = False
    for name, title in platforms.items():
        case["properties"][name] = {**variants, "description": f"Own wording for {title}."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Frontdesk intents",
    }


def intent_file_schema_text(platforms: Mapping[str, str]) -> str:
    """Return the schema as it is written to a file; see `intent_file_schema`."""
    return json.dumps(intent_file_schema(platforms), indent=2, ensure_ascii=False) + "\n"

"""The JSON Schema of `actions.yaml`, for completion and checks in editors."""

from __future__ import annotations

import json
from typing import Any

from bot.understanding.intents.actions.schema import ActionsFile

SCHEMA_PATH = "docs/actions.schema.json"
"""Where the repository keeps it."""

_RULES = [
    {"oneOf": [{"required": ["http"]}, {"required": ["python"]}]},
    {
        "if": {"properties": {"kind": {"const": "read"}}},
        "then": {"properties": {"confirm": False, "lookup": False}},
        "else": {"properties": {"gpt": {"const": False}}},
    },
]
"""What `frontdesk check` says of keys beside each other, as far as a schema can."""


def actions_file_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `actions.yaml`."""
    schema = ActionsFile.model_json_schema(mode="validation")
    schema["$defs"]["Action"]["allOf"] = _RULES
    _close(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Frontdesk actions",
    }


def actions_file_schema_text() -> str:
    """Return the schema as it is written to a file."""
    return json.dumps(actions_file_schema(), indent=2, ensure_ascii=False) + "\n"


def _close(node: object) -> None:
    """Let mappings whose keys are names have no other keys."""
    children: list[object] = []
    if isinstance(node, dict):
        if "patternProperties" in node:
            node["additionalProperties"] = False
        children = [*node.values()]
    elif isinstance(node, list):
        children = node
    for child in children:
        _close(child)

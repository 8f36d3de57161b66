"""Reads hand-written YAML with positions, and validates it against pydantic models.

Every scalar is kept as typed (`48213`, `no`, `12:30`); models convert where a
field wants a number. Every mistake becomes a `bot.errors.Problem` with its line and its remedy.
"""

from bot.yamlfile.checking import mistake, translate, validate
from bot.yamlfile.document import Document, Key, Node, plain
from bot.yamlfile.reading import MAX_BYTES, parse, read
from bot.yamlfile.secrets import pasted_secrets
from bot.yamlfile.unknown_keys import resembling, unknown_key, without_comma
from bot.yamlfile.writing import scalar

__all__ = [
    "MAX_BYTES",
    "Document",
    "Key",
    "Node",
    "mistake",
    "parse",
    "pasted_secrets",
    "plain",
    "read",
    "resembling",
    "scalar",
    "translate",
    "unknown_key",
    "validate",
    "without_comma",
]

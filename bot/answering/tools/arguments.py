"""Checks the arguments that a model wrote: they must be the customer's own words."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence

from bot.answering.tools.offered import LONGEST, OfferedTool
from bot.privacy import Pseudonyms


def checked_arguments(
    written: str, tool: OfferedTool, said: Sequence[str], vault: Pseudonyms
) -> Mapping[str, str] | None:
    """Return the arguments of a call; None: it is not made.

    Args:
        written: By the model; meant to be JSON.
        tool: What is to be called.
        said: What the customer wrote: a value that does not stand there is invented, or comes from
            a text that the model obeyed.
        vault: Restores the personal data that the model saw placeholders of.
    """
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.keys() != set(tool.needs):
        return None
    arguments: dict[str, str] = {}
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            return None
        text = vault.restore(str(value)).strip()
        if not text or len(text) > LONGEST or not text.isprintable() or not _is_said(text, said):
            return None
        arguments[name] = text
    return arguments


def _is_said(value: str, said: Sequence[str]) -> bool:
    wanted = _folded(value)
    return bool(wanted) and any(wanted in _folded(text) for text in said)


def _folded(text: str) -> str:
    """Return letters and digits of a text alone, in one case and width."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())

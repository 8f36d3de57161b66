"""Placeholders in replies: `{name}` is a value, `{{` and `}}` are literal braces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

ALWAYS_KNOWN = ("bot", "contact")
"""Placeholders that config.yaml fills (`responder.bot`, `responder.contact`)."""

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def placeholders(text: str) -> Iterator[str]:
    """Yield the names between single braces.

    >>> list(placeholders("{bot} writes {{braces}} for {order number}"))
    ['bot', 'order number']
    """
    for match in _BRACES.finditer(text):
        if match[1] is not None:
            yield match[1]


def fill(text: str, values: Mapping[str, str]) -> str | None:
    """Replace placeholders by their values; return None when one has no value.

    Values are inserted as they are: nothing in them is evaluated or expanded.

    >>> fill("{bot} writes {{braces}}", {"bot": "Robin"})
    'Robin writes {braces}'
    >>> fill("Due on {eta}", {}) is None
    True
    """
    if any(name not in values for name in placeholders(text)):
        return None
    return _BRACES.sub(lambda match: _replacement(match, values), text)


def _replacement(match: re.Match[str], values: Mapping[str, str]) -> str:
    return match[0][0] if match[1] is None else values[match[1]]

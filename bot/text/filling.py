"""Fills the placeholders of fixed texts."""

from __future__ import annotations

from collections.abc import Mapping


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values for plain `{name}` placeholders; anything else stays as it stands.

    >>> fill("{bot} knows {bot.secret}", {"bot": "Robin"})
    'Robin knows {bot.secret}'
    """
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text

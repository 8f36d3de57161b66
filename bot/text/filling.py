"""Fills the placeholders of fixed texts."""

from __future__ import annotations

from collections.abc import Mapping


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values for plain `{name}` placeholders; anything else stays as it stands.

    An empty value takes the space before it along.

    >>> fill("{bot} knows {bot.secret}", {"bot": "Robin"})
    'Robin knows {bot.secret}'
    >>> fill("(Nothing was called. {call})", {"call": ""})
    '(Nothing was called.)'
    """
    for name, value in values.items():
        placeholder = "{" + name + "}"
        text = text if value else text.replace(f" {placeholder}", "")
        text = text.replace(placeholder, value)
    return text

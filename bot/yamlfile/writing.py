"""Writes text as a YAML scalar that reads back unchanged."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[^\W\d_](?:[\w ,.?!'/()%+-]*[\w.?!'/()%+])?")
_ESCAPED = re.compile("[\x7f-\xa0\xad\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def scalar(text: str) -> str:
    r"""Write text in one line: plain where it is safe for any reader, else in double quotes.

    >>> scalar("where is my order?")
    'where is my order?'
    >>> scalar("order: 48213")
    '"order: 48213"'
    >>> scalar("no")
    '"no"'
    """
    if _PLAIN.fullmatch(text) and text.isprintable() and text.casefold() not in _SPECIAL:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


_SPECIAL = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))

"""Names of intents: validation, and slugs made from other labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

NAME = r"^[a-z][a-z0-9_]{0,63}$"
"""Names are identifiers: they are used in files, logs and models."""

_LONGEST = 64


def is_name(text: str) -> bool:
    """Return whether a text is a valid intent name.

    >>> is_name("order_status"), is_name("Order status")
    (True, False)
    """
    return re.fullmatch(NAME, text) is not None and not text.endswith("\n")


def slug(label: str) -> str:
    """Return a valid name made from any label.

    >>> slug("Größe & Umtausch?"), slug("404 error"), slug("退货")
    ('grosse_umtausch', 'intent_404_error', 'intent')
    """
    folded = unicodedata.normalize("NFKD", label.casefold())
    ascii_only = folded.encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")
    if not name or not name[0].isalpha():
        name = f"intent_{name}".rstrip("_")
    return name[:_LONGEST]


def unique_slug(label: str, taken: Container[str]) -> str:
    """Return a valid name made from a label, different from all taken ones.

    >>> unique_slug("Refund!", {"refund"})
    'refund_2'
    """
    name = slug(label)
    number = 2
    unique = name
    while unique in taken:
        suffix = f"_{number}"
        unique = name[: _LONGEST - len(suffix)] + suffix
        number += 1
    return unique

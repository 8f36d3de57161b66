"""Conditions of replies: `when` over slots and what actions provide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

ERROR = "error"
"""The name of the error that an action ended with."""

UNAVAILABLE = "unavailable"
"""The error of an action that is not set up, or whose shop does not answer."""


def is_met(when: Mapping[str, Sequence[str]], values: Mapping[str, Any]) -> bool:
    """Return whether each value is one of those that a condition names.

    Of a list, one item is enough. Where there is an error, a condition must name it.

    >>> is_met({"status": ["late", "delayed"]}, {"status": "delayed"})
    True
    >>> is_met({}, {"error": "not_found"})
    False
    """
    if values.get(ERROR) and ERROR not in when:
        return False
    return all(_is_one(values.get(name), wanted) for name, wanted in when.items())


def _is_one(value: Any, wanted: Sequence[str]) -> bool:  # noqa: ANN401 - what JSON holds
    if isinstance(value, (list, tuple)):
        return any(_is_one(each, wanted) for each in value)
    return written(value) in wanted


def written(value: Any) -> str:  # noqa: ANN401 - what JSON holds
    """Return a value as admins write it.

    >>> [written(each) for each in (True, 3, 2.50, None, "late")]
    ['true', '3', '2.5', '', 'late']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

"""Keys of the objects in a list that a JMESPath expression returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jmespath

from bot.understanding.intents.actions.schema import Action

_PROJECTIONS = ("projection", "filter_projection", "value_projection")


def listed_keys(action: Action) -> Mapping[str, tuple[str, ...]]:
    """Return the keys of the objects in each list that an action returns, where it names them."""
    found = {name: _keys(path) for name, path in action.returns.items()}
    return {name: keys for name, keys in found.items() if keys}


def _keys(expression: str) -> tuple[str, ...]:
    """Return the keys that a projection gives its objects; empty: it names none.

    >>> _keys("items[].{value: sku, label: name}"), _keys("items"), _keys("items[].sku")
    (('value', 'label'), (), ())
    """
    parsed: Any = jmespath.compile(expression).parsed
    if parsed["type"] not in _PROJECTIONS:
        return ()
    made = parsed["children"][1]
    if made["type"] != "multi_select_dict":
        return ()
    return tuple(str(pair["value"]) for pair in made["children"])

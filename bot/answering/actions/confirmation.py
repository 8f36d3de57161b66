"""The hash of the values that a customer confirms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def values_hash(values: Mapping[str, Any]) -> str:
    """Return a hash of the values that an action is called with, whatever their order.

    The button of a confirmation carries it: other values make it void.

    >>> values_hash({"a": 1, "b": "x"}) == values_hash({"b": "x", "a": 1})
    True
    """
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]

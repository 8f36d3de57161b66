"""Keyed hashes of codes and addresses: the database alone does not tell what they were."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

DIGITS = 6
"""Digits of a one-time code."""

_PARTED = "\x1f"


class Hashes:
    """Hashes with a key of the instance.

    Args:
        key: Of 32 bytes, random.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of_code(self, author: str, code: str) -> str:
        """Return the hash of a code that is sent for a person."""
        return self._hash("code", author, code)

    def of_address(self, address: str) -> str:
        """Return the hash of an address, however it is spelt."""
        return self._hash("address", "".join(address.split()).casefold())

    def of_claim(self, values: Mapping[str, Any]) -> str:
        """Return the hash of what a customer gave to be found by."""
        parts = (f"{name}={values[name]}" for name in sorted(values))
        return self._hash("claim", *parts)

    def is_code(self, stored: str, author: str, code: str) -> bool:
        """Return whether a stored hash is that of a code; takes the same time for all codes."""
        return hmac.compare_digest(stored.encode(), self.of_code(author, code).encode())

    def is_address(self, stored: str, address: str) -> bool:
        """Return whether a stored hash is that of an address."""
        return hmac.compare_digest(stored.encode(), self.of_address(address).encode())

    def _hash(self, *parts: str) -> str:
        return hmac.new(self._key, _PARTED.join(parts).encode(), hashlib.sha256).hexdigest()


def new_code() -> str:
    """Return a random one-time code."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"

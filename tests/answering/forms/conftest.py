"""Forms over both databases."""

from __future__ import annotations

from tests.storage.conftest import database, url

__all__ = ["database", "url"]

"""Forms over both databases."""

from __future__ import annotations

from tests.storage.conftest import database, sqlite, url

__all__ = ["database", "sqlite", "url"]

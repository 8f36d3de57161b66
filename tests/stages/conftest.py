"""Stages of the decision, over an inbox and both databases."""

from __future__ import annotations

from tests.delivery.conftest import database, desk, sqlite_desk, url

__all__ = ["database", "desk", "sqlite_desk", "url"]

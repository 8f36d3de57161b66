from __future__ import annotations

from tests.delivery.conftest import database, desk, url

__all__ = ["database", "desk", "url"]

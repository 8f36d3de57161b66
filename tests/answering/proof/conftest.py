from __future__ import annotations

import pytest

from bot.storage import Database
from tests.answering.proof.shop import Desk
from tests.storage.conftest import database, sqlite, url

__all__ = ["database", "sqlite", "url"]


@pytest.fixture
def desk(sqlite: Database) -> Desk:
    return Desk(sqlite)

"""Databases for tests: SQLite in a file, PostgreSQL in a schema of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

SERVER = os.environ.get("FRONTDESK_TEST_POSTGRES", "postgresql://root@127.0.0.1:5432/test")

BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
"""Parameters of a fixture that is to run on both."""


@asynccontextmanager
async def postgres_schema() -> AsyncIterator[str]:
    """Make an empty schema; yield the URL that leads into it, and drop it in the end."""
    name = f"frontdesk_{uuid4().hex[:12]}"
    await _run(f"CREATE SCHEMA {name}")
    try:
        url = make_url(SERVER).update_query_dict({"options": f"-csearch_path={name}"})
        yield url.render_as_string(hide_password=False)
    finally:
        await _run(f"DROP SCHEMA {name} CASCADE")


@asynccontextmanager
async def postgres_database() -> AsyncIterator[str]:
    """Make an empty database; yield its URL, and drop it in the end.

    For what looks at a whole database: schemas of other tests come and go beside one's own.
    """
    name = f"frontdesk_{uuid4().hex[:12]}"
    await _run(f"CREATE DATABASE {name}")
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        await _run(f"DROP DATABASE {name} WITH (FORCE)")


async def _run(statement: str) -> None:
    try:
        connection = await psycopg.AsyncConnection.connect(
            SERVER, autocommit=True, connect_timeout=5
        )
    except psycopg.OperationalError as error:
        pytest.skip(f"NO POSTGRESQL at {SERVER}: set FRONTDESK_TEST_POSTGRES: {error}")
    async with connection:
        await connection.execute(statement.encode())

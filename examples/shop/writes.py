"""Writes that happen once: the answer of a first call is the answer of its repetitions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiosqlite

from examples.shop.errors import Refused, invalid

Answer = tuple[int, dict[str, Any]]
"""HTTP status and body."""


async def once(
    database: aiosqlite.Connection,
    key: str,
    request: str,
    write: Callable[[], Awaitable[Mapping[str, Any]]],
) -> Answer:
    """Do a write, or return what it answered when its key was used before.

    The answer is stored in the transaction of the change; what is refused changes nothing, and is
    not stored, so that the same key may be tried again.

    Args:
        database: Within its transaction.
        key: The idempotency key; empty: the request is always done.
        request: What is asked for; another one under the same key is refused.
        write: Does it.
    """
    digest = hashlib.sha256(request.encode()).hexdigest()
    cursor = await database.execute("SELECT * FROM writes WHERE key = ?", (key,))
    row = await cursor.fetchone() if key else None
    if row is not None:
        if row["request"] != digest:
            raise invalid("key_of_another_request")
        return row["status"], json.loads(row["answer"])
    answer = dict(await write())
    if key:
        await database.execute(
            "INSERT INTO writes (key, request, status, answer) VALUES (?, ?, 200, ?)",
            (key, digest, json.dumps(answer)),
        )
    return 200, answer


async def found(database: aiosqlite.Connection, key: str) -> dict[str, Any]:
    """Return whether a write of this key took place, and what it answered."""
    cursor = await database.execute("SELECT answer FROM writes WHERE key = ?", (key,))
    row = await cursor.fetchone()
    return {"found": row is not None, "result": json.loads(row["answer"]) if row else {}}


def refusal(refused: Refused) -> Answer:
    """Return the answer to what is not done."""
    return refused.status, {"error": refused.name}

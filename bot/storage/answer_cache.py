"""Cache of GPT's answers to repeated questions."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from bot.messages import Source
from bot.ports import Clock, KnownAnswer
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import answers


class StoredAnswers:
    """The `KnownAnswers` of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def recall(self, key: str) -> KnownAnswer | None:
        """Return the cached answer for a key, and count the hit."""
        known = select(answers.c.pieces, answers.c.sources).where(answers.c.key == key)
        row = await self._database.query(lambda connection: connection.execute(known).first())
        if row is None:
            return None
        used = update(answers).where(answers.c.key == key).values(used=answers.c.used + 1)
        await self._database.write(lambda connection: connection.execute(used))
        sources = tuple(Source(title, url) for title, url in row.sources)
        return KnownAnswer(tuple(row.pieces), sources)

    async def keep(self, key: str, answer: KnownAnswer) -> None:
        """Cache an answer; an existing one is kept."""
        row = {
            "key": key,
            "pieces": list(answer.pieces),
            "sources": [[source.title, source.url] for source in answer.sources],
            "kept_at": self._clock.now(),
            "used": 0,
        }

        def write(connection: Connection) -> None:
            connection.execute(insert(connection, answers).values(row).on_conflict_do_nothing())

        await self._database.write(write)

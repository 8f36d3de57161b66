"""Data subject requests: export and erasure of a person's data."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, select

from bot.conversations.key import ending
from bot.errors import StorageError
from bot.ports import Clock
from bot.privacy.erasure_log import ErasureLog
from bot.storage.audit import record_audit
from bot.storage.backup import scrub
from bot.storage.engine import Database
from bot.storage.erasure import Person, count_of, erase, people_in, stored_of
from bot.storage.tables import people


class PersonalFile(Protocol):
    """A file outside of the database that holds texts of people.

    Its methods raise `StorageError` when people cannot be found in it.
    """

    @property
    def name(self) -> str:
        """What the file is called among the tables of an export."""
        ...

    def stored_of(self, key: str) -> list[dict[str, Any]]:
        """Return what is stored of a person; blocking."""
        ...

    def erase(self, key: str) -> int:
        """Erase a person; return the number of erased rows; blocking."""
        ...

    def reapply(self) -> int:
        """Erase everybody whom the erasure log names; return the number of people; blocking."""
        ...


@dataclass(frozen=True, slots=True)
class SubjectRequests:
    """Executes the requests of people about their data.

    Attributes:
        database: Holds the data; a running service may use it.
        ledger: Records erasures.
        actor: Who executes them, for the audit.
        files: Files outside of the database.
    """

    database: Database
    ledger: ErasureLog
    clock: Clock
    actor: str
    files: Sequence[PersonalFile] = ()

    async def find(self, user_id: str) -> list[str]:
        """Return the keys of everybody with an id on any platform."""
        query = select(people.c.key).where(people.c.key.endswith(ending(user_id), autoescape=True))
        async with self.database.read() as connection:
            return sorted(await connection.scalars(query))

    async def export(self, key: str) -> dict[str, list[dict[str, Any]]]:
        """Return all that is stored of a person, by table.

        Raises:
            StorageError: Nothing is stored.
        """
        await self.counts(key)
        async with self.database.read() as connection:
            stored = await connection.run_sync(stored_of, Person(key))
        return stored | await self._in_files(key)

    async def counts(self, key: str) -> dict[str, int]:
        """Return how much is stored of a person, by table.

        Raises:
            StorageError: Nothing is stored.
        """
        async with self.database.read() as connection:
            counts = await connection.run_sync(count_of, Person(key))
        counts |= {name: len(rows) for name, rows in (await self._in_files(key)).items()}
        if not any(counts.values()):
            raise StorageError(
                f"nothing is stored about {key!r}: a key is platform:workspace:user_id; "
                "`frontdesk privacy find USER_ID` shows the keys of an id"
            )
        return counts

    async def forget(self, key: str) -> dict[str, int]:
        """Erase a person; only counts remain.

        The erasure log is written first: after a crash, `reapply` completes the erasure.

        Returns:
            How many rows were erased, by table.

        Raises:
            StorageError: Nothing is stored about the person, or something of it may still be
                there; then the message holds the remedy.
        """
        await self.counts(key)
        now = self.clock.now()
        await asyncio.to_thread(self.ledger.note, key, now)
        in_files = {file.name: await asyncio.to_thread(file.erase, key) for file in self.files}
        erased = in_files | await self.database.write(
            partial(self._erase, person=Person(key), now=now, in_files=in_files)
        )
        await asyncio.to_thread(scrub, self.database)
        return erased

    async def reapply(self) -> int:
        """Erase the persons of the erasure log from a restored database.

        What they wrote after their erasure stays.

        Returns:
            How many people were erased.
        """
        async with self.database.read() as connection:
            keys = await connection.run_sync(people_in)
        forgotten = await asyncio.to_thread(self.ledger.among, keys)
        now = self.clock.now()
        erased = 0
        for key, before in forgotten.items():
            person = Person(key, before)
            counts = await self.database.write(partial(self._erase, person=person, now=now))
            erased += any(counts.values())
        if erased:
            await asyncio.to_thread(scrub, self.database)
        in_files = [await asyncio.to_thread(file.reapply) for file in self.files]
        return max([erased, *in_files])  # whoever is in a file is usually in the database, too

    async def _in_files(self, key: str) -> dict[str, list[dict[str, Any]]]:
        """Return what files hold of a person, by file."""
        return {file.name: await asyncio.to_thread(file.stored_of, key) for file in self.files}

    def _erase(
        self,
        connection: Connection,
        person: Person,
        now: datetime,
        in_files: Mapping[str, int] | None = None,
    ) -> dict[str, int]:
        """Erase a person, and record in the audit that somebody was erased, not who."""
        erased = erase(connection, person)
        detail = {**erased, **(in_files or {})}
        if any(detail.values()):
            record_audit(connection, actor=self.actor, action="forget", at=now, detail=detail)
        return erased

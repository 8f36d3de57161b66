"""Stored proofs of identity: who somebody on a platform has proven to be in the shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.ports import Clock
from bot.ports.actions import ProofWay
from bot.storage.audit import record_audit
from bot.storage.codes import end_codes
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.proof_limits import ProofLimits
from bot.storage.tables import proofs


@dataclass(frozen=True, slots=True)
class StoredProof:
    """A proof that still holds."""

    subject: str
    address_hash: str
    proved_at: datetime


class StoredProofs:
    """The proofs of a database.

    Args:
        database: Shared by all processes of the instance.
        clock: The time.
        limits: How long they hold.
    """

    def __init__(self, database: Database, clock: Clock, limits: ProofLimits | None = None) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits or ProofLimits()

    async def keep(
        self, author: str, way: ProofWay, *, subject: str, address_hash: str = ""
    ) -> None:
        """Store a proof; an earlier one by the same way is replaced, and a code is used up."""
        now = self._clock.now()
        row = {
            "author": author,
            "way": way,
            "subject": subject,
            "address_hash": address_hash,
            "proved_at": now,
            "expires_at": now + (self._limits.link if way == "linked" else self._limits.proof),
        }
        await self._database.write(partial(_keep, row=row))

    async def proof(self, author: str, way: ProofWay) -> StoredProof | None:
        """Return a proof that still holds."""
        query = select(proofs.c.subject, proofs.c.address_hash, proofs.c.proved_at).where(
            proofs.c.author == author,
            proofs.c.way == way,
            proofs.c.expires_at > self._clock.now(),
        )
        row = await self._database.query(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else StoredProof(*row)

    async def void(self, author: str, way: ProofWay, reason: str) -> None:
        """Delete a proof that holds no more; a code for another one ends with it."""
        await self._database.write(
            partial(_void_proof, author=author, way=way, reason=reason, now=self._clock.now())
        )

    async def unlink(self, author: str, *, actor: str = "") -> bool:
        """Delete everything that a person has proven; return whether an account was linked.

        Args:
            author: The person.
            actor: Who asks for it; empty: the person.
        """
        unlinked = partial(_unlink, author=author, actor=actor or author, now=self._clock.now())
        return await self._database.write(unlinked)


def _keep(connection: Connection, *, row: dict[str, Any]) -> None:
    kept = insert(connection, proofs).values(row)
    replaced = {name: value for name, value in row.items() if name not in ("author", "way")}
    connection.execute(kept.on_conflict_do_update(index_elements=["author", "way"], set_=replaced))
    if row["way"] == "code":
        end_codes(connection, row["author"], row["proved_at"])
    action = "link_account" if row["way"] == "linked" else "prove_identity"
    record_audit(connection, actor=row["author"], action=action, at=row["proved_at"])


def _void_proof(
    connection: Connection, *, author: str, way: ProofWay, reason: str, now: datetime
) -> None:
    gone = delete(proofs).where(proofs.c.author == author, proofs.c.way == way)
    if way == "code":
        end_codes(connection, author, now)
    if connection.execute(gone).rowcount:
        detail = {"way": way, "reason": reason}
        record_audit(connection, actor=author, action="void_proof", at=now, detail=detail)


def _unlink(connection: Connection, *, author: str, actor: str, now: datetime) -> bool:
    theirs = select(proofs.c.way).where(proofs.c.author == author, proofs.c.expires_at > now)
    ways = set(connection.scalars(theirs))
    connection.execute(delete(proofs).where(proofs.c.author == author))
    end_codes(connection, author, now)
    if ways:
        record_audit(connection, actor=actor, action="unlink_account", at=now)
    return "linked" in ways

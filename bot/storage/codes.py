"""Stored one-time codes, as hashes: how often they are sent and tried is limited here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from bot.ports import Clock
from bot.storage.audit import record_audit
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.proof_limits import ProofLimits
from bot.storage.tables import codes

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

FLOOD = 100
"""Codes that all customers together ask for in an hour, beyond which staff are alerted."""

Opening = Literal["opened", "sent", "sends_over", "tries_over"]
Reserving = Literal["reserved", "sent", "sends_over"]
Trying = Literal["right", "wrong", "tries_over"]


@dataclass(frozen=True, slots=True)
class OpenedCode:
    """Whether a code may be sent, the number of its row, and whether too many are asked for.

    `sent`: the same message had one sent before, as far as anybody knows.
    """

    outcome: Opening
    number: int = 0
    flood: bool = False


@dataclass(frozen=True, slots=True)
class TriedCode:
    """What came of a code that somebody wrote.

    Attributes:
        subject: With `right`, the shop's id of the customer whom it was sent to.
        address_hash: With `right`, of the address that it was sent to.
        flood: The tries at one customer are used up.
    """

    outcome: Trying
    subject: str = ""
    address_hash: str = ""
    flood: bool = False


class StoredCodes:
    """The codes of a database.

    Args:
        database: Shared by all processes of the instance.
        clock: The time.
        limits: How often they are sent and tried.
    """

    def __init__(self, database: Database, clock: Clock, limits: ProofLimits | None = None) -> None:
        self._database = database
        self._clock = clock
        self.limits = limits or ProofLimits()

    async def open_code(
        self, author: str, conversation: str, message: str, *, claim_hash: str, code_hash: str
    ) -> OpenedCode:
        """Store a code before the shop is asked; the person's earlier codes end.

        It leads nowhere until `reserve` names the customer. One message has one code: where it is
        answered again and nothing was sent yet, this one takes the place of the first.
        """
        row = {
            "author": author,
            "conversation": conversation,
            "message": message,
            "subject": "",
            "claim_hash": claim_hash,
            "code_hash": code_hash,
            "address_hash": "",
            "tries": 0,
        }
        opened = partial(_open, row=row, now=self._clock.now(), limits=self.limits)
        return await self._database.write(opened)

    async def reserve(
        self, number: int, *, code_hash: str, subject: str, address_hash: str
    ) -> Reserving:
        """Name the customer whom a code is about to be sent to: from then on it counts as sent.

        `sent`: another process has sent one for the same message, or is about to.
        """
        found = {"subject": subject, "address_hash": address_hash}
        planned = codes.c.id == number, codes.c.code_hash == code_hash, codes.c.subject == ""
        reserved = partial(
            _reserve, planned=planned, found=found, now=self._clock.now(), limits=self.limits
        )
        return await self._database.write(reserved)

    async def has_open_code(self, author: str) -> bool:
        """Return whether a code of this person could still be tried."""
        query = select(codes.c.id).where(*_open_codes(author, self._clock.now())).limit(1)
        return await self._database.query(lambda connection: connection.scalar(query) is not None)

    async def try_code(self, author: str, is_code: Callable[[str], bool]) -> TriedCode:
        """Try what somebody wrote at their open code; it ends once the proof is stored.

        Args:
            author: Whose code it must be.
            is_code: Returns whether a stored hash is that of what they wrote.
        """
        tried = partial(
            _try, author=author, is_code=is_code, now=self._clock.now(), limits=self.limits
        )
        return await self._database.write(tried)

    async def missed_link(self, author: str, conversation: str) -> None:
        """Count a link code that the shop did not know as a try of the person."""
        row = _no_code(author, conversation, self._clock.now())
        await self._database.write(lambda connection: _insert_code(connection, row))

    async def tries_are_over(self, author: str) -> bool:
        """Return whether a person has used up the tries of this hour."""
        since = self._clock.now() - HOUR
        tries = await self._database.query(
            lambda connection: _tries(connection, codes.c.author == author, since)
        )
        return tries >= self.limits.tries

    async def void_code(self, author: str, is_code: Callable[[str], bool]) -> bool:
        """End a person's open code that others could read; return whether there was one."""
        voided = partial(_void, author=author, is_code=is_code, now=self._clock.now())
        return await self._database.write(voided)


def _open(
    connection: Connection, *, row: dict[str, object], now: datetime, limits: ProofLimits
) -> OpenedCode:
    author = str(row["author"])
    _lock(connection, "author", author)
    earlier = _of_message(connection, row)
    if earlier is not None:
        return _opened_again(connection, earlier, row, now + limits.code)
    sent = _sends(connection, codes.c.author == author, now - DAY)
    over = _tries(connection, codes.c.author == author, now - HOUR) >= limits.tries
    if over or sent >= limits.sends_day:
        return OpenedCode("tries_over" if over else "sends_over")
    end_codes(connection, author, now)
    number = _insert_code(connection, {**row, "sent_at": now, "expires_at": now + limits.code})
    flood = _sends(connection, codes.c.author != "", now - HOUR) > FLOOD
    return OpenedCode("opened", number, flood=flood)


def _of_message(connection: Connection, row: dict[str, object]) -> Row[Any] | None:
    """Return the code that a message had sent for the same customer."""
    same = [codes.c[name] == row[name] for name in ("author", "message", "claim_hash")]
    return connection.execute(select(codes).where(*same).limit(1)).one_or_none()


def _opened_again(
    connection: Connection, earlier: Row[Any], row: dict[str, object], expires_at: datetime
) -> OpenedCode:
    """Let another code take the place of one that was not sent: nobody knows that one."""
    if earlier.subject or earlier.ended_at is not None:
        return OpenedCode("sent")
    changed = {"code_hash": row["code_hash"], "expires_at": expires_at}
    connection.execute(update(codes).where(codes.c.id == earlier.id).values(changed))
    return OpenedCode("opened", earlier.id)


def _reserve(
    connection: Connection,
    *,
    planned: Sequence[ColumnElement[bool]],
    found: dict[str, str],
    now: datetime,
    limits: ProofLimits,
) -> Reserving:
    subject = found["subject"]
    _lock(connection, "subject", subject)
    if _sends(connection, codes.c.subject == subject, now - HOUR) >= limits.sends_hour:
        return "sends_over"
    changed = connection.execute(update(codes).where(*planned).values(found)).rowcount
    return "reserved" if changed else "sent"


def _try(
    connection: Connection,
    *,
    author: str,
    is_code: Callable[[str], bool],
    now: datetime,
    limits: ProofLimits,
) -> TriedCode:
    _lock(connection, "author", author)
    if _tries(connection, codes.c.author == author, now - HOUR) >= limits.tries:
        return TriedCode("tries_over")
    query = select(codes).where(*_open_codes(author, now)).order_by(codes.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return TriedCode("wrong")
    over = False
    if row.subject:
        _lock(connection, "subject", row.subject)
        over = _tries(connection, codes.c.subject == row.subject, now - HOUR) >= limits.tries
    right = is_code(row.code_hash)  # compared for unknown customers too: it takes the same time
    if right and row.subject and not over:
        return TriedCode("right", row.subject, row.address_hash)
    return _wrong(connection, row, author=author, now=now, limits=limits, over=over)


def _wrong(
    connection: Connection,
    row: Row[Any],
    *,
    author: str,
    now: datetime,
    limits: ProofLimits,
    over: bool,
) -> TriedCode:
    """Count a wrong try; what is said depends on the person's own tries alone."""
    connection.execute(update(codes).where(codes.c.id == row.id).values(tries=codes.c.tries + 1))
    if _tries(connection, codes.c.author == author, now - HOUR) >= limits.tries:
        end_codes(connection, author, now)
        record_audit(connection, actor=author, action="proof_tries_over", at=now)
        return TriedCode("tries_over", flood=bool(row.subject))
    return TriedCode("wrong", flood=over)


def _void(
    connection: Connection, *, author: str, is_code: Callable[[str], bool], now: datetime
) -> bool:
    query = select(codes.c.id, codes.c.code_hash).where(*_open_codes(author, now))
    found = [row.id for row in connection.execute(query) if is_code(row.code_hash)]
    if found:
        connection.execute(update(codes).where(codes.c.id.in_(found)).values(ended_at=now))
        record_audit(connection, actor=author, action="void_public_code", at=now)
    return bool(found)


def end_codes(connection: Connection, author: str, now: datetime) -> None:
    """End a person's open codes, in the transaction of its cause."""
    connection.execute(update(codes).where(*_open_codes(author, now)).values(ended_at=now))


def _no_code(author: str, conversation: str, now: datetime) -> dict[str, object]:
    """Return the row of a try at a code that we did not send."""
    return {
        "author": author,
        "conversation": conversation,
        "message": "",
        "subject": "",
        "claim_hash": "",
        "code_hash": "",
        "address_hash": "",
        "sent_at": now,
        "expires_at": now,
        "tries": 1,
        "ended_at": now,
    }


def _insert_code(connection: Connection, row: dict[str, object]) -> int:
    added = insert(connection, codes).values(row).returning(codes.c.id)
    return int(connection.execute(added).scalar_one())


def _open_codes(author: str, now: datetime) -> Sequence[ColumnElement[bool]]:
    return codes.c.author == author, codes.c.ended_at.is_(None), codes.c.expires_at > now


def _sends(connection: Connection, whose: ColumnElement[bool], since: datetime) -> int:
    query = select(func.count()).where(whose, codes.c.sent_at > since, codes.c.code_hash != "")
    return connection.scalar(query) or 0


def _tries(connection: Connection, whose: ColumnElement[bool], since: datetime) -> int:
    query = select(func.coalesce(func.sum(codes.c.tries), 0)).where(whose, codes.c.sent_at > since)
    return int(connection.scalar(query) or 0)


def _lock(connection: Connection, kind: str, key: str) -> None:
    """Let transactions about one person or one customer follow each other."""
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock(func.hashtext(f"proof {kind}"), func.hashtext(key))
        connection.execute(select(lock))

"""Limits of codes hold when processes race, on both engines; what happened is in the audit."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from bot.storage import Database, open_database
from bot.storage.codes import StoredCodes
from bot.storage.proofs import StoredProofs
from bot.storage.tables import audit, codes
from tests.delivery.support import MovableClock

ANN, PLACE = "chat:T1:ann", "chat:A1:D1"


def code(number: int) -> dict[str, str]:
    return {"claim_hash": "order", "code_hash": f"hash {number}"}


async def test_racing_processes_send_one_customer_no_more_than_the_limit(
    database: Database, url: str
) -> None:
    clock = MovableClock()
    async with await open_database(url) as other:
        stores = [StoredCodes(each, clock) for each in (database, other)]
        opened = [
            await stores[number % 2].open_code(f"chat:T1:{number}", PLACE, "1", **code(number))
            for number in range(8)
        ]
        reserved = await asyncio.gather(
            *(
                stores[number % 2].reserve(
                    each.number, code_hash=f"hash {number}", subject="c1", address_hash="a"
                )
                for number, each in enumerate(opened)
            )
        )
    assert sorted(reserved) == ["reserved"] * 3 + ["sends_over"] * 5


async def test_racing_processes_that_answer_one_message_send_one_code(
    database: Database, url: str
) -> None:
    clock = MovableClock()
    async with await open_database(url) as other:
        stores = [StoredCodes(each, clock) for each in (database, other)]
        opened = [await stores[n].open_code(ANN, PLACE, "1", **code(n)) for n in range(2)]
        reserved = await asyncio.gather(
            *(
                stores[n].reserve(
                    each.number, code_hash=f"hash {n}", subject="c1", address_hash="a"
                )
                for n, each in enumerate(opened)
            )
        )
        later = await stores[0].open_code(ANN, PLACE, "1", **code(3))
    assert opened[0] == opened[1]
    assert reserved == ["sent", "reserved"], "the one whose code nobody knows any more sends none"
    assert later.outcome == "sent"


async def test_racing_tries_are_all_counted(database: Database, url: str) -> None:
    clock = MovableClock()
    async with await open_database(url) as other:
        stores = [StoredCodes(each, clock) for each in (database, other)]
        opened = await stores[0].open_code(ANN, PLACE, "1", **code(1))
        await stores[0].reserve(opened.number, code_hash="hash 1", subject="c1", address_hash="a")
        tried = await asyncio.gather(
            *(stores[number % 2].try_code(ANN, lambda _: False) for number in range(12))
        )
        right = await stores[0].try_code(ANN, lambda _: True)
    assert [each.outcome for each in tried].count("wrong") == 4
    assert right.outcome == "tries_over"
    async with database.read() as connection:
        assert (await connection.scalars(select(codes.c.tries))).all() == [5]


async def test_what_was_proven_linked_and_voided_is_in_the_audit(database: Database) -> None:
    clock = MovableClock()
    stored, proofs = StoredCodes(database, clock), StoredProofs(database, clock)
    await stored.open_code(ANN, PLACE, "1", **code(1))
    assert await stored.void_code(ANN, lambda hashed: hashed == "hash 1")
    await proofs.keep(ANN, "code", subject="c1", address_hash="a")
    await proofs.keep(ANN, "linked", subject="c1")
    await proofs.keep(ANN, "linked", subject="c2")
    found = await proofs.proof(ANN, "linked")
    assert found is not None
    assert found.subject == "c2"
    await proofs.void(ANN, "code", "test")
    assert await proofs.unlink(ANN)
    async with database.read() as connection:
        rows = (await connection.execute(select(audit).order_by(audit.c.id))).mappings().all()
    assert [row["action"] for row in rows] == [
        "void_public_code",
        "prove_identity",
        "link_account",
        "link_account",
        "void_proof",
        "unlink_account",
    ]
    assert {row["actor"] for row in rows} == {ANN}
    assert not any("c1" in str(dict(row)) for row in rows), "no customer of the shop in the audit"

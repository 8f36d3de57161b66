"""Writes without a reply are settled later, and their customers read it once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.answering.actions.settling import LATE, SettleCalls, SettledText
from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.ports import OutgoingPost
from bot.storage import Database
from bot.storage.tables import events, outbox
from tests.answering.actions.test_writes import DONE, Process, cancelling
from tests.common.alerts import KeptAlerts
from tests.servers.shop import ShopServer

WORDING = BotWording(ResponderConfig(), "en")


@pytest.fixture
def process(database: Database, shop: ShopServer) -> Process:
    return Process(database, shop)


def job(process: Process, alerts: KeptAlerts | None = None, *, lookup: bool = True) -> SettleCalls:
    return SettleCalls(
        process.calls,
        process.writes,
        lambda: cancelling(process.shop, lookup=lookup),
        lambda action, language: SettledText(f"{action} in {language}"),
        WORDING,
        process.clock,
        alerts=alerts,
    )


async def told(database: Database) -> list[str]:
    return await database.query(
        lambda connection: [row.payload["markdown"] for row in connection.execute(select(outbox))]
    )


async def test_what_was_done_is_told_once_by_any_number_of_processes(process: Process) -> None:
    process.shop.faults[:] = ["lost", 500]  # the reply is lost, and so is the first lookup
    assert (await process.run()).state == "unknown"
    jobs = [job(process) for _ in range(3)]
    for _ in range(3):
        process.clock.move(10)
        for each in jobs:
            await each.settle_due()
    assert process.shop.effects == [process.shop.calls[0].headers["Idempotency-Key"]]
    (said,) = await told(process.database)
    assert "**cancel_order in en** went through" in said


async def test_what_was_not_done_is_done_and_told(process: Process) -> None:
    process.shop.faults[:] = ["drop"]
    await process.run()
    await job(process).settle_due()
    assert await told(process.database) == [], "it may still be under way"
    process.clock.move(10)
    await job(process).settle_due()
    assert len(process.shop.effects) == 1
    assert len(await told(process.database)) == 1


async def test_what_is_known_not_to_be_done_is_told(process: Process) -> None:
    process.shop.faults[:] = ["drop"]
    await process.run()
    process.clock.move(10)
    process.shop.faults[:] = [404, 409]
    await job(process).settle_due()
    (said,) = await told(process.database)
    assert "did not go through, and nothing was changed" in said


async def test_while_the_customer_is_answered_the_answer_tells(process: Process) -> None:
    process.shop.faults[:] = ["lost", 500]
    await process.run()
    process.clock.move(10)
    await process.database.write(
        lambda connection: connection.execute(
            events.insert().values(
                id="forum:app:c:1",
                conversation="forum:app:c",
                direct=True,
                payload={},
                accepted_at=process.clock.now(),
                due_at=process.clock.now(),
                attempt=1,
                interrupted=0,
                posted=[],
                reason="",
            )
        )
    )
    await job(process).settle_due()
    assert await told(process.database) == []
    assert await process.run() == DONE


async def test_staff_are_alerted_of_what_nobody_can_look_up(process: Process) -> None:
    process.shop.faults[:] = ["lost"]
    await process.run(lookup=False)
    alerts = KeptAlerts()
    settling = job(process, alerts, lookup=False)
    await settling.settle_due()
    assert alerts.told == []
    process.clock.move(LATE.total_seconds() + 1)
    await settling.settle_due()
    ((_, text),) = alerts.told
    assert "frontdesk actions settle KEY done" in text
    (call,) = await process.calls.latest(1)
    post = OutgoingPost(call.conversation, "It is done.", "action:x", author=call.author)
    assert await process.calls.finish(call, "done", process.clock.now(), post=post, by="ann")
    assert not await process.calls.finish(call, "failed", process.clock.now(), post=post)
    await settling.settle_due()
    assert alerts.told == []
    assert await told(process.database) == ["It is done."]


async def test_a_lookup_that_fails_is_asked_less_and_less_often(process: Process) -> None:
    process.shop.faults[:] = ["lost"] + [500] * 99
    await process.run()
    settling, before = job(process), len(process.shop.calls)
    for _ in range(200):
        process.clock.move(5)
        await settling.settle_due()
    assert len(process.shop.calls) - before < 12

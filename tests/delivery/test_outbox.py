"""What the outbox promises, on both databases: once, in order, and nobody waits for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversations import Owner
from bot.delivery import OutboxWorker, accepting, claiming, inbox_tables, open_outbox
from bot.delivery.outbox import StoredOutbox
from bot.delivery.outbox_worker import HOLD
from bot.errors import AccessLost, AdapterError, ClaimLost, ServiceUnavailable, StateChanged
from bot.storage import Database
from bot.storage.cases import Cases
from bot.storage.conversation_states import StoredStates
from bot.storage.outbox import enqueue, free_all
from bot.storage.tables import outbox
from tests.delivery import outbox_process
from tests.delivery.outgoing import Postbox, eventually, post
from tests.delivery.processes import DeskProcess
from tests.delivery.support import MovableClock, outcome, received
from tests.delivery.worker_process import quick_inbox

ONE, OTHER = "test:app:one", "test:app:other"


@dataclass
class Office:
    """An open outbox, its clock, and what delivers."""

    database: Database
    clock: MovableClock
    outbox: StoredOutbox
    platform: Postbox

    async def rows(self) -> list[dict[str, Any]]:
        async with self.database.read() as connection:
            found = await connection.execute(select(outbox).order_by(outbox.c.id))
            return [dict(row) for row in found.mappings()]

    async def states(self) -> list[str]:
        return [row["state"] for row in await self.rows()]

    async def settled(self, *states: str) -> None:
        """Wait until the posts have these states."""
        async with asyncio.timeout(30):
            while await self.states() != [*states]:  # noqa: ASYNC110 - a database has no event
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[OutboxWorker]:
        adapters = {"test": self.platform}
        worker = OutboxWorker(self.outbox, adapters, concurrency=4, clock=self.clock)
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            self.platform.gate.set()
            await worker.stop()
            await running


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    clock = MovableClock()
    async with (
        quick_inbox(database, clock) as inbox,
        open_outbox(database, clock, inbox) as stored,
    ):
        yield Office(database, clock, stored, Postbox())


async def test_posts_are_delivered_in_the_order_of_their_conversation(office: Office) -> None:
    await office.outbox.enqueue(*(post(number, f"test:app:{number % 3}") for number in range(30)))
    async with office.delivering():
        await office.settled(*["delivered"] * 30)

    for lane in range(3):
        wanted = [f"line {number}" for number in range(30) if number % 3 == lane]
        assert office.platform.texts(f"test:app:{lane}") == wanted
    assert [row["platform_id"] for row in await office.rows()] != [""] * 30


async def test_a_post_whose_answer_was_lost_is_looked_for_before_it_is_repeated(
    office: Office,
) -> None:
    office.platform.losses = [ServiceUnavailable("the answer was lost")]
    await office.outbox.enqueue(post(1), post(2))
    async with office.delivering():
        await eventually(lambda: len(office.platform.attempts_made) == 1)
        await office.settled("posting", "queued")
        office.clock.move(1)
        await office.settled("delivered", "delivered")

    assert office.platform.texts() == ["line 1", "line 2"]
    assert office.platform.attempts_made == [("line 1", False), ("line 1", True), ("line 2", False)]


async def test_a_post_that_always_fails_holds_its_conversation_for_ten_minutes_at_most(
    office: Office,
) -> None:
    office.platform.failing[ONE] = ServiceUnavailable("away")
    await office.outbox.enqueue(post(1), post(2, OTHER))
    started, moved = office.clock.now(), 0.0
    async with office.delivering():
        while (await office.states())[0] != "failed":
            office.clock.move(4)
            office.outbox.wake()
            moved += 4
            assert moved <= HOLD
            await asyncio.sleep(0.005)
        await office.outbox.enqueue(post(3))
        del office.platform.failing[ONE]
        await office.settled("failed", "delivered", "delivered")

    assert office.clock.now() - started <= timedelta(seconds=HOLD)
    assert moved > HOLD / 2  # and it was tried for long
    assert office.platform.texts() == ["line 3"]
    assert office.platform.texts(OTHER) == ["line 2"]
    assert "ServiceUnavailable: away" in (await office.rows())[0]["reason"]
    assert await Cases(office.database, office.clock).count("undelivered") == 1


async def test_what_a_platform_refuses_fails_at_once_and_holds_nothing(office: Office) -> None:
    office.platform.refusals = [AdapterError("not in the channel")]
    await office.outbox.enqueue(post(1), post(2))
    async with office.delivering():
        await office.settled("failed", "delivered")


async def test_a_lost_token_is_tried_again(office: Office) -> None:
    office.platform.refusals = [AccessLost("revoked")]
    await office.outbox.enqueue(post(1))
    async with office.delivering():
        await eventually(lambda: office.platform.attempts_made)
        await office.settled("posting")
        office.clock.move(1)
        await office.settled("delivered")


async def test_what_is_due_later_waits_for_nobody_and_nobody_for_it(office: Office) -> None:
    later = office.clock.now() + timedelta(hours=24)
    await office.outbox.enqueue(post(1, due_at=later), post(2))
    async with office.delivering():
        await office.settled("queued", "delivered")
        office.platform.failing[ONE] = ServiceUnavailable("away")
        await office.outbox.enqueue(post(3))
        await office.settled("queued", "delivered", "posting")
        del office.platform.failing[ONE]
        office.clock.move(24 * 3600)
        await office.settled("delivered", "delivered", "delivered")


async def test_only_what_has_not_begun_can_be_cancelled(office: Office) -> None:
    first, second = await office.outbox.enqueue(post(1), post(2))
    office.platform.gate.clear()
    async with office.delivering():
        await office.settled("posting", "queued")
        assert not await office.outbox.cancel(first)
        assert await office.outbox.cancel(second)
        assert not await office.outbox.cancel(second)
        office.platform.gate.set()
        await office.settled("delivered", "cancelled")

    assert office.platform.texts() == ["line 1"]


async def test_a_post_for_an_earlier_version_of_its_conversation_is_not_made(
    office: Office,
) -> None:
    states = StoredStates(office.database, office.clock)
    state = await states.change((await states.state(ONE)).moved(Owner.WAITING))
    await office.outbox.enqueue(post(1, version=state.version), post(2, version=0), post(3))
    async with office.delivering():
        await office.settled("delivered", "cancelled", "delivered")

    assert office.platform.texts() == ["line 1", "line 3"]


async def test_the_posts_of_an_event_are_stored_with_its_end_or_not_at_all(
    office: Office,
) -> None:
    states = StoredStates(office.database, office.clock)
    before = await states.state(ONE)
    now = office.clock.now()
    event = received(1)

    def claimed(connection: Any) -> Any:  # noqa: ANN401 - whatever the table gives
        (number,) = accepting.put(connection, [(event, "")], now=now).numbers
        assert number is not None
        return claiming.take(connection, [number], token="t")[number]

    claim = await office.database.write(claimed)
    await states.change(before.moved(Owner.WAITING))
    relayed = replace(outcome(event), outgoing=(post(1, OTHER), post(2, OTHER)))
    late = replace(relayed, state=before.moved(Owner.CLOSED))
    with pytest.raises(StateChanged):
        await office.database.write(partial(inbox_tables.finish, done=[(claim, late)], now=now))
    assert await office.states() == []

    await office.database.write(partial(inbox_tables.finish, done=[(claim, relayed)], now=now))

    assert [row["payload"]["markdown"] for row in await office.rows()] == ["line 1", "line 2"]


async def test_a_reservation_that_was_taken_over_records_nothing(office: Office) -> None:
    await office.outbox.enqueue(post(1))
    (first,) = await office.outbox.reserve(["test"], 1)
    assert not await office.outbox.reserve(["test"], 1)
    await office.database.write(free_all)
    (second,) = await office.outbox.reserve(["test"], 1)

    assert (first.repeated, second.repeated) == (False, True)
    assert first.key == second.key
    with pytest.raises(ClaimLost):
        await office.outbox.delivered(first, "post 1")
    await office.outbox.delivered(second, "post 2")
    assert [row["platform_id"] for row in await office.rows()] == ["post 2"]


async def test_whoever_looks_for_a_post_is_told_which_others_stand_there(office: Office) -> None:
    await office.outbox.enqueue(post(1), post(2))
    (first,) = await office.outbox.reserve(["test"], 1)
    await office.outbox.delivered(first, "11 12")
    (second,) = await office.outbox.reserve(["test"], 1)
    await office.outbox.retry(second, "lost", 0.0)
    (again,) = await office.outbox.reserve(["test"], 1)

    assert not second.standing
    assert again.standing == {"11", "12"}


async def test_an_edited_post_stands_in_what_its_edit_has_made_of_it(office: Office) -> None:
    (number,) = await office.outbox.enqueue(post(1))
    (first,) = await office.outbox.reserve(["test"], 1)
    await office.outbox.delivered(first, "11")
    edit = replace(post(2), kind="edit", target=number)
    for ids in (("11",), ("11", "12")):
        await office.outbox.enqueue(edit)
        (reserved,) = await office.outbox.reserve(["test"], 1)
        assert reserved.changes == ids
        await office.outbox.delivered(reserved, "11 12")


async def test_posts_for_a_platform_of_other_processes_are_left_to_them(office: Office) -> None:
    await office.outbox.enqueue(post(1, "elsewhere:app:one"), post(2))
    async with office.delivering():
        await office.settled("queued", "delivered")


async def test_the_backlog_counts_what_is_due(office: Office) -> None:
    later = office.clock.now() + timedelta(hours=1)
    await office.outbox.enqueue(post(1), post(2), post(3, due_at=later))
    office.clock.move(60)

    backlog = await office.outbox.backlog()

    assert (backlog.depth, backlog.oldest_age) == (2, 60.0)


async def test_a_stopping_worker_leaves_what_it_cannot_end_to_the_next(office: Office) -> None:
    await office.outbox.enqueue(post(1))
    (reserved,) = await office.outbox.reserve(["test"], 1)
    await office.outbox.retry(reserved, "", 0.0)  # as a worker does that is cancelled
    async with office.delivering():
        await office.settled("delivered")
    assert office.platform.attempts_made == [("line 1", True)]


@pytest.mark.parametrize("point", ["reserved", "posted", "recorded"])
async def test_a_kill_at_any_point_of_a_delivery_repeats_and_loses_nothing(
    database: Database, url: str, tmp_path: Path, point: str
) -> None:
    record, count = tmp_path / "record", 8
    coming = [post(number, f"test:app:{number % 2}") for number in range(count)]
    await database.write(partial(enqueue, posts=coming, now=datetime.now(UTC)))

    deaths = await _deliver(url, record, point)

    assert deaths >= 1
    posted = [line.split("\t") for line in record.read_text().splitlines()]
    for lane in range(2):
        wanted = [f"line {number}" for number in range(count) if number % 2 == lane]
        assert [text for _, where, text in posted if where == f"test:app:{lane}"] == wanted


async def _deliver(url: str, record: Path, point: str) -> int:
    """Run processes that die at a point, until one has delivered everything; count the deaths."""
    deaths = 0
    while True:
        process = await DeskProcess.start(partial(outbox_process.main, point=point), url, record, 0)
        await process.wait()
        if process.returncode == 0:
            return deaths
        deaths += 1

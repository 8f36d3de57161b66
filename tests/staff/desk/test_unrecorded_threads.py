"""A line that staff write before it is recorded which thread was opened belongs to its case."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.staff.desk.conftest import DeskRoom


async def test_a_thread_is_known_as_soon_as_it_is_recorded(room: DeskRoom) -> None:
    case = await room.desk.open(room.message("where is it?"), room.opening())
    (reserved,) = await room.outbox.reserve(["chat"], 1)
    thread = f"{reserved.post.conversation}:9"
    asked = asyncio.create_task(room.desk.case_of_thread(thread))
    await asyncio.sleep(0.1)
    assert not asked.done()
    await room.outbox.delivered(reserved, "9")

    assert await asked == case.number


async def test_nothing_waits_where_no_thread_is_being_opened(room: DeskRoom) -> None:
    await room.opened()
    began = time.monotonic()

    assert await room.desk.case_of_thread("chat:app:CASES:other") is None
    assert await room.desk.case_of_thread("forum:app:help:77") is None
    assert time.monotonic() - began < 1


async def test_a_thread_of_somebody_else_is_waited_for_a_moment_only(
    room: DeskRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.staff.desk.unrecorded_threads.PATIENCE", 0.1)
    await room.desk.open(room.message("where is it?"), room.opening())
    (reserved,) = await room.outbox.reserve(["chat"], 1)
    await room.outbox.retry(reserved, "away", 60.0)

    assert await room.desk.case_of_thread(f"{reserved.post.conversation}:8") is None

"""Staff are alerted when many of a week's messages are frustrated, as config says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app.background import running
from bot.app.staff import build_staff_tools
from bot.config.schema import Config
from bot.decisions import Decision, DecisionKind
from bot.ports import EventOutcome
from bot.sentiment import Sentiment
from bot.staff.frustration_watch import ENOUGH, INTERVAL, WEEK, FrustrationWatch
from bot.storage import Database
from bot.storage.transcripts import record
from tests.delivery.conftest import Desk
from tests.delivery.support import START, MovableClock, received
from tests.staff.posters import Voice

HIGH, LOW = Sentiment(0.9, 0.05), Sentiment(0.1, 0.1)


async def fill(database: Database, frustrated: int, others: int) -> None:
    feelings = [HIGH] * frustrated + [LOW] * others
    plain = Decision("", "", DecisionKind.UNKNOWN)
    answered = [
        (
            event := received(number),
            EventOutcome(
                replace(
                    plain,
                    id=f"d:{event.message.id}",
                    message_id=event.message.id,
                    sentiment=felt,
                ),
                "",
            ),
        )
        for number, felt in enumerate(feelings)
    ]
    await database.write(partial(record, answered=answered, at=START))


async def reached(until: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not until():  # noqa: ASYNC110 - a clock that stands still tells nobody
            await asyncio.sleep(0.002)


async def alerts_of(desk: Desk, clock: MovableClock, config: dict[str, Any]) -> list[str]:
    """Return what the staff of a service read after the watch has looked once."""
    tools = build_staff_tools(
        Config.model_validate(config), [Voice()], desk.database, desk.inbox, clock
    )
    watches = [job for job in tools.jobs if isinstance(job, FrustrationWatch)]
    with capture_logs() as logs:
        async with running(*watches):
            for _ in watches:
                await reached(lambda: clock.sleeping)
                clock.move(INTERVAL)
                await reached(lambda: clock.sleeping)
    return [line["reason"] for line in logs if line["event"] == "alert"]


@pytest.mark.parametrize(
    ("limit", "told"),
    [("30%", 1), ("50%", 0), (False, 0)],
)
async def test_the_share_of_a_week_is_compared_with_the_limit(
    desk: Desk, limit: object, told: int
) -> None:
    await fill(desk.database, ENOUGH // 2 - 2, ENOUGH // 2 + 2)
    found = await alerts_of(desk, MovableClock(), {"stats": {"alert_frustrated": limit}})
    assert len(found) == told
    for each in found:
        assert "23 of 50 messages of the last 7 days (46%) were frustrated" in each


async def test_a_handful_of_messages_alerts_nobody(desk: Desk) -> None:
    await fill(desk.database, ENOUGH - 1, 0)
    assert await alerts_of(desk, MovableClock(), {}) == []


async def test_what_is_older_than_a_week_is_over(desk: Desk) -> None:
    await fill(desk.database, ENOUGH, 0)
    clock = MovableClock()
    clock.move(WEEK.total_seconds())
    assert await alerts_of(desk, clock, {}) == []

"""Too many messages of one person: asked once to slow down, kept all the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.delivery import Worker
from bot.errors import ServiceUnavailable
from bot.messages import Author, DecisionKind, Part, Received, Say
from bot.responder import Responder, Turn
from bot.stages.gates import RateLimitGate
from bot.storage import StoredTranscripts
from bot.storage.tables import decisions, messages
from tests.delivery.conftest import Desk
from tests.delivery.platform import ListAdapter
from tests.delivery.support import START, MovableClock, received

WORDING = BotWording(ResponderConfig(introduction=False), "en")
SLOW_DOWN = WORDING.say("too_fast", "en")


class Repeat:
    """The stage that answers, once the limit lets a message pass."""

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        yield Say(turn.text)
        yield turn.decide(DecisionKind.INTENT, "repeated")


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time by which rates are measured, in seconds; it stands still until it is changed."""
    now = [START.timestamp()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


async def replies(
    desk: Desk, sent: Sequence[Received], limit: str, *failures: Exception
) -> dict[str, str]:
    """Have messages answered under a limit."""
    return await answered(desk, sent, RateLimitGate(limit, WORDING, MovableClock()), *failures)


async def answered(
    desk: Desk, sent: Sequence[Received], stage: RateLimitGate, *failures: Exception
) -> dict[str, str]:
    """Have messages answered; return what was posted, by message."""
    responder = Responder(
        [stage, Repeat()],
        transcripts=StoredTranscripts(desk.database),
        wording=WORDING,
        clock=SystemClock(),
        default_language="en",
    )
    adapter = ListAdapter(*failures)
    worker = Worker(desk.inbox, responder, {"test": adapter}, concurrency=1, clock=SystemClock())
    for event in sent:
        await desk.inbox.accept(event)
    running = asyncio.create_task(worker.run())
    while (await desk.inbox.backlog()).depth:  # noqa: ASYNC110 - a database has no event
        await asyncio.sleep(0.005)
    await worker.stop()
    await running
    return dict(adapter.posts)


def by(name: str, number: int, conversation: str = "test:app:one") -> Received:
    """A message of somebody else."""
    event = received(number, conversation)
    return replace(event, message=replace(event.message, author=Author(f"test:team:{name}")))


async def test_hasty_people_are_asked_once_to_slow_down_and_then_listened_to(
    sqlite_desk: Desk, moment: list[float]
) -> None:
    posts = await replies(sqlite_desk, [received(number) for number in range(8)], "3/minute")
    assert list(posts.values()) == ["message 0", "message 1", "message 2", SLOW_DOWN]


async def test_everything_that_was_written_is_in_the_transcript_with_its_decision(
    sqlite_desk: Desk, moment: list[float]
) -> None:
    await replies(sqlite_desk, [received(number) for number in range(5)], "2/minute")
    async with sqlite_desk.database.read() as connection:
        said = list(
            await connection.scalars(
                select(messages.c.text).where(messages.c.role == "customer").order_by("id")
            )
        )
        kinds = sorted(await connection.scalars(select(decisions.c.kind)))
    assert said == [f"message {number}" for number in range(5)]
    assert kinds == ["intent", "intent", "limited", "limited", "limited"]


async def test_each_person_has_a_limit_wherever_they_write(
    sqlite_desk: Desk, moment: list[float]
) -> None:
    sent = [by("ann", 1), by("bob", 2), by("ann", 3, "test:app:two"), by("bob", 4)]
    posts = await replies(sqlite_desk, sent, "1/minute")
    assert sorted(posts.values()) == [SLOW_DOWN, SLOW_DOWN, "message 1", "message 2"]


async def test_whoever_waits_is_answered_again(sqlite_desk: Desk, moment: list[float]) -> None:
    stage = RateLimitGate("1/minute", WORDING, MovableClock())
    first = await answered(sqlite_desk, [received(number) for number in (1, 2, 3)], stage)
    moment[0] += 121
    later = await answered(sqlite_desk, [received(number) for number in (4, 5, 6)], stage)
    assert list(first.values()) == ["message 1", SLOW_DOWN]
    assert list(later.values()) == ["message 4", SLOW_DOWN]


async def test_a_message_that_is_tried_again_counts_once(
    sqlite_desk: Desk, moment: list[float]
) -> None:
    away = [ServiceUnavailable("away")] * 2
    posts = await replies(sqlite_desk, [received(1), received(2), received(3)], "2/minute", *away)
    assert list(posts.values()) == ["message 1", "message 2", SLOW_DOWN]


async def test_the_request_to_slow_down_survives_a_failed_post(
    sqlite_desk: Desk, moment: list[float]
) -> None:
    stage = RateLimitGate("1/minute", WORDING, MovableClock())
    await answered(sqlite_desk, [received(1)], stage)
    posts = await answered(sqlite_desk, [received(2)], stage, ServiceUnavailable("away"))
    assert list(posts.values()) == [SLOW_DOWN]


async def test_what_waited_for_the_desk_does_not_count_as_haste(
    sqlite_desk: Desk, moment: list[float]
) -> None:
    clock = MovableClock()
    clock.move(timedelta(minutes=30).total_seconds())  # the desk was down
    sent = [received(number) for number in range(5)]
    posts = await answered(sqlite_desk, sent, RateLimitGate("2/minute", WORDING, clock))
    assert len(posts) == 5
    assert SLOW_DOWN not in posts.values()


async def test_people_are_asked_in_their_language(sqlite_desk: Desk, moment: list[float]) -> None:
    sent = [by("ann", number) for number in (1, 2)]
    german = [
        replace(event, message=replace(event.message, author=Author("test:team:ann", "", "de")))
        for event in sent
    ]
    posts = await replies(sqlite_desk, german, "1/minute")
    assert list(posts.values())[1] == WORDING.say("too_fast", "de") != SLOW_DOWN

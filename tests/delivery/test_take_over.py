"""Whoever takes a conversation over stops the bot's posts, at whatever moment that is."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy import select

from bot.clock import SystemClock
from bot.conversations import Owner
from bot.delivery import Worker
from bot.delivery.outbox import StoredOutbox
from bot.delivery.posting import TAKEN_OVER
from bot.messages import Done, Event, Message, Part, Say
from bot.ports import Posting
from bot.storage.conversation_states import StoredStates
from bot.storage.outbox import enqueue
from bot.storage.tables import decisions, events, messages
from tests.delivery.conftest import Desk
from tests.delivery.outgoing import post
from tests.delivery.platform import Echo, ListAdapter
from tests.delivery.support import received
from tests.delivery.worker_process import anything_left

TAKE_OVERS = 200
AGENT = "test:team:agent"


class SlowPlatform(ListAdapter):
    """Posts each reply in three posts, some milliseconds apart.

    Attributes:
        made: When the reservation of each post was asked for, by conversation.
    """

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, list[float]] = {}
        self._chance = random.Random(3)  # noqa: S311 - pauses, no secrets

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        said = [part async for part in parts if isinstance(part, Say)]
        conversation = posting.event.message.conversation
        for number in range(3 if said else 0):
            asked = asyncio.get_running_loop().time()
            await posting.reserve()
            await asyncio.sleep(self._chance.uniform(0, 0.004))
            self.made.setdefault(conversation, []).append(asked)
            await posting.remember(f"{conversation} {number}")


class BotsOwn:
    """A responder that is silent where a person owns the conversation, as the real one is."""

    def __init__(self, states: StoredStates) -> None:
        self._states = states

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        state = await self._states.state(event.message.conversation)
        async for part in Echo().respond(event):
            if state.owner is not Owner.HUMAN or isinstance(part, Done):
                yield part


async def _taken_over(states: StoredStates, conversation: str, delay: float) -> float:
    """Take a conversation over after a while; return when that was stored."""
    await asyncio.sleep(delay)
    state = await states.state(conversation)
    await states.change(state.moved(Owner.HUMAN, assignee=AGENT))
    return asyncio.get_running_loop().time()


async def test_no_post_begins_after_a_take_over_was_stored(desk: Desk) -> None:
    chance = random.Random(20260105)  # noqa: S311 - moments to take over at, no secrets
    clock, platform = SystemClock(), SlowPlatform()
    states = StoredStates(desk.database, clock)
    responder = BotsOwn(states)
    worker = Worker(desk.inbox, responder, {"test": platform}, concurrency=16, clock=clock)
    places = [f"test:app:{number}" for number in range(TAKE_OVERS)]
    stored: dict[str, float] = {}
    finished: dict[str, int] = {}

    async def converse(number: int, place: str) -> None:
        await desk.inbox.accept(received(number, place))
        stored[place] = await _taken_over(states, place, chance.uniform(0, 0.12))
        finished[place] = len(platform.made.get(place, ()))

    running = asyncio.create_task(worker.run())
    for start in range(0, TAKE_OVERS, 16):
        batch = places[start : start + 16]
        await asyncio.gather(*(converse(start + n, place) for n, place in enumerate(batch)))
    while await anything_left(desk.database):  # noqa: ASYNC110 - the database tells nobody
        await asyncio.sleep(0.01)
    await worker.stop()
    await running

    begun_after = [
        place for place in places for asked in platform.made.get(place, ()) if asked > stored[place]
    ]
    under_way = Counter(len(platform.made.get(place, ())) - finished[place] for place in places)
    assert begun_after == []
    assert set(under_way) <= {0, 1}, under_way
    shown = Counter(len(platform.made.get(place, ())) for place in places)
    assert sum(shown[posts] for posts in (0, 1, 2)) > TAKE_OVERS / 20, "too few met a reply"


async def test_a_reply_that_was_not_begun_is_decided_again(desk: Desk) -> None:
    states, clock = StoredStates(desk.database, SystemClock()), SystemClock()
    event = received(1)
    await desk.inbox.accept(event)
    platform = ListAdapter()
    platform.open_gate.clear()
    worker = Worker(desk.inbox, BotsOwn(states), {"test": platform}, concurrency=1, clock=clock)
    running = asyncio.create_task(worker.run())
    while not platform.attempts:  # noqa: ASYNC110 - a list tells nobody
        await asyncio.sleep(0.005)
    await _taken_over(states, event.message.conversation, 0)
    platform.open_gate.set()
    while await anything_left(desk.database):  # noqa: ASYNC110 - the database tells nobody
        await asyncio.sleep(0.01)
    await worker.stop()
    await running

    assert platform.posts == []
    assert platform.attempts == [(event.message.id, 1), (event.message.id, 2)]
    async with desk.database.read() as connection:
        roles = list(await connection.scalars(select(messages.c.role)))
    assert roles == ["customer"]


class Lines:
    """Notes what is carried to staff."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def to_staff(self, message: Message) -> bool:
        self.texts.append(message.text)
        return True


async def test_a_reply_that_was_begun_ends_with_the_reason_and_its_question_goes_to_staff(
    desk: Desk,
) -> None:
    states, clock, lines = StoredStates(desk.database, SystemClock()), SystemClock(), Lines()
    event = received(1)
    await desk.inbox.accept(event)

    class Halting(SlowPlatform):
        """Lets somebody take over after its first post."""

        async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
            await posting.reserve()
            await posting.remember("post 1")
            await _taken_over(states, event.message.conversation, 0)
            await super().post(posting, parts)

    worker = Worker(
        desk.inbox, Echo(), {"test": Halting()}, concurrency=1, clock=clock, lines=lines
    )
    running = asyncio.create_task(worker.run())
    while await anything_left(desk.database):  # noqa: ASYNC110 - the database tells nobody
        await asyncio.sleep(0.01)
    await worker.stop()
    await running

    async with desk.database.read() as connection:
        decision = (await connection.execute(select(decisions))).one()
    assert (decision.kind, decision.reasons[-1]) == ("intent", TAKEN_OVER)
    assert lines.texts == ["message 1"]


async def test_a_reservation_is_stored_before_the_post_and_known_to_the_next_attempt(
    desk: Desk,
) -> None:
    await desk.inbox.accept(received(1))
    claim = await desk.inbox.claim()
    assert not claim.begun
    await desk.inbox.reserve(claim)
    async with desk.database.read() as connection:
        assert await connection.scalar(select(events.c.posting))
    await desk.restart()

    assert (await desk.inbox.claim()).begun


async def test_a_line_is_not_held_up_by_a_message_in_retry(desk: Desk) -> None:
    """Inbox and outbox have orders of their own."""
    await desk.inbox.accept(received(1))
    await desk.inbox.retry(await desk.inbox.claim(), "the platform is away", 600.0)
    now = SystemClock().now()
    numbers = await desk.database.write(partial(enqueue, posts=[post(1)], now=now))
    stored = StoredOutbox(desk.database, SystemClock())

    (reserved,) = await stored.reserve(["test"], 1)

    assert [reserved.number] == numbers

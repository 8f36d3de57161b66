"""Whatever people write, edit and delete, in whatever order it comes, and whoever is killed.

At the end every message that still stands is covered by one answer, and the transcript says what
it says last; of a message that is gone no text is left there.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.clock import SystemClock
from bot.delivery import Intake, Worker, open_inbox
from bot.messages import Event, Received
from bot.storage import Database, StoredTranscripts, open_database
from bot.storage.tables import events, messages
from tests.delivery.changes import Wall, deleted, edited
from tests.delivery.platform import Echo
from tests.delivery.support import received
from tests.delivery.worker_process import anything_left

PEOPLE = ("ann", "ben")
PLACES = ("test:app:one", "test:app:two")


@dataclass
class Expected:
    """What the customers did to one message."""

    event: Received
    text: str
    gone: bool = False
    changes: list[Event] = field(default_factory=list)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Expected], list[Event], int]:
    """Messages with their edits and deletions, everything in any order, some of it twice."""
    expected = []
    count = draw(st.integers(1, 6))
    for number in range(count):
        place, author = draw(st.sampled_from(PLACES)), draw(st.sampled_from(PEOPLE))
        event = received(
            number, place, text=f"q{number}.", author=author, apart=timedelta(seconds=1)
        )
        kept = Expected(event, event.message.text)
        for nth in range(draw(st.integers(0, 2))):
            kept.text = f"q{number}.{nth}."
            kept.changes.append(
                edited(event, kept.text, after=timedelta(seconds=5 + nth), number=nth)
            )
        if draw(st.integers(0, 3)) == 0:
            kept.gone = True
            kept.changes.append(deleted(event))
        expected.append(kept)
    coming = [each for kept in expected for each in (kept.event, *kept.changes)]
    chance = draw(st.randoms(use_true_random=False))
    coming += [each for each in coming if chance.random() < 0.3]
    if draw(st.booleans()):
        chance.shuffle(coming)
    return expected, coming, draw(st.integers(0, 2**16))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
@given(histories())
def test_what_stands_is_answered_once_as_it_reads_last(
    history: tuple[list[Expected], list[Event], int],
) -> None:
    asyncio.run(asyncio.wait_for(_play(*history), 8.0))


class Hasty(Wall):
    """Takes a moment for each post, and none of them long."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance

    async def before_each(self) -> None:
        await asyncio.sleep(self._chance.choice((0, 0, 0.002)))


async def _play(expected: list[Expected], coming: list[Event], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - pauses, no secrets
    wall = Hasty(chance)
    with tempfile.TemporaryDirectory() as folder:
        async with await open_database(f"sqlite:///{Path(folder)}/desk.db") as database:
            for number, batch in enumerate(_batches(coming, chance)):
                await _serve(database, wall, batch, chance, last=number == 1)
            await _check(database, wall, expected)


def _batches(coming: list[Event], chance: random.Random) -> list[list[Event]]:
    """Cut somewhere: there the desk is stopped amid its work."""
    cut = chance.randint(0, len(coming))
    return [coming[:cut], coming[cut:]]


async def _serve(
    database: Database, wall: Wall, batch: list[Event], chance: random.Random, *, last: bool
) -> None:
    clock = SystemClock()
    async with open_inbox(database, clock, pause=0.0) as inbox:
        intake = Intake(inbox, StoredTranscripts(database))
        worker = Worker(inbox, Echo(), {"test": wall}, concurrency=3, clock=clock)
        running = asyncio.create_task(worker.run())
        for event in batch:
            await intake.accept(event)
            await asyncio.sleep(chance.choice((0, 0, 0.001, 0.005)))
        while last and await anything_left(database):  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.002)
        await worker.stop(grace=5.0 if last else 0.0)
        await running


async def _check(database: Database, wall: Wall, expected: list[Expected]) -> None:
    """Compare what stands with what the customers did."""
    async with database.read() as connection:
        assert (await connection.execute(select(events.c.id))).all() == []
        rows = (await connection.execute(select(messages))).all()
    answers = {row.event: row for row in rows if row.role == "bot"}
    lines = {row.event: row for row in rows if row.role == "customer"}
    standing = {each.event.message.id for each in expected if not each.gone}
    assert set(lines) == standing
    assert sorted(wall.shown) == sorted(each for row in answers.values() for each in row.posted)
    said = "\n".join(wall.shown.values())
    for each in expected:
        message = each.event.message.id
        times = said.count(f"q{message.rpartition(':')[2]}.")
        # an answer that somebody has written after stays when its question is deleted
        assert times in ((0, 1) if each.gone else (1,)), said
        if not each.gone:
            row = lines[message]
            assert row.text == each.text
            assert (row.answered_by or row.event) in answers

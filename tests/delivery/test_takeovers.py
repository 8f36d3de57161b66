"""A colleague who writes in a customer's conversation has it before the line is taken in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Table, select

from bot.config.staff import MembersConfig
from bot.delivery import Intake
from bot.delivery.outbox import StoredOutbox
from bot.delivery.takeovers import StoredTakeovers
from bot.messages import Addressing, Author, Readers, Received, Visibility
from bot.ownership import ConversationState, Owner
from bot.ports import CaseButton, OutgoingPost
from bot.staff.roster import Roster
from bot.stages.staff_commands import is_command
from bot.storage import StoredTranscripts
from bot.storage.case_acts import Act, end
from bot.storage.cases import open_thread
from bot.storage.conversation_states import StoredStates
from bot.storage.moves import MOVE
from bot.storage.tables import audit, cases, messages, outbox
from bot.storage.transcripts import record
from tests.delivery.conftest import Desk
from tests.delivery.support import MovableClock, outcome, received

ONE = "test:app:one"
ANN, AGENT, EVE = "test:team:ann", "test:team:agent", "test:team:eve"


def line(number: int, author: str = "agent", **values: object) -> Received:
    """A line of a colleague in the customer's conversation."""
    message = received(number, addressing=Addressing.THREAD, author=author).message
    return Received(replace(message, **values))  # type: ignore[arg-type]


@dataclass
class Room:
    """An intake with take-overs, and what is stored."""

    desk: Desk
    clock: MovableClock

    def __post_init__(self) -> None:
        roster = Roster({"test": MembersConfig(users=frozenset({"agent", "eve"}))})
        database = self.desk.database
        self.states = StoredStates(database, self.clock)
        self.intake = Intake(
            self.desk.inbox,
            StoredTranscripts(database),
            mark=roster.mark,
            takeovers=StoredTakeovers(
                database,
                self.clock,
                team="default",
                is_staff=lambda person: roster.includes(Author(person)),
                is_command=is_command,
            ),
        )

    async def asked(self, author: str = "ann") -> Received:
        """Somebody asked, and was answered."""
        event = received(1, author=author)
        await self.desk.database.write(
            partial(record, answered=[(event, outcome(event))], at=event.message.sent_at)
        )
        return event

    async def state(self) -> ConversationState:
        return await self.states.state(ONE)

    async def rows(self, table: Table) -> list[Any]:
        query = select(table).order_by(*table.primary_key)
        return list(await self.desk.database.query(lambda it: it.execute(query).all()))

    async def posts(self) -> list[OutgoingPost]:
        stored = StoredOutbox(self.desk.database, self.clock)
        return [each.post for each in await stored.reserve(["test"], 10)]

    async def ended(self, owner: Owner, cause: str) -> None:
        (case,) = await self.rows(cases)
        act = Act(AGENT, cause, self.clock.now())
        await self.desk.database.write(lambda it: end(it, case.id, act, owner=owner))


@pytest.fixture
async def room(desk: Desk) -> Room:
    clock = MovableClock()
    clock.move(3600)
    return Room(desk, clock)


async def test_a_colleagues_own_line_takes_the_conversation_over(room: Room) -> None:
    await room.asked()

    assert await room.intake.accept(line(2))

    state = await room.state()
    assert (state.owner, state.assignee, state.team) == (Owner.HUMAN, AGENT, "default")
    (case,) = await room.rows(cases)
    assert (case.conversation, case.author, case.trigger) == (ONE, ANN, "taken_over")
    assert (case.assignee, case.closed_at) == (AGENT, None)
    assert case.staff_at == case.first_staff_at == case.claimed_at == room.clock.now()
    (entry,) = [each for each in await room.rows(messages) if each.role == MOVE]
    assert (entry.author, entry.text.partition(":")[0]) == (AGENT, "bot -> human (default)")
    (done,) = await room.rows(audit)
    assert (done.actor, done.action, done.subject) == (
        AGENT,
        "case_take_over",
        f"case {case.id}",
    )


async def test_the_colleague_alone_reads_that_it_is_theirs(room: Room) -> None:
    await room.asked()
    await room.intake.accept(line(2))

    (post,) = await room.posts()

    (case,) = await room.rows(cases)
    assert "You have it now" in post.markdown
    assert (post.conversation, post.author, post.visibility) == (ONE, AGENT, Visibility.PRIVATE)
    assert post.case_buttons == (CaseButton("return", case.id, "Return to bot"),)


async def test_the_bot_begins_nothing_from_then_on(room: Room) -> None:
    await room.intake.accept(received(1))
    claim = await room.desk.inbox.claim()

    await room.intake.accept(line(2))

    with pytest.raises(Exception, match="has changed since version 0"):
        await room.desk.inbox.reserve(claim)
    (case,) = await room.rows(cases)
    assert case.author == ANN  # though nothing of the conversation is in the transcript yet


async def test_further_lines_of_theirs_change_nothing_but_when_they_wrote(room: Room) -> None:
    await room.asked()
    await room.intake.accept(line(2))
    room.clock.move(60)
    await room.intake.accept(line(3))

    assert (await room.state()).version == 1
    (case,) = await room.rows(cases)
    assert case.staff_at == room.clock.now()
    assert case.first_staff_at == case.claimed_at < case.staff_at
    assert len(await room.rows(outbox)) == 1


async def test_another_colleague_takes_it_from_the_first(room: Room) -> None:
    await room.asked()
    await room.intake.accept(line(2))
    await room.intake.accept(line(3, "eve"))

    assert (await room.state()).assignee == EVE
    (case,) = await room.rows(cases)
    assert case.assignee == EVE
    assert await room.posts() == []  # what the first colleague was to read is needless by now
    (post,) = await room.posts()
    assert post.author == EVE


async def test_a_line_that_is_delivered_again_takes_nothing_over_again(room: Room) -> None:
    await room.asked()
    await room.intake.accept(line(2))
    await room.ended(Owner.BOT, "return-1")

    assert not await room.intake.accept(line(2))

    assert (await room.state()).owner is Owner.BOT


async def test_a_line_from_before_the_end_takes_nothing_over(room: Room) -> None:
    await room.asked()
    await room.intake.accept(line(2))
    await room.ended(Owner.CLOSED, "close-1")

    late = line(3, sent_at=room.clock.now() - timedelta(minutes=5))
    assert await room.intake.accept(late)

    assert (await room.state()).owner is Owner.CLOSED


async def test_a_line_after_the_end_takes_it_over_with_a_case_of_its_own(room: Room) -> None:
    await room.asked()
    await room.intake.accept(line(2))
    await room.ended(Owner.CLOSED, "close-1")
    await room.intake.accept(line(3, sent_at=room.clock.now()))

    assert (await room.state()).owner is Owner.HUMAN
    first, second = await room.rows(cases)
    assert first.closed_at is not None
    assert (second.closed_at, second.assignee) == (None, AGENT)


async def test_the_open_case_becomes_theirs(room: Room) -> None:
    event = await room.asked()
    waiting = {
        "kind": "handoff",
        "conversation": ONE,
        "event": event.message.id,
        "author": ANN,
        "note": "",
        "opened_at": room.clock.now(),
        "team": "billing",
    }
    await room.desk.database.write(lambda it: it.execute(cases.insert().values(waiting)))
    await room.states.change((await room.state()).moved(Owner.WAITING, team="billing"))

    await room.intake.accept(line(2))

    (case,) = await room.rows(cases)
    assert (case.assignee, case.team) == (AGENT, "billing")
    assert (await room.state()).team == "billing"


@pytest.mark.parametrize(
    "said",
    [
        line(2, text="/frontdesk status"),
        line(2, addressing=Addressing.COMMAND),
        line(2, addressing=Addressing.EPHEMERAL),
        line(2, readers=Readers.AUTHOR),
        line(2, author="ben"),
    ],
    ids=["command", "slash", "ephemeral", "alone", "customer"],
)
async def test_what_is_not_said_to_the_customer_takes_nothing_over(
    room: Room, said: Received
) -> None:
    await room.asked()
    await room.intake.accept(said)

    assert (await room.state()).owner is Owner.BOT
    assert await room.rows(cases) == []


async def test_staff_who_asked_themselves_are_still_answered(room: Room) -> None:
    await room.asked("agent")
    await room.intake.accept(line(2))
    await room.intake.accept(line(3, "eve"))

    assert (await room.state()).owner is Owner.BOT


async def test_a_line_in_a_case_thread_takes_nothing_over(room: Room) -> None:
    await room.asked()
    await room.intake.accept(line(2))
    await room.ended(Owner.BOT, "return-1")
    (case,) = await room.rows(cases)
    await room.desk.database.write(
        lambda it: open_thread(it, case.id, thread=ONE, at=room.clock.now())
    )
    await room.intake.accept(line(3, sent_at=room.clock.now()))

    assert (await room.state()).owner is Owner.BOT


async def test_a_first_line_of_staff_is_no_take_over(room: Room) -> None:
    await room.intake.accept(line(1, addressing=Addressing.MENTION))

    assert (await room.state()).owner is Owner.BOT

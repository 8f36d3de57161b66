"""Moves between owners, their entries in the transcript, and what is remembered after a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.delivery import accepting, claiming, inbox_tables
from bot.errors import MoveNotAllowed
from bot.messages import Decision, DecisionKind, Received
from bot.open_form import FormChange
from bot.ownership import ConversationState, Owner
from bot.ports import EventOutcome
from bot.storage import Database, StoredTranscripts
from bot.storage.conversation_states import StoredStates, state_of
from bot.storage.erasure import Person, erase
from bot.storage.forms import StoredForms
from bot.storage.last_answers import StoredLastAnswers
from bot.storage.moves import MOVE, move, was_moved_by
from bot.storage.tables import conversations, messages
from bot.storage.transcripts import record
from tests.delivery.support import START, MovableClock, outcome, received
from tests.open_forms import an_open_form

ONE = "test:app:one"
ANN = received(0).message.author
AGENT = "test:team:agent"


def _at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


async def moved(
    database: Database, owner: Owner, cause: str, minutes: float = 0, **values: str
) -> ConversationState:
    return await database.write(
        lambda it: move(it, ONE, owner, cause=cause, at=_at(minutes), **values)
    )


async def said(database: Database, number: int, reply: str = "fine") -> None:
    event = received(number)
    await database.write(
        partial(record, answered=[(event, outcome(event, reply))], at=event.message.sent_at)
    )


async def staff_said(database: Database, number: int, *, at: datetime) -> None:
    line = received(number, author="agent").message
    event = Received(replace(line, sent_at=at))
    spoke = Decision(f"d:{line.id}", line.id, DecisionKind.STAFF)
    await database.write(partial(record, answered=[(event, EventOutcome(spoke, ""))], at=at))


async def entries(database: Database) -> list[Any]:
    query = select(messages).where(messages.c.role == MOVE).order_by(messages.c.id)
    return list(await database.query(lambda it: it.execute(query).all()))


async def test_a_move_is_stored_with_an_entry_in_the_transcript(database: Database) -> None:
    state = await moved(database, Owner.HUMAN, "line-1", assignee=AGENT, team="billing")

    assert (state.owner, state.assignee, state.team, state.version) == (
        Owner.HUMAN,
        AGENT,
        "billing",
        1,
    )
    (entry,) = await entries(database)
    assert (entry.conversation, entry.author, entry.summary) == (ONE, AGENT, None)
    assert entry.text.startswith("bot -> human (billing): a member of staff")
    assert await database.query(partial(was_moved_by, cause="line-1"))
    assert not await database.query(partial(was_moved_by, cause="line-2"))


async def test_the_same_move_again_changes_nothing(database: Database) -> None:
    await moved(database, Owner.HUMAN, "line-1", assignee=AGENT)
    state = await moved(database, Owner.HUMAN, "line-2", assignee=AGENT)

    assert state.version == 1
    assert len(await entries(database)) == 1


async def test_a_move_that_the_table_lacks_writes_nothing(database: Database) -> None:
    await moved(database, Owner.CLOSED, "close-1")
    with pytest.raises(MoveNotAllowed):
        await database.write(
            partial(move, key=ONE, owner=Owner.CLOSED, cause="close-2", at=START, team="billing")
        )
    assert len(await entries(database)) == 1


async def test_two_moves_of_one_cause_have_an_entry_each(database: Database) -> None:
    await moved(database, Owner.WAITING, "act")
    await moved(database, Owner.HUMAN, "act", assignee=AGENT)

    assert [each.text.partition(":")[0] for each in await entries(database)] == [
        "bot -> waiting",
        "waiting -> human",
    ]


async def test_an_owner_that_an_answer_changes_has_its_entry(database: Database) -> None:
    event = received(1)
    waiting = ConversationState(ONE).moved(Owner.WAITING, team="billing")
    answer = replace(outcome(event, "A colleague was told."), state=waiting)

    await database.write(partial(_through_the_inbox, event=event, answer=answer))

    (entry,) = await entries(database)
    assert entry.text.startswith("bot -> waiting (billing)")
    assert entry.author == ANN.key


async def test_a_form_that_an_answer_opens_is_no_move(database: Database) -> None:
    event = received(1)
    opened = FormChange(None, an_open_form(ONE, ANN.key))

    await database.write(
        partial(_through_the_inbox, event=event, answer=replace(outcome(event), form=opened))
    )

    assert await entries(database) == []
    assert await StoredForms(database).form(ONE, ANN.key) is not None


async def test_an_answer_that_hands_over_leaves_no_form(database: Database) -> None:
    event = received(1)
    form = FormChange(None, an_open_form(ONE, ANN.key))
    state = ConversationState(ONE).moved(Owner.WAITING)

    answer = replace(outcome(event), form=form, state=state)
    await database.write(partial(_through_the_inbox, event=event, answer=answer))

    assert await StoredForms(database).form(ONE, ANN.key) is None


def _through_the_inbox(connection: Connection, event: Received, answer: EventOutcome) -> None:
    (number,) = accepting.put(connection, [(event, ONE)], now=START).numbers
    assert number is not None
    claim = claiming.take(connection, [number], token="t")[number]
    inbox_tables.finish(connection, [(claim, answer)], now=START)


@pytest.mark.parametrize("ended", [Owner.BOT, Owner.CLOSED])
async def test_memory_begins_after_a_persons_part(database: Database, ended: Owner) -> None:
    await said(database, 1, "handed over")
    await moved(database, Owner.HUMAN, "claim", 3, assignee=AGENT)
    await said(database, 2, "")
    await staff_said(database, 3, at=_at(7))
    await moved(database, ended, "end", 8, summary="Refunded order 48213.", actor=AGENT)

    known = await StoredTranscripts(database).conversation(ONE, ANN)
    assert [(turn.role, turn.text) for turn in known.turns] == [("staff", "Refunded order 48213.")]
    assert (known.decisions, known.lines) == ((), ())
    assert known.introduced

    await said(database, 5, "It ships on Monday.")
    known = await StoredTranscripts(database).conversation(ONE, ANN)
    assert [turn.text for turn in known.turns] == [
        "Refunded order 48213.",
        "message 5",
        "It ships on Monday.",
    ]
    assert [turn.text for turn in known.lines] == ["message 5", "It ships on Monday."]
    assert [each.question for each in known.decisions] == ["message 5"]


async def test_a_line_of_staff_recorded_after_the_end_belongs_to_their_part(
    database: Database,
) -> None:
    await moved(database, Owner.HUMAN, "claim", 1, assignee=AGENT)
    await moved(database, Owner.BOT, "end", 8, actor=AGENT)
    await staff_said(database, 3, at=_at(7))

    known = await StoredTranscripts(database).conversation(ONE, ANN)
    assert known.lines == ()


async def test_the_closing_line_is_for_the_customer_alone(database: Database) -> None:
    await said(database, 1)
    await moved(database, Owner.HUMAN, "claim", 3, assignee=AGENT)
    await moved(database, Owner.CLOSED, "end", 8, summary="Refunded order 48213.", actor=AGENT)
    bob = replace(ANN, key="test:team:bob")

    known = await StoredTranscripts(database).conversation(ONE, bob)

    assert known.turns == ()


async def test_what_the_customer_wrote_again_ends_no_part(database: Database) -> None:
    await said(database, 1)
    await moved(database, Owner.HUMAN, "claim", 3, assignee=AGENT)
    await moved(database, Owner.CLOSED, "end", 8, summary="All set.", actor=AGENT)
    await said(database, 5)
    await moved(database, Owner.BOT, "again", 11)

    known = await StoredTranscripts(database).conversation(ONE, ANN)
    assert [turn.text for turn in known.turns] == ["All set.", "message 5", "fine"]


async def test_the_last_answer_is_not_looked_for_behind_a_persons_part(database: Database) -> None:
    last = StoredLastAnswers(database, MovableClock())
    await said(database, 1)
    assert await last.last_answer(ONE, ANN.key) is not None
    await moved(database, Owner.WAITING, "asked", 3)
    assert await last.last_answer(ONE, ANN.key) is not None
    await moved(database, Owner.BOT, "end", 8, actor=AGENT)

    assert await last.last_answer(ONE, ANN.key) is None


async def test_a_conversation_that_was_handed_on_is_taken_part_in(database: Database) -> None:
    transcripts = StoredTranscripts(database)
    assert not await transcripts.bot_participates(ONE)

    await moved(database, Owner.HUMAN, "line-1", assignee=AGENT)

    assert await transcripts.bot_participates(ONE)


async def test_forgetting_a_customer_takes_the_closing_line(database: Database) -> None:
    await said(database, 1)
    await moved(database, Owner.HUMAN, "claim", 3, assignee=AGENT)
    await staff_said(database, 3, at=_at(7))
    await moved(database, Owner.CLOSED, "end", 8, summary="Ann is refunded.", actor=AGENT)

    await database.write(partial(erase, person=Person(ANN.key)))

    assert [each.summary for each in await entries(database)] == [None, ""]


async def test_forgetting_a_colleague_leaves_the_end_of_their_part(database: Database) -> None:
    await said(database, 1)
    await moved(database, Owner.HUMAN, "claim", 3, assignee=AGENT)
    await moved(database, Owner.BOT, "end", 8, summary="I told Ann all.", actor=AGENT)

    await database.write(partial(erase, person=Person(AGENT)))

    claimed, ended = await entries(database)
    assert AGENT not in (claimed.author, ended.author)
    assert (claimed.summary, ended.summary) == (None, "")
    assert (await StoredTranscripts(database).conversation(ONE, ANN)).turns == ()


async def test_moves_go_with_the_last_line_of_their_conversation(database: Database) -> None:
    await said(database, 1)
    await moved(database, Owner.HUMAN, "claim", 3, assignee=AGENT)

    await database.write(partial(erase, person=Person(ANN.key)))

    assert await entries(database) == []
    left = select(conversations.c.key)
    assert await database.query(lambda it: it.scalars(left).all()) == []
    assert (await database.query(partial(state_of, key=ONE))).version == 0


async def test_an_edit_of_a_line_that_moved_a_conversation_finds_the_line(
    database: Database,
) -> None:
    await moved(database, Owner.HUMAN, received(1).message.id, assignee=AGENT)
    transcripts = StoredTranscripts(database)

    assert await transcripts.place_of(received(1).message.id) is None
    assert (await StoredStates(database, MovableClock()).state(ONE)).owner is Owner.HUMAN

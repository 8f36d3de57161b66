"""Votes on answers: one a person, changeable, stored with the answer that they judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.messages import (
    Addressing,
    Author,
    Decision,
    DecisionKind,
    Message,
    Received,
    ScoredIntent,
    Verdict,
    Voted,
)
from bot.ports import EventOutcome
from bot.storage import Database
from bot.storage.erasure import Person, count_of, erase
from bot.storage.feedback import StoredFeedback
from bot.storage.statistics import statistics
from bot.storage.tables import decisions, feedback, messages
from bot.storage.transcripts import record
from tests.delivery.support import START, MovableClock, outcome, received

ANN, BOB = "test:team:ann", "test:team:bob"


async def answered(database: Database, number: int = 1, kind: str = "intent") -> str:
    """Store an answer to Ann's question; return the id of the question."""
    asked = received(number)
    message = replace(asked.message, author=Author(ANN, "Ann"))
    decided = replace(
        outcome(Received(message)).decision,
        kind=DecisionKind(kind),
        intents=(ScoredIntent("returns", 0.9),),
        parts=(),
    )
    said = EventOutcome(decided, "Send it back.")
    await database.write(partial(record, answered=[(Received(message), said)], at=START))
    return message.id


def vote(
    answer: str, verdict: Verdict = "up", *, by: str = ANN, reason: str = "", where: str = ""
) -> Voted:
    message = Message(
        f"test:app:one:vote:{answer}{by}{verdict}{reason}",
        where or "test:app:one",
        Author(by),
        reason,
        START,
        Addressing.EPHEMERAL,
    )
    return Voted(message, answer, verdict)


async def stored(database: Database) -> list[tuple[str, str, str]]:
    columns = select(feedback.c.author, feedback.c.verdict, feedback.c.comment)
    rows = await database.query(lambda it: it.execute(columns.order_by(feedback.c.id)).all())
    return [(row.author, row.verdict, row.comment) for row in rows]


async def test_a_person_has_one_vote_and_may_change_it(database: Database) -> None:
    kept, answer = StoredFeedback(database, MovableClock()), await answered(database)
    assert await kept.vote(vote(answer, "up")) == "stored"
    assert await kept.vote(vote(answer, "down")) == "stored"
    assert await kept.vote(vote(answer, "up", by=BOB)) == "stored"
    assert await stored(database) == [(ANN, "down", ""), (BOB, "up", "")]


async def test_a_reason_stays_with_its_verdict(database: Database) -> None:
    kept, answer = StoredFeedback(database, MovableClock()), await answered(database)
    await kept.vote(vote(answer, "down"))
    await kept.vote(vote(answer, "down", reason="it is 30 days"))
    await kept.vote(vote(answer, "down"))
    assert await stored(database) == [(ANN, "down", "it is 30 days")]
    await kept.vote(vote(answer, "up"))
    assert await stored(database) == [(ANN, "up", "")]


async def test_a_vote_is_joined_with_the_decision_that_it_judges(database: Database) -> None:
    kept, answer = StoredFeedback(database, MovableClock()), await answered(database)
    await kept.vote(vote(answer, "down"))
    joined = select(decisions.c.id, decisions.c.intents).join(
        feedback, feedback.c.message == decisions.c.message
    )
    row = await database.query(lambda connection: connection.execute(joined).one())
    assert row.id
    assert row.intents[0]["name"] == "returns"


@pytest.mark.parametrize(
    ("by", "where", "result"),
    [
        (ANN, "test:app:dm-ann", "stored"),  # a private answer that went to its asker
        (BOB, "test:app:dm-bob", "unknown"),
        (BOB, "test:app:one:thread", "stored"),
    ],
)
async def test_an_answer_is_judged_where_it_can_be_seen(
    database: Database, by: str, where: str, result: str
) -> None:
    kept, answer = StoredFeedback(database, MovableClock()), await answered(database)
    assert await kept.vote(vote(answer, by=by, where=where)) == result


async def test_an_answer_that_is_not_known_any_more_is_not_judged(database: Database) -> None:
    kept = StoredFeedback(database, MovableClock())
    assert await kept.vote(vote("test:app:one:99")) == "unknown"
    assert await stored(database) == []


async def test_a_vote_is_no_line_of_the_conversation(database: Database) -> None:
    answer = await answered(database)
    voted = vote(answer, "down", reason="it is 30 days")
    decision = Decision(f"d:{voted.message.id}", voted.message.id, DecisionKind.FEEDBACK)
    said = EventOutcome(decision, "Thank you.", private=True)
    await database.write(partial(record, answered=[(voted, said)], at=START))
    lines = select(messages.c.text).order_by(messages.c.id)
    texts = await database.query(lambda connection: list(connection.scalars(lines)))
    assert texts == ["message 1", "Send it back."]


async def test_who_is_forgotten_takes_their_votes_along_and_nobody_elses_question(
    database: Database,
) -> None:
    kept, answer = StoredFeedback(database, MovableClock()), await answered(database)
    await kept.vote(vote(answer, "up", by=ANN))
    await kept.vote(vote(answer, "down", by=BOB, reason="bob was here"))
    found = await database.query(lambda connection: count_of(connection, Person(BOB)))
    assert {table: number for table, number in found.items() if number} == {"feedback": 1}
    await database.write(lambda connection: erase(connection, Person(BOB)))
    assert await stored(database) == [(ANN, "up", "")]
    left = await database.query(lambda connection: count_of(connection, Person(ANN)))
    assert (left["messages"], left["decisions"], left["feedback"]) == (2, 1, 1)


async def test_statistics_name_what_is_disliked_most_and_why(database: Database) -> None:
    clock = MovableClock()
    kept = StoredFeedback(database, clock)
    first = await answered(database, 1)
    second = await answered(database, 2, "quoted")
    await kept.vote(vote(first, "up"))
    await kept.vote(vote(second, "down"))
    await kept.vote(vote(second, "down", by=BOB, reason="it is 30 days"))
    found = await statistics(database, since=clock.now() - timedelta(days=1))
    assert found.votes == {"up": 1, "down": 2}
    assert found.disliked == {"quoted": {"up": 0, "down": 2}, "returns": {"up": 1, "down": 0}}
    assert [*found.disliked] == ["quoted", "returns"]
    assert found.reasons == ["it is 30 days"]

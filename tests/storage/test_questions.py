from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.conversations.key import AuthorKey
from bot.messages import Author, DecisionKind, DecisionPart, Message, Readers, ScoredIntent
from bot.storage import Database
from bot.storage.audit import record_audit
from bot.storage.questions import AskedQuestion, asked, customer_questions
from bot.storage.transcripts import record
from tests.delivery.support import START, outcome, received


async def write(database: Database, number: int, *intents: str) -> None:
    event = received(number)
    said = outcome(event)
    ranked = tuple(ScoredIntent(name, 0.5) for name in intents)
    decided = replace(said, decision=replace(said.decision, intents=ranked))
    await database.write(partial(record, answered=[(event, decided)], at=START))


async def test_what_customers_asked_stands_beside_what_it_was_taken_for(
    database: Database,
) -> None:
    await write(database, 1, "greeting", "refund")
    await write(database, 2)
    await write(database, 3, "refund")

    assert await asked(database, since=START) == [
        AskedQuestion("message 1", "greeting"),
        AskedQuestion("message 3", "refund"),
    ]
    whole = await asked(database, since=START)
    lines = tuple(received(number).message for number in (8, 9))
    event = received(9)
    outcome_of_both = replace(outcome(event), covers=lines)
    await database.write(partial(record, answered=[(event, outcome_of_both)], at=START))
    assert await asked(database, since=START) == whole, "each line says a part of the question"
    assert await asked(database, since=START + timedelta(minutes=4)) == [
        AskedQuestion("message 3", "refund")
    ]


# --- to learn from -------------------------------------------------------------------------------


async def say(
    database: Database,
    number: int,
    *,
    kind: DecisionKind = DecisionKind.UNKNOWN,
    author: str = "test:team:ann",
    readers: Readers = Readers.OTHERS,
    intents: tuple[str, ...] = ("refund",),
    parts: int = 1,
) -> None:
    event = received(number, f"test:app:{number}")
    message: Message = replace(event.message, author=Author(author), readers=readers)
    event = replace(event, message=message)
    said = outcome(event)
    ranked = tuple(ScoredIntent(name, 0.5) for name in intents)
    each = (DecisionPart(kind, ranked, ()),) * parts
    decision = replace(said.decision, kind=kind, intents=ranked, parts=each)
    answered = [(event, replace(said, decision=decision))]
    await database.write(partial(record, answered=answered, at=START))


async def learnable(database: Database, *staff: str) -> list[str]:
    found = await customer_questions(
        database, since=START, staff=[AuthorKey.parse(key) for key in staff]
    )
    return [each.text for each in found]


async def test_questions_are_learned_from_the_latest_first(database: Database) -> None:
    await say(database, 1, kind=DecisionKind.INTENT)
    await say(database, 2)
    await say(database, 3, kind=DecisionKind.QUOTED, readers=Readers.AUTHOR)

    assert await learnable(database) == ["message 3", "message 2", "message 1"]
    (latest, *_) = await customer_questions(database, since=START, staff=())
    assert (latest.author, latest.at) == ("test:team:ann", START + timedelta(minutes=6))
    assert await customer_questions(database, since=START + timedelta(hours=1), staff=()) == []


async def test_what_is_no_question_of_a_customer_is_not_learned_from(database: Database) -> None:
    for number, kind in enumerate(
        (
            DecisionKind.STAFF,
            DecisionKind.COMMAND,
            DecisionKind.DECLINED,
            DecisionKind.SAFETY,
            DecisionKind.FORM,
            DecisionKind.LIMITED,
            DecisionKind.STALE,
            DecisionKind.SILENT,
        )
    ):
        await say(database, number, kind=kind, author=f"test:team:u{number}")
    await say(database, 20, intents=())  # a press, or a message without words
    await say(database, 21, parts=2)
    await say(database, 22, readers=Readers.STAFF)

    assert await learnable(database) == []


async def test_messages_of_staff_are_never_learned_from(database: Database) -> None:
    await say(database, 1, author="test:team:listed")
    await say(database, 2, author="test:team:pauses")
    await database.write(
        partial(record_audit, actor="test:other-team:pauses", action="pause", at=START)
    )
    await say(database, 3, author="test:team:helps", kind=DecisionKind.STAFF)
    await say(database, 4, author="test:team:helps")
    await say(database, 5, author="test:team:ann")

    assert await learnable(database, "test::listed") == ["message 5"]

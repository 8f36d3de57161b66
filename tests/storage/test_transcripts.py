from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from bot.messages import (
    Addressing,
    Author,
    Decision,
    DecisionKind,
    Received,
    ScoredIntent,
    ScoredPassage,
)
from bot.ports import EventOutcome
from bot.storage import Database, StoredTranscripts
from bot.storage.remembered import REMEMBERED
from bot.storage.tables import conversations, decisions, people
from bot.storage.transcripts import record
from tests.delivery.support import START, outcome, received

ANN = received(0).message.author


async def write(database: Database, event: Received, said: EventOutcome) -> None:
    await database.write(partial(record, answered=[(event, said)], at=START))


async def test_an_unknown_conversation_is_empty(database: Database) -> None:
    known = await StoredTranscripts(database).conversation("test:app:one", ANN)

    assert (known.key, known.turns, known.introduced) == ("test:app:one", (), False)


async def test_the_latest_turns_are_remembered_oldest_first(database: Database) -> None:
    for number in range(REMEMBERED):
        await write(database, received(number), outcome(received(number), f"reply {number}"))

    known = await StoredTranscripts(database).conversation("test:app:one", ANN)

    half = REMEMBERED // 2
    assert [turn.text for turn in known.turns] == [
        text
        for number in range(half, REMEMBERED)
        for text in (f"message {number}", f"reply {number}")
    ]


async def test_the_language_of_the_latest_message_is_remembered(database: Database) -> None:
    for number, language in enumerate(["en", "de", "zh"]):
        said = outcome(received(number))
        decision = replace(said.decision, language=language)
        await write(database, received(number), replace(said, decision=decision))

    known = await StoredTranscripts(database).conversation("test:app:one", ANN)

    assert known.language == "zh"


async def test_conversations_are_kept_apart(database: Database) -> None:
    await write(database, received(1, "test:app:one"), outcome(received(1, "test:app:one")))

    known = await StoredTranscripts(database).conversation("test:app:two", ANN)

    assert known.turns == ()
    assert known.introduced  # the same person, told already


async def test_silence_introduces_nobody(database: Database) -> None:
    await write(database, received(1), outcome(received(1), ""))
    transcripts = StoredTranscripts(database)

    known = await transcripts.conversation("test:app:one", ANN)

    assert [turn.role for turn in known.turns] == ["customer"]
    assert not known.introduced
    assert not await transcripts.bot_participates("test:app:one")


async def test_who_has_not_been_answered_has_not_been_told(database: Database) -> None:
    await write(database, received(1), outcome(received(1)))

    known = await StoredTranscripts(database).conversation("test:app:one", Author("test:team:bob"))

    assert len(known.lines) == 2
    assert not known.introduced


async def test_writing_twice_changes_nothing(database: Database) -> None:
    for _ in range(2):
        await write(database, received(1), outcome(received(1)))

    known = await StoredTranscripts(database).conversation("test:app:one", ANN)
    assert len(known.turns) == 2


async def test_first_things_stay_and_latest_things_move(database: Database) -> None:
    await database.write(partial(record, answered=[(received(1), outcome(received(1)))], at=START))
    later = START + timedelta(days=1)
    await database.write(
        partial(record, answered=[(received(2), outcome(received(2), ""))], at=later)
    )

    async with database.read() as connection:
        conversation = (await connection.execute(select(conversations))).one()
        person = (await connection.execute(select(people))).one()
    assert conversation.started_at == received(1).message.sent_at
    assert (conversation.latest_at, conversation.spoken) == (later, True)
    assert person.introduced_at == START


async def test_a_decision_is_kept_with_its_reasons(database: Database) -> None:
    event = received(1)
    decision = Decision(
        id="d:1",
        message_id=event.message.id,
        kind=DecisionKind.CLARIFY,
        intents=(ScoredIntent("order_status", 0.5), ScoredIntent("refund_status", 0.25)),
        threshold=0.75,
        passages=(ScoredPassage("returns.md#How", 0.5),),
        language="en",
        model_version="m1",
        intents_hash="abc",
        cost=0.5,
        milliseconds={"understand": 2.5},
        reasons=("0.5 is below 0.75", "weird \ud800\x00 text"),
    )

    await write(database, event, EventOutcome(decision, "which one?"))

    async with database.read() as connection:
        row = (await connection.execute(select(decisions))).one()
    assert row.kind == "clarify"
    assert row.intents[0] == {"name": "order_status", "confidence": 0.5}
    assert (row.passages[0]["citation"], row.passages[0]["score"]) == ("returns.md#How", 0.5)
    assert row.reasons == list(decision.reasons)
    assert (row.model_version, row.intents_hash, row.cost) == ("m1", "abc", 0.5)
    assert row.milliseconds == {"understand": 2.5}
    assert row.at == START


async def test_text_that_no_database_takes_is_stored_without_what_it_refuses(
    database: Database,
) -> None:
    event = received(1, text="a\ud800b\x00c")

    await write(database, event, outcome(event, "x\udfffy"))

    known = await StoredTranscripts(database).conversation("test:app:one", ANN)
    assert [turn.text for turn in known.turns] == ["a\ufffdb\ufffdc", "x\ufffdy"]


async def test_what_was_said_to_one_person_alone_is_remembered_for_them_only(
    database: Database,
) -> None:
    event = received(1)
    await write(database, event, replace(outcome(event, "for you only"), private=True))
    transcripts = StoredTranscripts(database)
    ann = await transcripts.conversation(event.message.conversation, event.message.author)
    bob = await transcripts.conversation(event.message.conversation, Author("test:team:bob"))
    assert [turn.text for turn in ann.turns] == ["message 1", "for you only"]
    assert [turn.text for turn in bob.lines] == ["message 1"]


async def test_a_question_that_nobody_else_saw_is_remembered_for_its_asker_only(
    database: Database,
) -> None:
    heard = received(1)
    event = replace(heard, message=replace(heard.message, addressing=Addressing.EPHEMERAL))
    await write(database, event, outcome(event, "for you only"))
    transcripts = StoredTranscripts(database)
    ann = await transcripts.conversation(event.message.conversation, event.message.author)
    bob = await transcripts.conversation(event.message.conversation, Author("test:team:bob"))
    assert [turn.text for turn in ann.turns] == ["message 1", "for you only"]
    assert ann.introduced
    assert bob.turns == ()
    assert not await transcripts.bot_participates(event.message.conversation)


async def test_what_was_decided_about_the_latest_messages_is_remembered(database: Database) -> None:
    said = outcome(received(1))
    ranked, found = (ScoredIntent("shipping", 0.9),), (ScoredPassage("shipping.md#UK", 0.6),)
    decided = Decision("d:1", received(1).message.id, DecisionKind.QUOTED, ranked, passages=found)
    await write(database, received(1), replace(said, decision=decided))

    known = await StoredTranscripts(database).conversation("test:app:one", ANN)

    (earlier,) = known.decisions
    assert (earlier.question, earlier.kind) == ("message 1", "quoted")
    assert (earlier.intents, earlier.passages) == (("shipping",), ("shipping.md#UK",))

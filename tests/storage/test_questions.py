from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.messages import ScoredIntent
from bot.storage import Database
from bot.storage.questions import AskedQuestion, asked
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
    assert await asked(database, since=START + timedelta(seconds=2)) == [
        AskedQuestion("message 3", "refund")
    ]

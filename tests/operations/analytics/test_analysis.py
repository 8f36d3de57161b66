"""What is stored is counted as it was labelled by hand, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert

from benchmarks.field.conversation_log import store
from benchmarks.field.conversations import HOURS, agrees, found_in, period_of
from benchmarks.field.reading import entries
from bot.messages import (
    Author,
    Choice,
    Decision,
    DecisionKind,
    Message,
    Readers,
    Received,
    ScoredPassage,
)
from bot.operations.analytics import Courtesies, Period, analyse
from bot.ports import EventOutcome
from bot.product_events import product_event
from bot.sentiment import Sentiment
from bot.storage import Database, StoredButtons
from bot.storage.statistics import statistics
from bot.storage.tables import cases, spend
from bot.storage.transcripts import record
from tests.delivery.support import START, MovableClock

LOG = {each["id"]: each for each in entries("build", "conversations")}
TRICKY = ("b04", "b06", "b10", "b11", "b14", "b16", "b17", "b23", "b26")


async def test_a_log_is_counted_as_it_was_labelled(database: Database) -> None:
    log = [LOG[each] for each in TRICKY]
    for each in log:
        await store(database, each)
    period = period_of(log)
    analysis = await analyse(
        database, period, courtesies=Courtesies(), hours_of=lambda _team: HOURS
    )
    for each in log:
        found = found_in(analysis, each)
        wrong = {
            name: (found[name], label)
            for name, label in each["expect"].items()
            if not agrees(label, found[name])
        }
        assert wrong == {}, each["id"]
    total = analysis.total
    assert total.answers == sum(
        each["expect"][name]
        for each in log
        for name in ("confirmed", "contradicted", "came_back", "unconfirmed")
    )
    assert (total.handoff.number, total.conversations) == (4, len(TRICKY))
    assert set(analysis.cuts["team"]) == {"default", "returns"}
    assert analysis.cuts["article"]["care.md"].contradicted.number == 1
    assert analysis.cuts["language"]["de"].answers == 1
    assert analysis.cuts["week"]["2026-W41"].answers == total.answers - 1  # b14: a week later


@pytest.mark.parametrize(
    ("label", "found", "same"),
    [
        (1, 1, True),
        (1, 0, False),
        (None, None, True),
        (None, 0, False),
        (3, 3.2, True),
        (3, 4, False),
        (False, True, False),
    ],
)
def test_a_label_agrees_with_what_is_the_same(label: Any, found: Any, same: bool) -> None:  # noqa: ANN401
    assert agrees(label, found) == same


async def put(
    database: Database,
    event: str,
    decision: Decision | None = None,
    reply: str = "Hello.",
    **changed: object,
) -> str:
    """Store an answered message at the start; return its id."""
    message = Message(f"test:app:one:{event}", "test:app:one", Author("test:T:ann"), "hi", START)
    message = replace(message, **changed)  # type: ignore[arg-type]
    plain = Decision("", "", DecisionKind.INTENT, language="en")
    decided = replace(decision or plain, id=f"d:{message.id}", message_id=message.id)
    finished = [(Received(message), EventOutcome(decided, reply))]
    at = message.sent_at + timedelta(seconds=2)
    await database.write(partial(record, answered=finished, at=at))
    return message.id


WEEK = Period(START - timedelta(days=1), START + timedelta(days=6))


async def test_the_button_that_was_pressed_is_the_intent_of_its_answer(database: Database) -> None:
    buttons = StoredButtons(database, MovableClock())
    asked = await put(database, "1", Decision("", "", DecisionKind.CLARIFY))
    offered = [("Returns", Choice("intent", "returns", "x", "en"))]
    (button,) = await buttons.offer(asked, offered)
    press = Message("test:app:one:press:2", "test:app:one", Author("test:T:ann"), "", START)
    await buttons.pressing(button.id, press)
    await put(database, "press:2")
    found = await analyse(database, WEEK, courtesies=Courtesies())
    assert [each.intent for each in found.answers] == ["returns"]


async def test_an_answer_under_which_neither_was_pressed_is_contradicted(
    database: Database,
) -> None:
    buttons = StoredButtons(database, MovableClock())
    asked = await put(database, "1")
    (button,) = await buttons.offer(asked, [("Neither", Choice("neither", "", "x", "en"))])
    unpressed = await analyse(database, WEEK, courtesies=Courtesies())
    press = Message("test:app:one:press:2", "test:app:one", Author("test:T:ann"), "", START)
    await buttons.pressing(button.id, press)
    found = await analyse(database, WEEK, courtesies=Courtesies())
    assert (unpressed.total.unconfirmed.number, found.total.contradicted.number) == (1, 1)


async def test_channels_of_direct_messages_name_nobody(database: Database) -> None:
    await put(database, "1", readers=Readers.AUTHOR, conversation="test:app:d-ann")
    await put(database, "2")
    found = await analyse(database, WEEK, courtesies=Courtesies())
    assert set(found.cuts["channel"]) == {"test: direct messages", "test:app:one"}
    assert "d-ann" not in str(found.to_json())


async def test_feelings_are_counted_by_what_was_asked(database: Database) -> None:
    for number, frustrated in enumerate([0.9, 0.8, 0.1]):
        felt = Sentiment(frustrated, 0.05)
        await put(database, str(number), Decision("", "", DecisionKind.UNKNOWN, sentiment=felt))
    await put(database, "9")  # its feeling was not read
    total = (await analyse(database, WEEK, courtesies=Courtesies())).total
    assert (total.frustrated.number, total.pleased.number, total.messages) == (2, 0, 3)


async def test_commands_are_no_lines_of_a_conversation(database: Database) -> None:
    early = START - timedelta(minutes=5)
    await put(database, "command:1", Decision("", "", DecisionKind.COMMAND), sent_at=early)
    await put(database, "2")
    found = await analyse(database, WEEK, courtesies=Courtesies())
    assert [each.first_response for each in found.conversations] == [2.0]


async def test_what_began_after_the_period_is_left_out(database: Database) -> None:
    await put(database, "1")
    before = Period(START - timedelta(days=2), START - timedelta(days=1))
    found = await analyse(database, before, courtesies=Courtesies())
    assert (found.total.answers, found.total.conversations, found.total.messages) == (0, 0, 0)


async def test_costs_end_with_the_period(database: Database) -> None:
    row = {"message": "m", "author": "a", "model": "x", "prompt_tokens": 1, "completion_tokens": 1}
    times = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
    rows = [row | {"at": at, "cost": 1.0} for at in times]
    await database.write(lambda connection: connection.execute(insert(spend), rows).rowcount)
    assert (await statistics(database, since=times[1])).cost == 2.0
    assert (await statistics(database, since=times[1], until=times[2])).cost == 1.0


async def test_what_staff_send_from_a_case_thread_is_a_response(database: Database) -> None:
    silent = Decision("", "", DecisionKind.SILENT)
    event = await put(database, "1", silent, reply="")
    opened, replied = START + timedelta(minutes=1), START + timedelta(minutes=3)
    row = {"kind": "handoff", "conversation": "test:app:one", "event": event, "note": ""}
    times = {"author": "test:T:ann", "opened_at": opened, "first_staff_at": replied}
    await database.write(lambda it: it.execute(insert(cases).values(**row, **times)).rowcount)
    found = await analyse(database, WEEK, courtesies=Courtesies())
    ((first, person),) = [
        (each.first_response, each.person_first_response) for each in found.conversations
    ]
    assert (first, person) == (180.0, 120.0)


async def test_products_are_counted_by_what_customers_did_with_them(database: Database) -> None:
    shown = tuple(ScoredPassage(f"catalogue#{each}", 1.0) for each in ("squall", "drizzle"))
    recommended = Decision("", "", DecisionKind.RECOMMEND, passages=shown)
    event = await put(database, "1", recommended)
    why = Decision("", "", DecisionKind.RECOMMEND, reasons=(product_event("squall", "why"),))
    await put(database, "2", why)
    cheaper = replace(recommended, passages=shown[1:], reasons=("product squall: cheaper",))
    late = START + timedelta(hours=80)
    await put(database, "3", cheaper, sent_at=late)
    row = {"kind": "handoff", "conversation": "test:app:one", "event": event, "note": ""}
    opened = {"author": "test:T:ann", "opened_at": START + timedelta(hours=1)}
    await database.write(lambda it: it.execute(insert(cases).values(**row, **opened)).rowcount)
    longer = Period(START - timedelta(days=1), START + timedelta(days=7))
    found = (await analyse(database, longer, courtesies=Courtesies())).products
    counts = {name: (e.recommended, e.why, e.more, e.cheaper) for name, e in found.items()}
    assert counts == {"drizzle": (2, 0, 0, 0), "squall": (1, 1, 0, 1)}
    assert list(found) == ["drizzle", "squall"]
    handed = {name: (each.handoff.number, each.handoff.of) for name, each in found.items()}
    assert handed == {"drizzle": (1, 2), "squall": (1, 1)}

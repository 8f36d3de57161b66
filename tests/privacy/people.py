"""People who leave something in every table, with words that can be searched for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, insert

from bot.clock import SystemClock
from bot.delivery import accepting, claiming, inbox_tables
from bot.delivery.codec import encode
from bot.messages import Author, Choice, Received
from bot.ports import Claim, OutgoingPost
from bot.storage import Database, StoredButtons
from bot.storage.outbox import enqueue
from bot.storage.tables import (
    action_calls,
    cases,
    codes,
    feedback,
    forms,
    outbox,
    proofs,
    relays,
    spend,
    surveys,
    timers,
    unanswered,
    wishes,
)
from tests.delivery.support import START, outcome, received

ANN, BOB = "test:team:ann", "test:team:bob"


def by(key: str, number: int, text: str, conversation: str = "") -> Received:
    """A message of somebody, in direct messages unless a conversation is named."""
    name = key.rpartition(":")[2]
    event = received(number, conversation or f"test:app:dm-{name}", text=text)
    return Received(replace(event.message, author=Author(key, name.title(), "en")))


async def talk(database: Database, key: str, marker: str, *, at: datetime = START) -> None:
    """Leave a trace in every table that knows people; the marker stands in all free texts."""
    said = by(key, 1, f"{marker} where is my parcel")
    await database.write(partial(_answered, event=said, marker=marker, at=at))
    choices = StoredButtons(database, SystemClock())
    await choices.offer(said.message.id, [(f"{marker} label", Choice("neither", "", marker))])
    await database.write(partial(_given_up, event=by(key, 2, f"{marker} poison"), at=at))
    await database.write(
        partial(accepting.put, coming=[(by(key, 3, f"{marker} waits"), "")], now=at)
    )
    await database.write(partial(_reminded, event=by(key, 4, f"{marker} later"), at=at))
    await database.write(partial(_noted, event=said, marker=marker, at=at))


def _answered(connection: Connection, event: Received, marker: str, at: datetime) -> None:
    """Take an event through the inbox."""
    claim = _claimed(connection, event, at)
    inbox_tables.finish(connection, [(claim, outcome(event, f"{marker} is on its way"))], now=at)


def _given_up(connection: Connection, event: Received, at: datetime) -> None:
    inbox_tables.dead_letter(
        connection, _claimed(connection, event, at), reason="it was poison", now=at
    )


def _reminded(connection: Connection, event: Received, at: datetime) -> None:
    message = event.message
    connection.execute(
        insert(timers).values(
            id=message.id, conversation=message.conversation, payload=encode(event), due_at=at
        )
    )


def _claimed(connection: Connection, event: Received, at: datetime) -> Claim:
    (number,) = accepting.put(connection, [(event, "")], now=at).numbers
    assert number is not None
    return claiming.take(connection, [number], token=f"t{number}")[number]


def _noted(connection: Connection, event: Received, marker: str, at: datetime) -> None:
    message = event.message
    who = {"author": message.author.key, "conversation": message.conversation}
    connection.execute(
        insert(feedback).values(
            **who, at=at, message=message.id, verdict="bad", comment=f"{marker} was no help"
        )
    )
    connection.execute(
        insert(cases).values(
            **who, event=message.id, kind="stale", note=f"{marker} note", opened_at=at
        )
    )
    connection.execute(
        insert(relays).values(
            case=1,
            direction="to_staff",
            source=message.id,
            post=1,
            author=who["author"],
            customer=who["author"],
            at=at,
        )
    )
    survey = int(message.author.key.encode().hex()[-6:], 16)
    connection.execute(
        insert(surveys).values(**who, case=survey, asked_at=at, expires_at=at, score=5)
    )
    connection.execute(
        insert(unanswered).values(
            **who, event=message.id, text=f"{marker} question", language="en", asked_at=at
        )
    )
    _wanted(connection, who, marker, at)
    line = OutgoingPost(who["conversation"], f"{marker} line", message.id, who["author"])
    (number,) = enqueue(connection, [line], now=at)
    connection.execute(outbox.update().where(outbox.c.id == number).values(state="delivered"))
    connection.execute(
        insert(spend).values(
            at=at,
            message=message.id,
            author=message.author.key,
            model="gpt",
            prompt_tokens=10,
            completion_tokens=5,
            cost=0.25,
        )
    )


def _wanted(connection: Connection, who: dict[str, str], marker: str, at: datetime) -> None:
    """Open a form, run an action, prove an identity, and wish for a product."""
    own, proven = {"id": f"f{who['author']}", **who}, {"subject": f"{marker} customer"}
    hashed = {"address_hash": "a", "claim_hash": "b", "code_hash": "c"}
    connection.execute(
        insert(forms).values(
            **own,
            intent="order_status",
            intents_hash="1",
            data={"slots": [["note", f"{marker} slot", ""]]},
            version=1,
            opened_at=at,
            expires_at=at,
        )
    )
    connection.execute(
        insert(action_calls).values(
            key=own["id"],
            form=own["id"],
            action="cancel_order",
            **who,
            **proven,
            state="done",
            arguments={"note": f"{marker} argument"},
            error="",
            attempts=1,
            planned_at=at,
        )
    )
    connection.execute(
        insert(proofs).values(
            author=who["author"],
            way="linked",
            **proven,
            address_hash="",
            proved_at=at,
            expires_at=at,
        )
    )
    connection.execute(
        insert(codes).values(**who, **proven, **hashed, sent_at=at, expires_at=at, tries=0)
    )
    connection.execute(insert(wishes).values(**who, data={"size": f"{marker} size"}, changed_at=at))

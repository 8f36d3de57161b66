"""Surveys: how customers were helped, asked once for a case that a person took part in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection, Row, exists, select, update

from bot.conversations.key import AuthorKey
from bot.messages import Button, Choice
from bot.ports import Clock, OutgoingPost
from bot.storage.buttons import button_id
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.outbox import enqueue
from bot.storage.tables import cases, choices, surveys

LIFETIME = timedelta(days=7)
"""How long a survey can be answered, and the answer be changed."""

LATEST = timedelta(days=1)
"""How long after the end of a case its customer is still asked."""

SCORES = range(1, 6)

SILENCE = "silence"
"""Who closed a case that nobody wrote in any more."""

FIRST_BUTTON = 100
"""Position of the first button: beyond all that an answer can have."""

Rated = Literal["stored", "expired", "stranger"]


def to_be_asked(connection: Connection, *, now: datetime) -> Sequence[Row[Any]]:
    """Return the cases whose customers are to be asked now.

    A person wrote to the customer, and somebody closed the case: not silence.
    """
    known = exists().where(surveys.c.case == cases.c.id)
    query = select(cases).where(
        cases.c.closed_at > now - LATEST,
        cases.c.first_staff_at.is_not(None),
        cases.c.closed_by.not_in(("", SILENCE)),
        cases.c.kind.in_(("handoff", "safety")),
        ~known,
    )
    return connection.execute(query.order_by(cases.c.closed_at)).all()


def ask(connection: Connection, case: Row[Any], *, text: str, language: str, at: datetime) -> bool:
    """Ask the customer of a case, once; False: they were asked before, or are forgotten."""
    still = select(cases.c.id).where(cases.c.id == case.id, cases.c.closed_at.is_not(None))
    if connection.scalar(still) is None:
        return False
    row = {
        "case": case.id,
        "conversation": case.conversation,
        "author": case.author,
        "asked_at": at,
        "expires_at": at + LIFETIME,
    }
    fresh = insert(connection, surveys).values(**row).on_conflict_do_nothing()
    if connection.execute(fresh.returning(surveys.c.case)).one_or_none() is None:
        return False
    buttons = tuple(_button(connection, case, score, language, at) for score in SCORES)
    post = OutgoingPost(
        case.conversation, text, f"survey:{case.id}", author=case.author, buttons=buttons
    )
    enqueue(connection, [post], now=at)
    return True


def _button(
    connection: Connection, case: Row[Any], score: int, language: str, at: datetime
) -> Button:
    """Store a button of the message that led to the case, and return it."""
    button = Button(button_id(case.event, FIRST_BUTTON + score), str(score))
    row = {
        "id": button.id,
        "message": case.event,
        "label": button.label,
        "kind": "csat",
        "value": str(score),
        "question": str(case.id),
        "language": language,
        "offered_at": at,
    }
    connection.execute(insert(connection, choices).values(**row).on_conflict_do_nothing())
    return button


class StoredSurveys:
    """The answers to surveys of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def rate(self, choice: Choice, author: str) -> Rated:
        """Store an answer; a later one takes its place while the survey lasts.

        Args:
            choice: What the pressed button means.
            author: Key of who pressed it.
        """
        now = self._clock.now()
        rating = partial(_rate, choice=choice, author=author, now=now)
        return await self._database.write(rating)


def _rate(connection: Connection, *, choice: Choice, author: str, now: datetime) -> Rated:
    alive = (surveys.c.case == int(choice.question)) & (surveys.c.expires_at > now)
    asked = connection.scalar(select(surveys.c.author).where(alive))
    if asked is None:
        return "expired"
    if not AuthorKey.parse(asked).is_same_person(AuthorKey.parse(author)):
        return "stranger"
    change = update(surveys).where(alive).values(score=int(choice.value), answered_at=now)
    connection.execute(change)
    return "stored"

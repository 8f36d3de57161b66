"""Stored open forms; every change is a compare-and-set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.errors import StateChanged
from bot.open_form import FormChange, OpenForm, SlotValue
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import forms


class StoredForms:
    """The `Forms` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def form(self, conversation: str, author: str) -> OpenForm | None:
        """Return the open form of a person in a conversation, expired or not."""
        return await self._database.query(
            partial(form_of, conversation=conversation, author=author)
        )

    async def moved(self, origin: str, author: str) -> OpenForm | None:
        """Return the open form of a person that was begun in a conversation and left it."""
        query = select(forms).where(forms.c.author == author)
        found = await self._database.query(
            lambda connection: [_form(row) for row in connection.execute(query)]
        )
        return next((form for form in found if form.origin == origin), None)

    async def by_id(self, form: str) -> OpenForm | None:
        """Return an open form by its id, wherever it is answered."""
        query = select(forms).where(forms.c.id == form)
        row = await self._database.query(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else _form(row)

    async def change(self, change: FormChange, *, at: datetime) -> None:
        """Store a change by itself, as when a form expires.

        Raises:
            StateChanged: Storage has another version than the one it was made from.
        """
        await self._database.write(partial(change_form, change=change, at=at))

    async def expired(self, before: datetime) -> Sequence[OpenForm]:
        """Return the forms that have ended by a moment, the oldest first."""
        query = select(forms).where(forms.c.expires_at <= before).order_by(forms.c.expires_at)
        return await self._database.query(
            lambda connection: [_form(row) for row in connection.execute(query)]
        )

    async def count(self) -> Mapping[str, int]:
        """Return how many forms are open, by intent."""
        query = select(forms.c.intent, func.count()).group_by(forms.c.intent)
        return await self._database.query(
            lambda connection: {row.intent: row[1] for row in connection.execute(query)}
        )


def form_of(connection: Connection, conversation: str, author: str) -> OpenForm | None:
    """Return the open form of a person in a conversation, inside a transaction."""
    theirs = (forms.c.conversation == conversation) & (forms.c.author == author)
    row = connection.execute(select(forms).where(theirs)).one_or_none()
    return None if row is None else _form(row)


def close_forms(connection: Connection, conversation: str) -> None:
    """Close every form of a conversation: a person has taken it over."""
    connection.execute(delete(forms).where(forms.c.conversation == conversation))


def change_form(connection: Connection, change: FormChange, *, at: datetime) -> None:
    """Store a change in the transaction of its cause.

    Raises:
        StateChanged: Another change came first.
    """
    before, after = change.before, change.after
    if before is not None:
        same = (forms.c.id == before.id) & (forms.c.version == before.version)
        if after is not None and after.id == before.id:
            newer = update(forms).where(same).values(_row(after, before.version + 1))
            changed = connection.execute(newer).rowcount
            after = None
        else:
            changed = connection.execute(delete(forms).where(same)).rowcount
        if not changed:
            raise StateChanged(f"form {before.id} has changed since version {before.version}")
    if after is not None:
        opened = insert(connection, forms).values(id=after.id, opened_at=at, **_row(after, 1))
        if not connection.execute(opened.on_conflict_do_nothing()).rowcount:
            raise StateChanged(f"another form is open for {after.author} in {after.conversation}")


def _row(form: OpenForm, version: int) -> dict[str, Any]:
    return {
        "conversation": form.conversation,
        "author": form.author,
        "intent": form.intent,
        "intents_hash": form.intents_hash,
        "data": _data(form),
        "version": version,
        "expires_at": form.expires_at,
    }


def _data(form: OpenForm) -> dict[str, Any]:
    return {
        "language": form.language,
        # a list, since JSON on PostgreSQL keeps no order of keys
        "slots": [[name, each.value, each.shown] for name, each in form.slots.items()],
        "skipped": list(form.skipped),
        "asked": form.asked,
        "tries": form.tries,
        "step": form.step,
        "results": dict(form.results),
        "queued": list(form.queued),
        "origin": form.origin,
        "recalled": list(form.recalled),
        "proposed": None if form.proposed is None else [form.proposed.value, form.proposed.shown],
        "said_before": [[name, each.value, each.shown] for name, each in form.said_before.items()],
        "confirmed": form.confirmed,
        "asides": form.asides,
        "said": form.said,
        "offered": [list(each) for each in form.offered],
    }


def _form(row: Row[Any]) -> OpenForm:
    data = dict(row.data)
    slots = {name: SlotValue(value, shown) for name, value, shown in data.pop("slots")}
    proposed = data.pop("proposed", None)
    form = OpenForm(
        row.id,
        row.conversation,
        row.author,
        row.intent,
        row.intents_hash,
        data.pop("language"),
        row.expires_at,
        slots,
        version=row.version,
    )
    return replace(
        form,
        skipped=tuple(data.pop("skipped")),
        queued=tuple(data.pop("queued")),
        recalled=tuple(data.pop("recalled", ())),
        said_before={
            name: SlotValue(value, shown) for name, value, shown in data.pop("said_before", ())
        },
        proposed=None if proposed is None else SlotValue(*proposed),
        offered=tuple((name, label) for name, label in data.pop("offered", ())),
        **data,
    )

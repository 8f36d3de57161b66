"""Counts what happened to forms, from the reasons of decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Text, cast, select

from bot.form_events import BEGINNING, form_events
from bot.storage.tables import decisions


def count_form_events(connection: Connection, since: datetime) -> Mapping[tuple[str, str], int]:
    """Return how often each event happened to the forms of each intent since a moment."""
    told = cast(decisions.c.reasons, Text).contains(BEGINNING, autoescape=True)
    query = select(decisions.c.reasons).where(decisions.c.at >= since, told)
    found = Counter[tuple[str, str]]()
    for reasons in connection.scalars(query):
        found.update(form_events(reasons))
    return found

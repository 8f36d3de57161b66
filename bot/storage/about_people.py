"""What staff wrote about a customer, and to them: found through the customer's cases."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, func, literal, select

from bot.storage.tables import cases, messages, relays


def about_person(key: str) -> ColumnElement[bool]:
    """Return the condition for the lines of staff in the case threads and answers of a person."""
    own = cases.c.author == key
    inside = messages.c.conversation.in_(select(cases.c.thread).where(own, cases.c.thread != ""))
    sent = exists().where(
        relays.c.customer == key,
        relays.c.direction == "to_customer",
        messages.c.event.like(literal("%:relay:") + func.replace(relays.c.source, ":", "/")),
    )
    answered = messages.c.conversation.in_(select(cases.c.conversation).where(own))
    return (messages.c.role == "staff") & (inside | (answered & sent))

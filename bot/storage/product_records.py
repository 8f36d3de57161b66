"""Reads what decisions tell of products: which were shown, and what customers did with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.decisions import DecisionKind
from bot.product_events import product_events, products_shown
from bot.storage.tables import decisions


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """What one decision tells of products.

    Attributes:
        author: Key of the customer; empty once they are forgotten.
        shown: Ids of the products in the reply.
        events: Product and what the customer did with it.
    """

    author: str
    at: datetime
    shown: tuple[str, ...]
    events: tuple[tuple[str, str], ...]


def read_products(
    connection: Connection, since: datetime, until: datetime
) -> Iterator[ProductRecord]:
    """Yield what the decisions of a period tell of products."""
    query = select(
        decisions.c.author, decisions.c.at, decisions.c.passages, decisions.c.reasons
    ).where(
        decisions.c.at >= since,
        decisions.c.at < until,
        decisions.c.kind == str(DecisionKind.RECOMMEND),
    )
    for author, at, passages, reasons in connection.execute(query):
        shown = tuple(products_shown(each["citation"] for each in passages))
        yield ProductRecord(author, at, shown, tuple(product_events(reasons)))

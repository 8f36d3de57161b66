"""Customers: found, mailed, linked with their chat account."""

from __future__ import annotations

import secrets
import time
from typing import Any

import aiosqlite

from examples.shop.errors import not_found

LINK_MINUTES = 10
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without signs that are mistaken for others."""


async def customer(database: aiosqlite.Connection, identity: str) -> dict[str, Any]:
    """Return the row of a customer.

    Raises:
        Refused: There is none.
    """
    cursor = await database.execute("SELECT * FROM customers WHERE id = ?", (identity,))
    row = await cursor.fetchone()
    if row is None:
        raise not_found()
    return dict(row)


async def every(database: aiosqlite.Connection) -> list[dict[str, Any]]:
    """Return all customers."""
    cursor = await database.execute("SELECT * FROM customers ORDER BY id")
    return [dict(row) for row in await cursor.fetchall()]


async def of_order(database: aiosqlite.Connection, number: str) -> dict[str, Any]:
    """Return whose order it is: the subject, and the address that codes are sent to."""
    cursor = await database.execute(
        "SELECT c.id, c.email FROM orders AS o JOIN customers AS c ON c.id = o.customer"
        " WHERE o.number = ?",
        (number,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise not_found()
    return {"subject": row["id"], "address": row["email"]}


async def of_email(database: aiosqlite.Connection, email: str) -> dict[str, Any]:
    """Return who has an e-mail address, compared sign by sign but for upper case."""
    for row in await every(database):
        if row["email"] == email.strip().lower():
            return {"subject": row["id"], "address": row["email"]}
    raise not_found()


async def send_code(database: aiosqlite.Connection, identity: str, code: str) -> dict[str, Any]:
    """Mail a one-time code to the address that the shop holds."""
    row = await customer(database, identity)
    body = (
        f"Your code is {code}. It is good for 10 minutes. Enter it in the chat with Larkspur"
        " Outdoor, and give it to nobody else: we never ask for it on the phone or by mail."
    )
    await database.execute(
        "INSERT INTO mails (customer, address, subject, body, code) VALUES (?, ?, ?, ?, ?)",
        (identity, row["email"], "Your code for the chat", body, code),
    )
    return {"masked": masked(row["email"])}


def masked(email: str) -> str:
    """Return an address of which its owner recognises enough.

    >>> masked("anna.lindqvist@example.com")
    'a•••@e•••'
    """
    name, _, host = email.partition("@")
    return f"{name[:1]}•••@{host[:1]}•••"


async def change_email(database: aiosqlite.Connection, identity: str, email: str) -> None:
    """Let a customer have another address."""
    await customer(database, identity)
    await database.execute("UPDATE customers SET email = ? WHERE id = ?", (email, identity))


async def mails(database: aiosqlite.Connection, identity: str = "") -> list[dict[str, Any]]:
    """Return the mails to a customer, or to all, the newest first."""
    cursor = await database.execute(
        "SELECT * FROM mails WHERE customer = ? OR ? = '' ORDER BY id DESC", (identity, identity)
    )
    return [dict(row) for row in await cursor.fetchall()]


async def link_code(database: aiosqlite.Connection, identity: str) -> str:
    """Make the one-time code that a signed-in customer sends to the bot."""
    await customer(database, identity)
    code = "LINK-" + "".join(secrets.choice(ALPHABET) for _ in range(8))
    await database.execute(
        "INSERT INTO link_codes (code, customer, expires) VALUES (?, ?, ?)",
        (code, identity, time.time() + LINK_MINUTES * 60),
    )
    return code


async def redeem(database: aiosqlite.Connection, code: str) -> dict[str, Any]:
    """Return whose link code it is, once."""
    cursor = await database.execute(
        "DELETE FROM link_codes WHERE code = ? RETURNING customer, expires", (code.strip().upper(),)
    )
    row = await cursor.fetchone()
    if row is None or row["expires"] < time.time():
        raise not_found()
    return {"subject": row["customer"]}

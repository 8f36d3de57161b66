"""Finds the customer who writes: by e-mail address, or by name and zip code."""

from __future__ import annotations

import re
from collections.abc import Mapping

from benchmarks.after_sales.database import Record
from bot.understanding.language.words import folded_words

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")


def find_user(users: Mapping[str, Record], text: str) -> str | None:
    """Return the id of the only user whose address, or name and zip code, a text has."""
    written = {each.lower() for each in _EMAIL.findall(text)}
    if written:
        found = [key for key, each in users.items() if each["email"].lower() in written]
        return found[0] if len(found) == 1 else None
    words = {*folded_words(text)}
    found = [
        key
        for key, each in users.items()
        if each["address"]["zip"] in words and {*_name(each)} <= words
    ]
    return found[0] if len(found) == 1 else None


def has_data(text: str) -> bool:
    """Return whether a text has an e-mail address, or what may be a zip code."""
    words = folded_words(text)
    return bool(_EMAIL.search(text)) or any(each.isdecimal() and len(each) == 5 for each in words)


def _name(user: Record) -> tuple[str, ...]:
    return folded_words(f"{user['name']['first_name']} {user['name']['last_name']}")

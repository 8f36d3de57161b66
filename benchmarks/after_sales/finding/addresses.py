"""Reads an address out of free text, or finds the known one that a customer means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from benchmarks.after_sales.database import Record
from benchmarks.after_sales.finding.mentions import mentions, products_of
from benchmarks.after_sales.finding.places import STATES
from benchmarks.after_sales.finding.words import holds, words_of

_ZIP = re.compile(r"\b(\d{5})(?:-\d{4})?\b")
_STREET = re.compile(r"\b\d{1,5}[A-Za-z]?\s+[A-Za-z]")
_SECOND = re.compile(
    r"\b(suite|ste|apt|apartment|unit|floor|room)\.?\s*#?\s*([A-Za-z]?\d+[A-Za-z]?)\b",
    re.IGNORECASE,
)
_KIND = {"ste": "Suite", "apartment": "Apt"}
_SUFFIXES = frozenset(
    (
        *("street", "st", "avenue", "ave", "road", "rd", "drive", "dr", "lane", "ln", "way"),
        *("boulevard", "blvd", "highway", "hwy", "court", "ct", "place", "pl", "parkway"),
        *("pkwy", "terrace", "circle", "square", "trail"),
    )
)
_SHORT_CITIES = {"ny": "New York", "nyc": "New York", "la": "Los Angeles", "sf": "San Francisco"}
_OWN = ("account", "profile", "default", "home address", "on file")
_OLD = ("previous", "old", "before", "the way it was", "restore")


def read_address(text: str, cities: Iterable[str]) -> Record | None:
    """Return the address that a text spells out; None: it has no street, city and zip code.

    Args:
        text: What the customer wrote.
        cities: Those that the shop knows.

    >>> found = read_address("101 highway ny ny 10001, no second line", ["New York"])
    >>> found["address1"], found["city"], found["state"], found["zip"]
    ('101 Highway', 'New York', 'NY', '10001')
    """
    seconds = {each.start(2) for each in _SECOND.finditer(text)}
    streets = [each.start() for each in _STREET.finditer(text) if each.start() not in seconds]
    if not streets:
        return None
    start = next((each for each in reversed(streets) if _ZIP.search(text, each + 6)), streets[-1])
    code = _ZIP.search(text, start + 6) or _ZIP.search(text)
    if code is None:
        return None
    body = text[start : code.start()] if code.start() > start else text[start:]
    second = _SECOND.search(body)
    if second is not None:
        body = f"{body[: second.start()]}, {body[second.end() :]}"
    street, city, state = _parts(body, cities)
    if not (street and city and state):
        return None
    return {
        "address1": _titled(street),
        "address2": _second_line(second),
        "city": _titled(city),
        "state": state,
        "country": "USA",
        "zip": code[1],
    }


def _second_line(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    kind = found[1].lower()
    return f"{_KIND.get(kind, kind.capitalize())} {found[2].upper()}"


def _parts(body: str, cities: Iterable[str]) -> tuple[str, str, str]:
    """Return street, city and the code of the state of what stands before the zip code."""
    parts = [each.strip(" .") for each in body.split(",") if each.strip(" .")]
    rest, state = _without_state(" , ".join(parts))
    pieces = [each.strip() for each in rest.split(",") if each.strip()]
    if len(pieces) > 1:
        return pieces[0], _city(pieces[1]), state
    words = (pieces or [""])[0].split()
    for city in sorted({*cities, *_SHORT_CITIES}, key=len, reverse=True):
        tail = city.lower().split()
        if len(words) > len(tail) and [each.lower() for each in words[-len(tail) :]] == tail:
            return " ".join(words[: -len(tail)]), _city(city), state
    ends = [place + 1 for place, each in enumerate(words) if each.lower().strip(".") in _SUFFIXES]
    end = next((each for each in ends if each < len(words)), 0)
    return " ".join(words[:end]), _city(" ".join(words[end:])), state


def _without_state(text: str) -> tuple[str, str]:
    lowered = text.lower().rstrip(" ,")
    for code, name in STATES.items():
        for each in (name.lower(), code.lower()):
            if lowered.endswith(f" {each}"):
                return text[: len(lowered) - len(each)].rstrip(" ,"), code
    return text, ""


def _city(text: str) -> str:
    return _SHORT_CITIES.get(text.strip().lower(), text.strip())


def _titled(text: str) -> str:
    if text == text.lower() or text == text.upper():
        return " ".join(each.capitalize() for each in text.split())
    return " ".join(
        each if each[:1].isdigit() else each[:1].upper() + each[1:] for each in text.split()
    )


def find_address(
    text: str, account: Record, orders: Sequence[Record], replaced: Sequence[Record]
) -> Record | None:
    """Return the known address that a text means; None: it means none, or several.

    Args:
        text: What the customer wrote.
        account: The address of the account.
        orders: All orders of the customer.
        replaced: Addresses that the account had before in this conversation, the latest last.
    """
    words = words_of(text)
    if replaced and holds(words, *_OLD):
        return dict(replaced[-1])
    every = [item for one in orders for item in one["items"]]
    named = [each for each in mentions(words, products_of(every)) if each.wanted]
    for each in named:
        held = [one["address"] for one in orders if each.products & products_of(one["items"])]
        if len({str(one) for one in held}) == 1:
            return dict(held[0])
    known = {str(each): each for each in (account, *(one["address"] for one in orders))}
    fitting = [each for each in known.values() if _is_named(each, words)]
    if len(fitting) == 1:
        return dict(fitting[0])
    return dict(account) if holds(words, *_OWN) else None


def _is_named(address: Record, words: Sequence[str]) -> bool:
    short = [short for short, city in _SHORT_CITIES.items() if city == address["city"]]
    names = (address["city"], STATES.get(address["state"], address["state"]), address["zip"])
    return holds(words, *names, *short)


def shown(address: Record) -> str:
    """Return an address in one line."""
    keys = ("address1", "address2", "city", "state", "zip", "country")
    return ", ".join(str(address[each]) for each in keys if address.get(each))

"""Reads an address out of free text, or finds the known one that a customer means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from benchmarks.after_sales.database import Record
from benchmarks.after_sales.finding.mentions import mentions, products_of
from benchmarks.after_sales.finding.orders import NUMBER_LENGTH
from benchmarks.after_sales.finding.places import STATES
from benchmarks.after_sales.finding.words import holds, number_in, words_of

_ZIP = re.compile(r"\b(\d{5})(?:-\d{4})?\b")
_SECOND = re.compile(
    r"(?:\b(suite|ste|apt|apartment|unit|floor|room)\.?\s*#?\s*|#\s*)([A-Za-z]?\d+[A-Za-z]?)\b",
    re.IGNORECASE,
)
_KIND = {"ste": "Suite", "apartment": "Apt"}
_SUFFIXES = (
    *("street", "st", "avenue", "ave", "road", "rd", "drive", "dr", "lane", "ln", "way"),
    *("boulevard", "blvd", "highway", "hwy", "court", "ct", "place", "pl", "parkway"),
    *("pkwy", "terrace", "circle", "square", "trail"),
)
_STREET = re.compile(
    rf"\b\d{{1,5}}[A-Za-z]?\s+(?:[A-Za-z.'-]{{1,20}}\s+){{0,4}}?(?:{'|'.join(_SUFFIXES)})\b",
    re.IGNORECASE,
)
_LINE = re.compile(r"\b\d{1,5}[A-Za-z]?\s+[A-Za-z][^,\n]{2,40}(?=[,\n])")
"""A street without one of those words, up to a comma."""
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
    streets = [*_STREET.finditer(text)] or [*_LINE.finditer(text)]
    if not streets:
        return None
    street = streets[-1]  # corrections stand last
    before, after = text[: street.start()], text[street.end() :]
    second = _SECOND.search(after) or _SECOND.search(before)
    after, before = _SECOND.sub(",", after), _SECOND.sub(",", before)
    codes = [*_ZIP.finditer(after), *_ZIP.finditer(before)]
    state = _state(f"{after}, {before}")
    city = _city(f"{after}, {before}", cities, state)
    if not (codes and city and state):
        return None
    return {
        "address1": _titled(street[0].strip()),
        "address2": _second_line(second),
        "city": _titled(city),
        "state": state,
        "country": "USA",
        "zip": codes[0][1],
    }


def _second_line(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    kind = (found[1] or "apt").lower()
    return f"{_KIND.get(kind, kind.capitalize())} {found[2].upper()}"


def _city(text: str, cities: Iterable[str], state: str) -> str:
    """Return the city that the shop knows, or what stands first after the street."""
    words = words_of(text)
    for city in sorted({*cities, *_SHORT_CITIES}, key=len, reverse=True):
        if holds(words, city):
            return _SHORT_CITIES.get(city, city)
    pieces = [each.strip(" .") for each in re.split(r"[,\n]", _ZIP.sub("", text))]
    first = next((each for each in pieces if each), "").removeprefix("in ")
    names = "|".join((state, STATES.get(state, state)))
    return re.sub(rf"\s*\b(?:{names})$", "", first, flags=re.IGNORECASE).strip()


def _state(text: str) -> str:
    """Return the code of the state that a text names; a code alone stands last, or in capitals."""
    left = re.sub(r"\b(?:usa|us|united states)\b", "", _ZIP.sub("", text), flags=re.IGNORECASE)
    by_name = [(left.lower().rfind(name.lower()), code) for code, name in STATES.items()]
    capitals = [(left.rfind(each), each) for each in re.findall(r"\b[A-Z]{2}\b", left)]
    last = [piece.split()[-1].upper() for piece in re.split(r"[,.\n]", left) if piece.split()]
    found = [code for at, code in sorted((*capitals,), reverse=True) if code in STATES and at >= 0]
    found += [code for at, code in sorted(by_name, reverse=True) if at >= 0]
    found += [code for code in last if code in STATES]
    return found[0] if found else ""


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
    number = number_in(words)
    for one in orders if len(number) >= NUMBER_LENGTH else ():
        if number in one["order_id"]:
            return dict(one["address"])
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

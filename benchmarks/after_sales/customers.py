"""Scripted customers: what each says, in three phrasings, and what they want in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import TypeAdapter

from bot.yamlfile import plain, read

FIELD = Path(__file__).parents[1] / "field"
PHRASINGS = 3

LINES = "after_sales_lines"
"""The list of single messages."""

_NO_CUSTOMERS = ("after_sales_tasks", LINES)
"""The list of the ids of each half, and the one of single messages."""

INTENTS: Mapping[str, str] = {
    "cancel": "cancel_order",
    "modify_items": "change_items",
    "exchange": "change_items",
    "return": "return_items",
    "modify_address": "change_order_address",
    "change_default_address": "change_account_address",
    "modify_payment": "change_payment",
    "order_question": "order_question",
    "product_question": "product_question",
    "account_question": "account_question",
    "person": "person",
}
"""The intent, and the action of the same name, for each thing that customers want."""

_DOES_NOT_KNOW = ("no idea, sorry", "I'm afraid I don't know that.", "i dont know")
_PROOFS = (
    ("{name}, {zip}", "{email}"),
    ("My name is {name} and my zip code is {zip}.", "My e-mail address is {email}."),
    ("im {name} n my zip is {zip}", "its {email}"),
)

Phrasings = Annotated[tuple[str, ...], "three"]


@dataclass(frozen=True, slots=True)
class Who:
    """What a customer knows of themselves."""

    name: str
    zip: str | None = None
    email: str | None = None
    wrong_email_first: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that a customer wants."""

    wants: str
    expects: Literal["write", "nothing", "handoff"]
    opens: tuple[str, ...]
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirms: bool = False
    must: Mapping[str, Any] | None = None

    @property
    def intent(self) -> str:
        """The intent that it is."""
        return INTENTS[self.wants]


@dataclass(frozen=True)
class Customer:
    """The customer of a task."""

    task: str
    who: Who
    requests: tuple[Request, ...]

    @cached_property
    def has_email(self) -> bool:
        """Whether they can tell their e-mail address."""
        return self.who.email is not None


def customers(part: str) -> Mapping[str, Sequence[Customer]]:
    """Return the customers of a part, `build` or `judge`, by the list that they are in.

    Lists are `after_sales.yaml` and each `after_sales_NAME.yaml` of another writer.
    """
    paths = (FIELD / part).glob("after_sales*.yaml")
    return {path.stem: _read(path) for path in sorted(paths) if path.stem not in _NO_CUSTOMERS}


def _read(path: Path) -> Sequence[Customer]:
    root = read(path).root
    content = [] if root is None else plain(root, resolve=True)
    return TypeAdapter(tuple[Customer, ...]).validate_python(content)


def answer(request: Request, key: str, phrasing: int) -> str:
    """Return what a customer says when something is asked for."""
    said = request.answers.get(key)
    return said[phrasing] if said else _DOES_NOT_KNOW[phrasing]


def proof(who: Who, phrasing: int, tries: int) -> str:
    """Return how a customer tells who they are, the first time or after it was not enough."""
    by_name, by_email = _PROOFS[phrasing]
    if who.wrong_email_first and tries == 0:
        return by_email.format(email=who.wrong_email_first)
    if who.email:
        return by_email.format(email=who.email)
    return by_name.format(name=who.name, zip=who.zip)

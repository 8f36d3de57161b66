"""The schema of `actions.yaml`, version 1: every key with its meaning."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from bot.ports.actions import ProofWay
from bot.understanding.intents.actions.names import (
    RESERVED,
    place_of,
    read_host,
    values_in,
)
from bot.understanding.intents.actions.proof_schema import ProofActions
from bot.understanding.intents.field_types import Name, StrictModel, Tag, Text, Version, Wording
from bot.yamlfile import mistake
from bot.yamlfile.durations import read_duration

TIMEOUT = timedelta(seconds=10)
"""How long an action may take where nothing is written."""

LONGEST = timedelta(seconds=60)
"""A customer waits for it."""

NONE = "none"
HANDOFF = "handoff"


def _timeout(value: object) -> object:
    duration = read_duration(value)
    if isinstance(duration, timedelta) and duration > LONGEST:
        raise mistake(f'"{value}" is long for a customer who waits', "write 60 s or less")
    return duration


def _host(text: str) -> str:
    try:
        read_host(text)
    except ValueError:
        raise mistake(
            f'"{text}" is no host', "write HOST, HOST:PORT, an IP address, or a network of them"
        ) from None
    return text


def _url(text: str) -> str:
    start = re.split(r"[/?#]", text.partition("://")[2], maxsplit=1)[0]
    if any(values_in(start)) or any(values_in(text.partition("://")[0])):
        raise mistake("a value as a part of the host", "write the host out: values come after it")
    if "${" in text:
        raise mistake("a variable in an address, which logs may hold", "write it in `headers:`")
    try:
        place_of(text)
        signed_in = urlsplit(text).username is not None
    except ValueError:
        raise mistake(f'"{text}" is no web address', "write https://HOST/PATH") from None
    if signed_in or "#" in text:
        raise mistake("a user name or a # in the address", "write https://HOST/PATH")
    return text


def _expression(text: str) -> str:
    try:
        jmespath.compile(text)
    except JMESPathError as error:
        said = str(error).partition("\n")[0].rstrip(":")
        raise mistake(f"not a JMESPath expression: {said}", "see https://jmespath.org") from None
    return text


def _returns(value: object) -> object:
    """Expand a list of names: each value is found under its own name."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return {each: each for each in value}
    return value


def _provided(value: dict[str, str]) -> dict[str, str]:
    for name in RESERVED & value.keys():
        raise mistake(f"no result may be called {name}", "choose another name")
    return value


def _ways(value: object) -> object:
    if value == NONE:
        return ()
    ways = [value] if isinstance(value, str) else value
    known = get_args(ProofWay)
    for way in ways if isinstance(ways, list) else ():
        if way not in known:
            raise mistake(f'"{way}" is no proof', f"write {', '.join(known)}, or `{NONE}`")
    return ways


def _on_error(value: object, info: ValidationInfo) -> object:
    if value == HANDOFF:
        return {}
    if isinstance(value, str):
        return {(info.context or {}).get("language", "en"): value}
    return value


def _lookup(value: object) -> object:
    return "" if value == NONE else value


_Duration = Annotated[str, Field(pattern=r"^\s*[0-9]+ ?[a-z]+\s*$", examples=["5 s"])]
Seconds = Annotated[timedelta, BeforeValidator(_timeout, json_schema_input_type=_Duration)]
Host = Annotated[Text, AfterValidator(_host)]
Url = Annotated[Text, AfterValidator(_url)]
Expression = Annotated[Text, AfterValidator(_expression)]
Returns = Annotated[
    dict[Name, Expression],
    BeforeValidator(_returns, json_schema_input_type=list[Name] | dict[Name, str]),
    AfterValidator(_provided),
]
Ways = Annotated[
    tuple[ProofWay, ...],
    BeforeValidator(_ways, json_schema_input_type=ProofWay | list[ProofWay] | Literal["none"]),
]
OnError = Annotated[
    dict[Tag, Text],
    BeforeValidator(_on_error, json_schema_input_type=Text | dict[str, Text]),
]


class HttpCall(StrictModel):
    """A request to the shop."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    """Of the request."""

    url: Url
    """The address; values are percent-encoded, and are no part of its scheme or host."""

    headers: dict[str, Text] = Field(default_factory=dict)
    """By name; `${NAME}` is an environment variable."""

    json_: Annotated[Any, Field(alias="json")] = None
    """The body; a text that is a placeholder and nothing else keeps the type of its value."""

    timeout: Seconds | None = None
    """How long it may take, for example `5 s`."""

    retries: Annotated[int, Field(ge=0, le=5)] = 0
    """How often a read that failed is tried again."""


class Action(StrictModel):
    """Something that the bot can look up or do."""

    kind: Literal["read", "write"]
    """`write`: it changes something; it is confirmed first, and done at most once."""

    description: Text | None = None
    """What it does, in a sentence."""

    http: HttpCall | None = None
    """The request that it is."""

    python: Text | None = None
    """Or: the name of an entry point in the group `frontdesk.actions`."""

    needs: tuple[Name, ...] = ()
    """With `python`: names of the values that it is called with."""

    timeout: Seconds | None = None
    """With `python`: how long it may take."""

    proof: Ways = ()
    """How customers may prove who they are, tried in this order; `none`: anybody may."""

    returns: Returns = Field(default_factory=dict)
    """The values that it provides: JMESPath expressions by name, or a list of names."""

    errors: dict[Text, Name] = Field(default_factory=dict)
    """Names of errors by HTTP status, or by the name that `ActionRefused` has."""

    on_error: OnError
    """What the customer is told when it fails; `handoff`: a person is called."""

    confirm: Wording | None = None
    """Of a write: the question by which it is confirmed."""

    lookup: Annotated[str | None, BeforeValidator(_lookup)] = None
    """Of a write: the read that tells whether it took place; `none`: a person finds out."""

    example: dict[Name, Any] | None = None
    """What it provides in rehearsals, where nothing is called."""

    gpt: bool = False
    """GPT may use it as a tool; of a read only."""

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.kind == "write"

    @property
    def limit(self) -> timedelta:
        """How long a call may take."""
        return (self.http.timeout if self.http else self.timeout) or TIMEOUT

    @property
    def uses(self) -> tuple[str, ...]:
        """Names of all values that it is called with, reserved ones as well."""
        if self.http is None:
            return self.needs
        parts = (self.http.url, self.http.headers, self.http.json_)
        return tuple(dict.fromkeys(name for part in parts for name in values_in(part)))

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.http is None) == (self.python is None):
            found = "both `http` and `python`" if self.http else "neither `http` nor `python`"
            raise mistake(found, "write one of the two")
        for key, given in (("needs", self.needs), ("timeout", self.timeout)):
            if self.http is not None and given:
                remedy = (
                    "delete it: placeholders tell it" if key == "needs" else "move it to `http`"
                )
                raise mistake(f"`{key}` beside `http`", remedy)
        if self.http is not None and self.writes and self.http.method == "GET":
            raise mistake("a write by GET", "write `method: POST`, or `kind: read`")
        if self.http is not None and self.writes and self.http.retries:
            raise mistake("`retries` on a write, which is done at most once", "delete it")
        for key in ("confirm", "lookup"):
            if getattr(self, key) is not None and not self.writes:
                raise mistake(f"`{key}` on a read", "delete it, or write `kind: write`")
        if self.gpt and self.writes:
            raise mistake("`gpt: true` on a write", "delete it: GPT may look things up only")
        for name in sorted((self.example or {}).keys() - self.returns.keys()):
            raise mistake(f"`example` has {name}, which `returns` does not", "add it to `returns`")
        return self


class ActionsFile(StrictModel):
    """The whole file."""

    version: Version
    hosts: tuple[Host, ...] = ()
    """Hosts that may be called, `HOST` or `HOST:PORT`; private addresses as well only where they
    stand here themselves."""

    proof: ProofActions = ProofActions()
    actions: dict[Name, Action] = Field(default_factory=dict)

    @property
    def of_proof(self) -> frozenset[str]:
        """Names of actions that only the proof of identity calls."""
        return frozenset(self.proof.used().values())

    @property
    def told_customer(self) -> frozenset[str]:
        """Names of actions of the proof that are called with `customer_id`."""
        code, current = self.proof.code, self.proof.current
        named = (code.send if code else "", current.address if current else "")
        return frozenset(each for each in named if each)

    @property
    def lookups(self) -> frozenset[str]:
        """Names of actions that are the lookup of a write."""
        return frozenset(each.lookup for each in self.actions.values() if each.lookup)

    def needs(self, name: str) -> tuple[str, ...]:
        """Return the names of the values that forms must have before an action runs."""
        return tuple(each for each in self.actions[name].uses if each not in RESERVED)


NO_ACTIONS = ActionsFile(version=1)
"""Of a folder without `actions.yaml`."""

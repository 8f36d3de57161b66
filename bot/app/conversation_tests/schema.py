"""Version 1 of conversation files, whole: what an admin may write, with its meaning.

The docstrings below are what editors show (`docs/conversations.schema.json`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.app.conversation_tests.shop_schema import ExpectedCalls, ShopAnswers
from bot.understanding.intents.field_types import Name, StrictModel, Tag, Text, Texts, Version
from bot.yamlfile import mistake
from bot.yamlfile.durations import read_duration

SCHEMA_PATH = "docs/conversations.schema.json"
"""Where the project keeps the JSON Schema of these files."""

_Items = TypeVar("_Items", bound=tuple[object, ...])


def _some(items: _Items) -> _Items:
    if not items:
        raise mistake("the list is empty", "write an item a line, each after `- `")
    return items


def _person(value: object) -> object:
    return {"id": value} if isinstance(value, str) else value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _reply(value: object) -> object:
    return {"contains": value} if isinstance(value, (str, list)) else value


def _one_segment(text: str) -> str:
    if ":" in text or any(sign.isspace() for sign in text):
        raise mistake(f'"{text}" has a colon or a space in it', "write an id as platforms have it")
    return text


def _restarts(value: object) -> object:
    if value not in ("true", True):
        raise mistake(f'"{value}" does nothing here', "write `restart: true`")
    return True


Id = Annotated[Text, AfterValidator(_one_segment)]


class Person(StrictModel):
    """Somebody who writes."""

    id: Id
    """Their id on the platform."""

    roles: Annotated[tuple[Id, ...], BeforeValidator(_listed)] = ()
    """Ids of the roles that they have there."""


Author = Annotated[Person, BeforeValidator(_person, json_schema_input_type=Text | Person)]


class ExpectedReply(StrictModel):
    """What the reply must be; line breaks count as spaces."""

    contains: Texts = ()
    """Texts that must stand in the reply."""

    not_contains: Texts = ()
    """Texts that must not stand in the reply."""

    equals: Texts = ()
    """The whole reply; of several, one."""


DecisionName = Literal[
    "intent",
    "clarify",
    "form",
    "recommend",
    "generated",
    "quoted",
    "handoff",
    "safety",
    "command",
    "declined",
    "staff",
    "help",
    "silent",
    "unanswered",
    "unknown",
]


class Expectation(StrictModel):
    """What must come of a turn; what is not named may be anything."""

    decision: DecisionName | None = None
    """What the bot decides to do, as `frontdesk ask` prints it."""

    intent: Texts | None = None
    """The intent that is answered; a list when the message has several requests. With
    `decision: clarify`, the likeliest one."""

    reply: Annotated[
        ExpectedReply | None,
        BeforeValidator(_reply, json_schema_input_type=Text | list[Text] | ExpectedReply),
    ] = None
    """A text that must stand in the reply, several of them, or `contains`, `not_contains` and
    `equals`."""

    buttons: Texts | None = None
    """The labels of the buttons under the reply, in their order; `[]` for none."""

    sources: Texts | None = None
    """The titles or addresses of the sources under the reply, in their order; `[]` for none."""

    visibility: Literal["public", "private", "internal"] | None = None
    """Who can read the reply: everybody there, the customer alone, or staff alone."""

    silence: bool | None = None
    """`true`: nothing is said; `false`: something is."""

    form: Text | None = None
    """The intent whose form the author has open afterwards; `none`: there is none."""

    asked: Text | None = None
    """The slot that the form asks for; `proof` or `confirm`: it waits for that."""

    slots: dict[Name, Texts] | None = None
    """Values of slots of that form; those that are not named may be anything."""

    calls: ExpectedCalls | None = None
    """The actions that this turn called, in order, by name, each with values if they matter; `[]`
    for none."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        said = ("reply", "buttons", "sources", "visibility")
        given = [key for key in said if getattr(self, key)]
        if self.silence and given:
            raise mistake(f"`silence` and `{given[0]}`", "delete one of the two")
        return self


class TurnEntry(StrictModel):
    """One step of a conversation: `say`, `press`, `wait` or `restart`."""

    say: Text | None = None
    """Somebody writes this; `{code}` is the newest one-time code that the shop was to send, and
    `{wrong_code}` another one."""

    press: Text | None = None
    """Somebody presses a button: its label, or its position from 1 under the latest reply."""

    wait: Annotated[
        timedelta | None, BeforeValidator(read_duration, json_schema_input_type=Text)
    ] = None
    """Time passes, for example `45 min` or `3 days`."""

    restart: Annotated[
        Literal[True] | None, BeforeValidator(_restarts, json_schema_input_type=Literal[True])
    ] = None
    """`true`: the process ends and starts again; what it knows is in the database."""

    author: Author | None = None
    """Who writes or presses, when it is somebody else than the author of the conversation."""

    addressing: Literal["direct", "mention", "thread", "ambient", "command"] | None = None
    """How the message reaches the bot. In a direct message: `direct`; in a channel, first a
    `mention` and then a line in the `thread`. `ambient` is a line that is not for the bot,
    `command` one of the platform's own commands."""

    expect: Expectation | None = None
    """What must come of it."""

    @model_validator(mode="after")
    def _is_one_step(self) -> Self:
        steps = [key for key in ("say", "press", "wait", "restart") if getattr(self, key)]
        if len(steps) != 1:
            found = " and ".join(f"`{key}`" for key in steps) or "no step"
            raise mistake(found, "write one of `say`, `press`, `wait` and `restart` in a turn")
        useless = {"say": (), "press": ("addressing",)}.get(
            steps[0], ("author", "addressing", "expect")
        )
        for key in useless:
            if getattr(self, key) is not None:
                raise mistake(f"`{key}` beside `{steps[0]}`", f"delete `{key}`")
        return self


class ConversationEntry(StrictModel):
    """A conversation from its first message on, with somebody whom the bot does not know yet."""

    name: Text
    """What it shows; stands in reports."""

    platform: Id = "terminal"
    """Where it takes place: replies and articles can depend on it."""

    channel: Id | None = None
    """The id of the channel where it takes place; absent: a direct message."""

    author: Author = Person(id="customer")
    """Who writes, where a turn names nobody else: an id, or an id and roles."""

    language: Tag | None = None
    """The language that the platform tells of its people, for example `de`."""

    seed: Id = "test"
    """Chooses among the variants of replies."""

    proven: Text | None = None
    """The customer of the shop that the author has proven to be, in every way; absent: it has to be
    proven in the conversation."""

    actions: dict[Name, ShopAnswers] = Field(default_factory=dict)
    """What the shop answers, by action; nothing is called. Without it, the shop is not set up."""

    turns: Annotated[tuple[TurnEntry, ...], AfterValidator(_some)]
    """What happens, in its order."""


class ConversationFile(StrictModel):
    """A file of conversations."""

    version: Version
    conversations: Annotated[tuple[ConversationEntry, ...], AfterValidator(_some)]
    """What `frontdesk test` plays through."""


def intents_named(entry: ConversationEntry) -> Iterable[tuple[int, str]]:
    """Yield the intents that a conversation expects, each with the position of its turn."""
    for position, turn in enumerate(entry.turns):
        for name in (turn.expect.intent or ()) if turn.expect else ():
            yield position, name


def conversation_file_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a conversation file."""
    schema = ConversationFile.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Frontdesk conversation tests",
    }

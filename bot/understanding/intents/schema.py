"""The schema of intent files, version 1: every key with its meaning.

Editors show the docstrings below (`docs/intents.schema.json`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from bot.understanding.intents.field_types import (
    Name,
    StrictModel,
    Text,
    Texts,
    Utterances,
    Variants,
    Version,
    Wording,
)
from bot.understanding.intents.slots import Slot
from bot.yamlfile import mistake, resembling


def _cases(value: object) -> object:
    """Expand a reply to its full form: a list of cases."""
    if isinstance(value, dict) and value.keys() & ReplyCase.model_fields.keys():
        return [value]
    if isinstance(value, (str, dict)):
        return [{"text": value}]
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        raise mistake(
            "a list of texts needs a language",
            "write variants by language: `reply: {en: [first, second]}`",
        )
    return value


def _handoff(value: object) -> object:
    if isinstance(value, str):
        return {"true": {}, "false": None}.get(value.lower(), {"team": value})
    return value


def _recommend(value: object) -> object:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return {} if value.lower() == "true" else None
    return value


def _platform(key: str) -> str:
    """Let the name of a platform through; a slip of the pen in one of our own keys is none."""
    remedy = resembling(key, ("text", "when"))
    if remedy.startswith("did you mean") or not _PLATFORM.fullmatch(key):
        raise mistake("unknown key", remedy)
    return key


_PLATFORM = re.compile(r"[a-z][a-z0-9_-]*")

PlatformKey = Annotated[str, AfterValidator(_platform)]


class ReplyCase(StrictModel):
    """One reply, and when it is given; further keys are the names of platforms."""

    model_config = ConfigDict(extra="allow")

    when: dict[str, Texts] = Field(default_factory=dict)
    """Slots and what the action provides, each with its required value or values; `error` is the
    name of an error of the action."""

    text: Variants
    """The reply in Markdown; if there are several variants, one is chosen."""

    __pydantic_extra__: dict[PlatformKey, Variants] = Field(init=False)

    @property
    def platforms(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """Own wording of platforms, by the name of their adapter, installed or not."""
        return self.__pydantic_extra__ or {}


Reply = Annotated[
    tuple[ReplyCase, ...],
    BeforeValidator(
        _cases,
        json_schema_input_type=Text | dict[str, Text | list[Text]] | list[ReplyCase] | ReplyCase,
    ),
]


class Handoff(StrictModel):
    """Handoff to a human."""

    team: Text | None = None
    """Name of the team that is asked, as config has it; by default, the default team."""


class Recommend(StrictModel):
    """Products of `catalogue.yaml`, or of the feed, to recommend."""

    category: Text | None = None
    """Products of this category, unless the customer names another one."""

    only: dict[Text, Texts] = Field(default_factory=dict)
    """Only products with these values, by attribute."""

    limit: Annotated[int, Field(ge=1, le=10)] = 3
    """Maximum number of products."""


class TestEntry(StrictModel):
    """A message with its expected prediction (`frontdesk test`)."""

    say: Text
    """The customer's message."""

    intent: Text | None = None
    """The intent that must be recognised."""

    not_: Annotated[Text | None, Field(alias="not")] = None
    """The intent that must not be recognised."""

    @model_validator(mode="after")
    def _has_one_expectation(self) -> Self:
        if (self.intent is None) == (self.not_ is None):
            found = "neither `intent` nor `not`" if self.intent is None else "`intent` and `not`"
            raise mistake(found, "write one of the two")
        return self


class IntentEntry(StrictModel):
    """One intent: what customers want, example messages, and the reply."""

    name: Name
    """Lower-case letters, digits and _; used in logs, tests and suggestions."""

    label: Text | None = None
    """The name that it had where it was imported from."""

    title: Wording | None = None
    """The label of its button; by default, the name with spaces."""

    description: Text | None = None
    """What the customer wants, in a sentence; shown among the reasons for a decision."""

    small_talk: bool = False
    """`true`: a courtesy such as a greeting. It is answered, but never offered as a button when the
    bot asks what is meant, and is no topic in the answer to "help"."""

    risk: Literal["normal", "personal"] = "normal"
    """`personal`: the reply concerns one person's data, so the threshold is higher."""

    examples: Utterances
    """Messages of customers: 5 or more; a plain list is in the default language."""

    not_: Annotated[Utterances, Field(alias="not")] = Field(default_factory=dict)
    """Near misses: messages that look similar but do not belong to this intent."""

    slots: dict[Name, Slot] = Field(default_factory=dict)
    """Details that the reply or the action needs, by name; asked for in this order."""

    action: Text | None = None
    """The action of `actions.yaml` that runs once all slots are filled."""

    identity: SkipJsonSchema[Any] = Field(default=None, exclude=True)
    """Of 0.1, where nothing executed it: a proof belongs to the action."""

    visibility: Literal["public", "private"] = "public"
    """`private`: only the customer sees the reply."""

    reply: Reply = ()
    """A text, texts by language, or a list of cases of which the first that applies is sent."""

    recommend: Annotated[
        Recommend | None,
        BeforeValidator(_recommend, json_schema_input_type=bool | Recommend),
    ] = None
    """Recommend products for what the customer writes, in place of a reply."""

    handoff: Annotated[
        Handoff | None, BeforeValidator(_handoff, json_schema_input_type=bool | Text | Handoff)
    ] = None
    """`true`: hand off to a human; the name of a team of config: to one of that team."""

    suggestions: Texts = ()
    """Intents that are offered as next steps."""

    follow_ups: SkipJsonSchema[Any] = Field(default=None, exclude=True)
    """Of 0.1, where nothing executed it: `check` tells to delete it."""

    tests: tuple[TestEntry, ...] = ()
    """Messages with their expected intent, or an intent that must not be recognised."""

    draft: bool = False
    """Trained, but not answered yet."""


class IntentFile(StrictModel):
    """An intent file."""

    version: Version
    intents: tuple[IntentEntry, ...] = ()
    """The intents that the bot recognises."""

    out_of_scope: Utterances = Field(default_factory=dict)
    """Messages that no intent may answer."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.intents and not any(self.out_of_scope.values()):
            raise mistake("the file defines nothing", "add `intents:` or `out_of_scope:`")
        return self

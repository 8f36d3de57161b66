"""Version 1 of intent files, whole: what an admin may write, with its meaning.

The docstrings below are what editors show (`docs/intents.schema.json`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self

import re2
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from bot.understanding.intents.field_types import (
    Name,
    Text,
    Texts,
    Utterances,
    Variants,
    Version,
    Wording,
    Written,
)
from bot.yamlfile import mistake, resembling


def _compiles(pattern: str) -> str:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise mistake(
            f"not a regular expression that can be used: {said}",
            "write RE2 syntax (no look-around, no back references), in single quotes",
        ) from error
    return pattern


def _cases(value: object) -> object:
    """Bring a reply into its full form: a list of cases."""
    if isinstance(value, dict) and value.keys() & ReplyCase.model_fields.keys():
        return [value]
    if isinstance(value, (str, dict)):
        return [{"text": value}]
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        raise mistake(
            "a list of texts", "write variants by language: `reply: {en: [first, second]}`"
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


Pattern = Annotated[str, AfterValidator(_compiles)]
"""RE2: matching takes time linear in the text, whatever an admin writes."""


class Slot(Written):
    """A detail that an answer needs."""

    type: Literal["text", "pattern", "number", "date", "email", "choice"] = "text"
    """What a customer's words for it look like."""

    pattern: Pattern | None = None
    """With `type: pattern`: a regular expression (RE2); its match is the value."""

    choices: Texts = ()
    """With `type: choice`: what it can be."""

    ask: Wording | None = None
    """How the bot asks for it."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for kind, key, given in (
            ("pattern", "pattern", self.pattern is not None),
            ("choice", "choices", bool(self.choices)),
        ):
            if self.type == kind and not given:
                raise mistake(f"`type: {kind}` without `{key}`", f"add `{key}:`")
            if self.type != kind and given:
                raise mistake(f"`{key}` without `type: {kind}`", f"add `type: {kind}`")
        return self


def _platform(key: str) -> str:
    """Let the name of a platform through; a slip of the pen in one of our own keys is none."""
    remedy = resembling(key, ("text", "when"))
    if remedy.startswith("did you mean") or not _PLATFORM.fullmatch(key):
        raise mistake("unknown key", remedy)
    return key


_PLATFORM = re.compile(r"[a-z][a-z0-9_-]*")

PlatformKey = Annotated[str, AfterValidator(_platform)]


class ReplyCase(Written):
    """One reply, and when it is given; further keys are the names of platforms."""

    model_config = ConfigDict(extra="allow")

    when: dict[str, Texts] = Field(default_factory=dict)
    """Slots or results of the action, and the value (or values) that each must have.
    Not in this version: only drafts may have it."""

    text: Variants
    """What to say, in Markdown; of several variants one is chosen."""

    __pydantic_extra__: dict[PlatformKey, Variants] = Field(init=False)

    @property
    def platforms(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """Own wording of platforms, by the name of their adapter, whether it is installed or not."""
        return self.__pydantic_extra__ or {}


Reply = Annotated[
    tuple[ReplyCase, ...],
    BeforeValidator(
        _cases,
        json_schema_input_type=Text | dict[str, Text | list[Text]] | list[ReplyCase] | ReplyCase,
    ),
]


class Handoff(Written):
    """A human takes over."""

    team: Text | None = None
    """Which team. Not in this version: only drafts may have it."""


class Recommend(Written):
    """Products to recommend."""

    category: Text | None = None
    """Only products of this category."""

    tags: Texts = ()
    """Only products with all of these tags."""

    limit: Annotated[int, Field(ge=1, le=10)] = 3
    """Most products to show."""


class FollowUp(Written):
    """What customers say next, and the slot that it asks to fill anew."""

    examples: Utterances
    """Utterances such as "and the other one?"."""

    ask: Text
    """A slot of this intent."""


class Test(Written):
    """A message that must be understood in a certain way (`frontdesk test`)."""

    say: Text
    """What a customer says."""

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


class IntentEntry(Written):
    """Something that customers want, how they say it, and what the bot answers."""

    name: Name
    """Lower-case letters, digits and _; stands in logs, tests and suggestions."""

    label: Text | None = None
    """The name that it had where it was imported from."""

    title: Wording | None = None
    """What buttons say; the name in words when absent."""

    description: Text | None = None
    """What the customer wants, in a sentence; stands among the reasons of a decision."""

    risk: Literal["normal", "personal"] = "normal"
    """`personal`: the answer concerns one person's data, so the bot must be surer."""

    examples: Utterances
    """What customers say: 5 or more; a plain list is in the default language."""

    not_: Annotated[Utterances, Field(alias="not")] = Field(default_factory=dict)
    """Near misses: utterances that look alike and belong elsewhere."""

    slots: dict[Name, Slot] = Field(default_factory=dict)
    """Details that the answer needs, by name. Not in this version: only drafts may have it."""

    action: Text | None = None
    """An action to run before the reply. Not in this version: only drafts may have it."""

    identity: Text | None = None
    """What must be proved before the answer is given, for example `order_owner`.
    Not in this version: only drafts may have it."""

    visibility: Literal["public", "private"] = "public"
    """`private`: only the customer sees the reply."""

    reply: Reply = ()
    """A text, texts by language, or a list of cases of which the first that applies is given."""

    recommend: Annotated[
        Recommend | None,
        BeforeValidator(_recommend, json_schema_input_type=bool | Recommend),
    ] = None
    """Recommend products. Not in this version: only drafts may have it."""

    handoff: Annotated[
        Handoff | None, BeforeValidator(_handoff, json_schema_input_type=bool | Text | Handoff)
    ] = None
    """`true`: a human takes over. The name of a team is not in this version: only drafts may have
    it."""

    suggestions: Texts = ()
    """Intents to offer as next steps."""

    follow_ups: tuple[FollowUp, ...] = ()
    """What customers say next. Not in this version: only drafts may have it."""

    tests: tuple[Test, ...] = ()
    """Messages that must, or must not, be understood as this or that intent."""

    draft: bool = False
    """Learned, but not answered yet; keeps what this version does not execute."""


class IntentFile(Written):
    """A file of intents."""

    version: Version
    intents: tuple[IntentEntry, ...] = ()
    """What the bot shall recognise."""

    out_of_scope: Utterances = Field(default_factory=dict)
    """Utterances that the bot must leave alone."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.intents and not any(self.out_of_scope.values()):
            raise mistake("the file teaches nothing", "add `intents:` or `out_of_scope:`")
        return self

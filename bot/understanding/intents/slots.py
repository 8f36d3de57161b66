"""The schema of slots: the details that a form asks for, one after the other."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import re2
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.understanding.intents.field_types import (
    Name,
    StrictModel,
    Text,
    Variants,
    Wording,
)
from bot.yamlfile import mistake

SlotType = Literal[
    "text",
    "pattern",
    "choice",
    "number",
    "amount",
    "date",
    "time",
    "datetime",
    "duration",
    "email",
    "phone",
    "name",
    "address",
]
"""Forms of values."""

_HOURS = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"

_TAKES = {
    "pattern": {"pattern"},
    "min": {"number", "amount", "duration"},
    "max": {"number", "amount", "duration"},
    "past": {"date", "datetime"},
    "future": {"date", "datetime"},
    "longest": {"text", "address"},
    "currency": {"amount"},
    "counts": {"number"},
    "hours": {"time", "datetime"},
    "end": {"date", "time", "datetime"},
    "part": {"name"},
    "region": {"phone"},
}
"""By key: the types that it belongs to."""


def _compiles(pattern: str) -> str:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise mistake(
            f"not a valid regular expression: {said}",
            "use RE2 syntax (no look-around, no back-references), in single quotes",
        ) from error
    return pattern


def _choices(value: object) -> object:
    """Expand a list of values, and a value without words of its own."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return {each: {} for each in value}
    if isinstance(value, dict):
        return {each: {} if words is None else words for each, words in value.items()}
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _check(value: object) -> object:
    return {"action": value} if isinstance(value, str) else value


Pattern = Annotated[str, AfterValidator(_compiles)]
"""RE2: matching takes time linear in the text, whatever the pattern."""

Choices = Annotated[
    dict[Text, Variants],
    BeforeValidator(
        _choices, json_schema_input_type=list[Text] | dict[str, Text | list[Text] | dict[str, Any]]
    ),
]
"""Values with the words that customers use for them; a plain list: the values are the words."""


class ChoicesFrom(StrictModel):
    """Choices that a read action provides."""

    action: Text
    """The action; it is called with the values of the form."""

    list: Text
    """Name of the value that it provides: a list of objects, or of texts."""

    value: Text = "value"
    """Key of the value of a choice in such an object."""

    label: Text = "label"
    """Key of what the customer reads."""

    synonyms: Text | None = None
    """Key of further words for it, a list."""


class SlotCheck(StrictModel):
    """A read action that checks a value."""

    action: Text
    """It gets `value` and the values of the form; it provides `ok` and, where it likes to, `value`,
    `shown` and, for a value that is refused, `reason`."""


class Slot(StrictModel):
    """A detail that an answer or an action needs."""

    type: SlotType = "text"
    """The form of its values."""

    title: Wording | None = None
    """What it is called in summaries and in corrections; by default, its name with spaces."""

    pattern: Pattern | None = None
    """With `type: pattern`: a regular expression (RE2) whose match is the value."""

    choices: Choices = Field(default_factory=dict)
    """With `type: choice`: a list of values, or words by value."""

    choices_from: ChoicesFrom | None = None
    """With `type: choice`, instead of `choices`: a read action that provides them."""

    many: bool = False
    """It takes several values."""

    ask: Wording | None = None
    """The question that the bot asks for it; by default one with its title."""

    why: Wording | None = None
    """The answer to "why do you ask?"; there is a default."""

    example: Wording | None = None
    """What is said when the first answer was not understood, such as "It has five digits"; there is
    a default for most types."""

    invalid: Wording | None = None
    """What is said when a value is refused; by default the reason."""

    personal: bool | None = None
    """It is asked for in private only; by default, `email` and `phone` are."""

    optional: bool = False
    """The customer may skip it."""

    after: Annotated[tuple[Name, ...], BeforeValidator(_listed)] = ()
    """Slots that it depends on: when one of them is corrected, it is asked for again."""

    min: float | None = None
    """The least number or amount; of a duration, in days."""

    max: float | None = None
    """The greatest number or amount; of a duration, in days."""

    past: bool = True
    """`false`: a date before today is refused."""

    future: bool = True
    """`false`: a date after today is refused."""

    longest: Annotated[int, Field(ge=1, le=4000)] | None = None
    """With `type: text`: most characters."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    """With `type: amount`: ISO 4217 code of the currency that is taken."""

    counts: Variants = Field(default_factory=dict)
    """With `type: number`: words for what is counted, such as `{en: [guests, people]}`. A number
    beside such a word goes first; of people, "2 adults and a child" is 3."""

    hours: Annotated[str, Field(pattern=_HOURS)] | None = None
    """With `type: time` and `datetime`: `11:00-22:59`, in which a time lies that names no half of
    the day, so that "at 7" is 19:00. Without it, the customer is asked which."""

    end: Literal["from", "to"] | None = None
    """With dates and times: the end of a range that is meant, in "from 3 to 5 May"."""

    part: Literal["first", "last"] | None = None
    """With `type: name`: the first or the last name alone."""

    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """With `type: phone`: the country, as `DE`, of numbers without a country code; by default,
    those in which the customer's language is spoken."""

    check: Annotated[SlotCheck | None, BeforeValidator(_check)] = None
    """A read action that checks a value before it is taken."""

    @property
    def is_personal(self) -> bool:
        """Whether it is asked for in private only."""
        if self.personal is None:
            return self.type in ("email", "phone", "address")
        return self.personal

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.type == "pattern" and self.pattern is None:
            raise mistake("`type: pattern` without `pattern`", "add `pattern:`")
        if self.type == "choice" and not (self.choices or self.choices_from):
            raise mistake("`type: choice` without `choices`", "add `choices:` or `choices_from:`")
        if self.choices and self.choices_from:
            raise mistake("`choices` and `choices_from`", "keep one of the two")
        for key in ("choices", "choices_from"):
            if self.type != "choice" and getattr(self, key):
                raise mistake(f"`{key}` without `type: choice`", "add `type: choice`")
        for key, types in _TAKES.items():
            if key in self.model_fields_set and self.type not in types:
                named = " or ".join(f"`type: {each}`" for each in sorted(types))
                raise mistake(f"`{key}` belongs to {named}", f"delete it, or write {named}")
        if self.hours and self.hours[:5] >= self.hours[6:]:
            raise mistake("`hours` end before they begin", "write them as `11:00-22:59`")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise mistake("`min` is greater than `max`", "swap them")
        return self

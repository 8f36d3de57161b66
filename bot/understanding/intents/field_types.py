"""Field types of intent files: names, language tags, texts by language, lists.

Admins may write a short form (one text instead of texts by language, or instead of a list);
validation expands it. The language of a short form is the `language` of the validation context.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
)

from bot.understanding.intents.names import NAME, is_name, slug
from bot.understanding.language.tags import canonical, suggestion
from bot.yamlfile import mistake

VERSION = 1
"""Version of the intent file format."""


class StrictModel(BaseModel):
    """Base of all mappings in intent files: unknown keys are errors; immutable."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, populate_by_name=False
    )


def _not_blank(text: str) -> str:
    if not text.strip():
        raise mistake("the text is empty", "write it, or delete the line")
    return text


def _name(text: str) -> str:
    if not is_name(text):
        raise mistake(
            f'"{text}" is not a valid name: use lower-case letters, digits and _, at most 64',
            f'did you mean "{slug(text)}"?',
        )
    return text


def _tag(text: str) -> str:
    tag = canonical(text)
    if tag is None:
        raise mistake(f'"{text}" is not a language tag', suggestion(text))
    return tag


def _by_language(value: object, info: ValidationInfo) -> object:
    if value is None or isinstance(value, dict):
        return value
    language = (info.context or {}).get("language", "en")
    return {language: value}


def _as_list(value: object) -> object:
    return value if value is None or isinstance(value, (list, tuple)) else [value]


def _version(text: object) -> object:
    if str(text) != str(VERSION):
        raise mistake(f'unknown version "{text}"', f"write `version: {VERSION}`")
    return VERSION


Version = Annotated[
    Literal[1], BeforeValidator(_version), Field(examples=[VERSION], description="1")
]
Text = Annotated[
    str,
    AfterValidator(_not_blank),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),  # 48213 and no are kept as typed
]
Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": NAME})]
Tag = Annotated[str, AfterValidator(_tag)]

Texts = Annotated[
    tuple[Text, ...], BeforeValidator(_as_list, json_schema_input_type=Text | list[Text])
]
"""One text, or a list of them."""

Wording = Annotated[
    dict[Tag, Text], BeforeValidator(_by_language, json_schema_input_type=Text | dict[str, Text])
]
"""A text, or texts by language."""

Variants = Annotated[
    dict[Tag, Texts],
    BeforeValidator(
        _by_language,
        json_schema_input_type=Text | list[Text] | dict[str, Text | list[Text]],
    ),
]
"""A text, variants of it, or either by language."""

Utterances = Annotated[
    dict[Tag, tuple[Text, ...]],
    BeforeValidator(_by_language, json_schema_input_type=list[Text] | dict[str, list[Text]]),
]
"""A list of utterances, or lists by language."""

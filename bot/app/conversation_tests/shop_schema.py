"""What a conversation file says of actions: how the shop answers, and what it is to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.understanding.intents.field_types import Name, StrictModel, Text, Texts
from bot.yamlfile import mistake

_LITERALS = {"true": True, "false": False, "null": None}


def _literals(value: object) -> object:
    """Return values with true, false and null as JSON has them; numbers stay texts."""
    if isinstance(value, dict):
        return {key: _literals(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_literals(each) for each in value]
    return _LITERALS.get(value, value) if isinstance(value, str) else value


def _answers(value: object) -> object:
    return [value] if isinstance(value, dict) else value


def _call(value: object) -> object:
    """Expand `action` and `{action: {value: ...}}`."""
    if isinstance(value, str):
        return {"action": value}
    if isinstance(value, dict) and len(value) == 1 and "action" not in value:
        action, values = next(iter(value.items()))
        return {"action": action, "values": values}
    return value


def _calls(value: object) -> object:
    return [value] if isinstance(value, (str, dict)) else value


class ShopAnswer(StrictModel):
    """What the shop answers to a call: one of the keys."""

    returns: Annotated[dict[Name, Any] | None, BeforeValidator(_literals)] = None
    """It did what it was asked; the values that the action provides."""

    error: Name | None = None
    """It refused, with this error of the action's `errors`."""

    down: bool = False
    """It cannot be reached: nothing was sent."""

    lost: bool = False
    """It was asked, and no answer came."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        given = [
            key for key in ("returns", "error", "down", "lost") if key in self.model_fields_set
        ]
        if len(given) != 1:
            found = " and ".join(f"`{key}`" for key in given) or "no answer"
            raise mistake(found, "write one of `returns`, `error`, `down: true` and `lost: true`")
        return self


ShopAnswers = Annotated[
    tuple[ShopAnswer, ...],
    BeforeValidator(_answers, json_schema_input_type=ShopAnswer | list[ShopAnswer]),
]
"""Of several, each call gets the next one; the last one stays."""


class ExpectedCall(StrictModel):
    """A call of an action."""

    action: Text
    """Its name."""

    values: dict[Name, Texts] = Field(default_factory=dict)
    """Values that it must be called with; others are not looked at."""


ExpectedCalls = Annotated[
    tuple[
        Annotated[
            ExpectedCall,
            BeforeValidator(
                _call,
                json_schema_input_type=Text | dict[str, dict[str, Text | list[Text]]],
            ),
        ],
        ...,
    ],
    BeforeValidator(
        _calls,
        json_schema_input_type=Text
        | dict[str, dict[str, Text | list[Text]]]
        | list[Text | dict[str, dict[str, Text | list[Text]]]],
    ),
]

Actions = Mapping[str, tuple[ShopAnswer, ...]]

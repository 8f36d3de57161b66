"""`responder:` who the bot is, and what it says by itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.config.texts import TextsConfig
from bot.config.types import Section, Wording, read_wording
from bot.yamlfile import mistake


def _twice(name: str) -> PydanticCustomError:
    return mistake(
        f"`responder.{name}` and `responder.texts.{name}` are both set", "keep one of them"
    )


class ResponderConfig(Section):
    """`responder:` who the bot is and what it says when nothing else is known."""

    bot: str = "Frontdesk"
    """The bot's name: `{bot}` in replies."""

    contact: str = "our team"
    """How to reach a human, for example an e-mail address: `{contact}` in replies."""

    introduction: Annotated[Wording | bool, BeforeValidator(read_wording)] = True
    """Said before the first reply to a person: own wording, or false for none.
    `{bot}` and `{contact}` may stand in it. True: the built-in wording."""

    unknown: Annotated[Wording | None, BeforeValidator(read_wording)] = None
    """Said when neither intents nor articles help; the built-in wording when absent."""

    feedback: bool = False
    """Thumbs under answers; who points one down may say why."""

    longest_message: Annotated[int, Field(ge=200, le=40_000)] = 4_000
    """Characters of a message that are read; the customer is told that the rest was not."""

    texts: TextsConfig = TextsConfig()
    """Own words for everything that the bot says by itself, by the text's name and language."""

    @model_validator(mode="after")
    def _say_once(self) -> ResponderConfig:
        if self.texts.unknown is not None and self.unknown is not None:
            raise _twice("unknown")
        if self.texts.introduction is not None and self.introduction is not True:
            raise _twice("introduction")
        return self

"""`forms:` how customers are asked for details."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from bot.config.durations import written_wait
from bot.config.types import Section
from bot.yamlfile.durations import read_duration

Duration = Annotated[
    timedelta, BeforeValidator(read_duration), PlainSerializer(written_wait, return_type=str)
]


class FormsConfig(Section):
    """`forms:` how customers are asked for details."""

    expire: Duration = timedelta(minutes=30)
    """After how long without an answer a form is closed, with a word to the customer."""

    gpt: bool = False
    """Where a GPT is configured: what nothing else could read of an answer is shown to it, and it
    proposes what the customer may mean."""

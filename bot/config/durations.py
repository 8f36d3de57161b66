"""Durations in config.yaml after which something is done, or never."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from bot.yamlfile.durations import read_duration


def read_wait(value: object) -> object:
    """Read a duration after which something is done, or `false`: it is never done."""
    return None if value is False else read_duration(value)


def written_wait(wait: timedelta | None) -> str | bool:
    """Return a duration as it is read again, by a process that is given the configuration."""
    return False if wait is None else f"{int(wait.total_seconds())} s"


Wait = Annotated[timedelta | None, BeforeValidator(read_wait), PlainSerializer(written_wait)]
"""After how long something is done; None: never."""

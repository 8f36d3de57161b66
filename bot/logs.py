"""Logging: JSON lines for machines, coloured text at a terminal.

Every line that is logged while an event is handled carries its `message_id`. Lines contain ids,
scores and durations, never what customers wrote; personal data that gets into a line all the same
is masked. Log records of libraries are formatted in the same way.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor

from bot.privacy.pseudonyms import masked
from bot.text.control_characters import escape_controls, without_controls
from bot.text.shorten import shortened


def configure(*, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Configure logging for the whole process.

    Args:
        level: Lowest level that is logged: DEBUG, INFO, WARNING or ERROR.
        stream: Output stream, standard error by default. A terminal gets readable lines, anything
            else JSON.
    """
    target = stream or sys.stderr
    handler = logging.StreamHandler(target)
    handler.setLevel(level)  # some libraries lower the level of their own loggers
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(readable=target.isatty()),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("watchfiles").setLevel("WARNING")  # logs mere counts of files
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _shared() -> list[Processor]:
    """Return the processors of every line, ours and libraries'."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


_LONGEST, _HEAD = 6_000, 2_000
"""Maximum characters of a logged value, and how many of them are taken from its beginning."""

_IDS = frozenset({"timestamp", "level", "logger", "message_id", "conversation", "place", "url"})
"""Keys whose values are never personal but may look it."""


def _without_personal_data(_: object, __: str, line: EventDict) -> EventDict:
    """Mask personal data in a line."""
    return {key: value if key in _IDS else _masked(value) for key, value in line.items()}


def _masked(value: object) -> object:
    """Mask a value, and values in lists and mappings."""
    match value:
        case str():
            return value if value.isidentifier() else masked(_cut(value))
        case Mapping():
            return {key: _masked(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_masked(each) for each in value]
    return value


def _cut(text: str) -> str:
    """Cut the middle out of a long text: both ends of a traceback matter."""
    if len(text) <= _LONGEST:
        return text
    head = shortened(text, _HEAD)
    tail = shortened(text[::-1], _LONGEST - _HEAD)[::-1]
    return f"{head} [{len(text) - len(head) - len(tail)} characters left out] {tail}"


def _without_controls(_: object, __: str, line: EventDict) -> EventDict:
    """Remove terminal control characters; JSON escapes them by itself."""
    return {
        key: without_controls(value) if isinstance(value, str) else value
        for key, value in line.items()
    }


def _json(line: EventDict, default: Callable[[object], object]) -> str:
    """Render a line as JSON; DEL is the one control character that `json` does not escape."""
    return escape_controls(json.dumps(line, default=default))


def _rendering(*, readable: bool) -> list[Processor]:
    """Return the renderers; tracebacks omit local variables, which contain customers' texts."""
    if readable:
        plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        return [
            structlog.processors.format_exc_info,
            _without_personal_data,
            _without_controls,
            plain,
        ]
    return [
        structlog.processors.format_exc_info,
        _without_personal_data,
        structlog.processors.JSONRenderer(_json),
    ]

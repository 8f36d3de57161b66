"""How Frontdesk logs: JSON lines for machines, colours for people at a terminal.

Every line that is written while an event is handled carries its `message_id`. Lines hold ids,
scores and durations, never what customers wrote; should something personal come into a line all
the same, it is masked. What libraries log through the standard library
comes out the same way.
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
    """Set up logging for the whole process.

    Args:
        level: Least level that is written: DEBUG, INFO, WARNING or ERROR.
        stream: Where lines go; standard error when absent. A terminal gets readable lines,
            anything else JSON.
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
    logging.getLogger("watchfiles").setLevel("WARNING")  # it counts files without a name
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
    """What is added to every line, ours and others'."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


_LONGEST, _HEAD = 6_000, 2_000
"""Characters of a value that are written, and how many of them are its beginning."""

_IDS = frozenset({"timestamp", "level", "logger", "message_id", "conversation", "place", "url"})
"""What is never personal, and may look so."""


def _without_personal_data(_: object, __: str, line: EventDict) -> EventDict:
    """Mask what should not have come into a line, whoever wrote it."""
    return {key: value if key in _IDS else _masked(value) for key, value in line.items()}


def _masked(value: object) -> object:
    """Mask a value, and what stands within lists and mappings."""
    match value:
        case str():
            return value if value.isidentifier() else masked(_cut(value))
        case Mapping():
            return {key: _masked(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_masked(each) for each in value]
    return value


def _cut(text: str) -> str:
    """Leave out the middle of what is too long: of a traceback, both ends tell something."""
    if len(text) <= _LONGEST:
        return text
    head = shortened(text, _HEAD)
    tail = shortened(text[::-1], _LONGEST - _HEAD)[::-1]
    return f"{head} [{len(text) - len(head) - len(tail)} characters left out] {tail}"


def _without_controls(_: object, __: str, line: EventDict) -> EventDict:
    """Take out what could command the terminal that shows a line; JSON escapes it by itself."""
    return {
        key: without_controls(value) if isinstance(value, str) else value
        for key, value in line.items()
    }


def _json(line: EventDict, default: Callable[[object], object]) -> str:
    """Write a line as JSON; DEL is the one control that `json` leaves as it is."""
    return escape_controls(json.dumps(line, default=default))


def _rendering(*, readable: bool) -> list[Processor]:
    """How a line is written; without the values of local variables, which hold what was said."""
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

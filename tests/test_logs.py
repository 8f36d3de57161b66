from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from bot import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    stream = io.StringIO()
    logs.configure(stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def test_a_line_is_json_with_the_message_that_it_is_about(stream: io.StringIO) -> None:
    with bound_contextvars(message_id="slack:A:C:1"):
        structlog.get_logger("bot.test").info("answered", milliseconds=3.5)

    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "answered",
        "level": "info",
        "logger": "bot.test",
        "message_id": "slack:A:C:1",
        "milliseconds": 3.5,
    }


def test_what_libraries_log_looks_the_same(stream: io.StringIO) -> None:
    with bound_contextvars(message_id="slack:A:C:1"):
        logging.getLogger("some.library").warning("slow: %s", 3)

    line = json.loads(stream.getvalue())
    assert (line["event"], line["logger"], line["message_id"]) == (
        "slow: 3",
        "some.library",
        "slack:A:C:1",
    )


def test_a_traceback_holds_no_values_of_variables(stream: io.StringIO) -> None:
    said = "-".join(["my", "secret"])
    try:
        int(said, base=len(said) * 10)
    except ValueError:
        structlog.get_logger("bot.test").exception("given up")

    assert "ValueError" in json.loads(stream.getvalue())["exception"]
    assert "my-secret" not in stream.getvalue()


def test_lines_below_the_level_are_left_out(stream: io.StringIO) -> None:
    structlog.get_logger("bot.test").debug("detail")

    assert stream.getvalue() == ""


def test_personal_data_is_masked_wherever_it_stands_in_a_line(stream: io.StringIO) -> None:
    log = structlog.get_logger("bot.test")
    log.warning(
        "not sent", reason="I am Maria Schmidt", to=["maria@example.org"], n={"a": "b@c.de"}
    )
    try:
        int("maria@example.org")
    except ValueError:
        log.exception("given up")

    assert "aria" not in stream.getvalue()
    line = json.loads(stream.getvalue().splitlines()[0])
    assert (line["reason"], line["to"]) == ("I am [PERSON_1]", ["[EMAIL_1]"])
    assert line["n"] == {"a": "[EMAIL_1]"}


def test_controls_are_escaped_in_a_line_of_json(stream: io.StringIO) -> None:
    said = "\x1b]52;c;x\x07 \x7f \x9b31m \u202e"
    structlog.get_logger("bot.test").info("answered", reason=said)

    assert json.loads(stream.getvalue())["reason"] == said
    assert stream.getvalue().rstrip("\n").isascii()
    assert stream.getvalue().rstrip("\n").isprintable()


def test_what_is_too_long_is_cut_before_personal_data_is_looked_for(stream: io.StringIO) -> None:
    said = "first " + "word " * 8_000 + "maria@example.org last"

    structlog.get_logger("test").warning("odd", reason=said)

    reason = json.loads(stream.getvalue())["reason"]
    assert len(reason) < 7_000
    assert reason.startswith("first word")
    assert reason.endswith("[EMAIL_1] last")
    assert "characters left out" in reason

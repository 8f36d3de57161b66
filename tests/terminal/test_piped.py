"""Input from a pipe or a file."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from typing import IO

import pytest

Talk = Callable[[str | bytes], list[str]]


@pytest.fixture
def talk(desk: list[str], environment: dict[str, str]) -> Talk:
    """Pipe lines in and return the lines that come out of a chat that ended well."""

    def run(typed: str | bytes) -> list[str]:
        data = typed.encode() if isinstance(typed, str) else typed
        done = subprocess.run(  # noqa: S603 - our own program
            desk, input=data, capture_output=True, env=environment, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        assert b"\x1b" not in done.stdout + done.stderr
        return done.stdout.decode().splitlines()

    return run


def test_each_line_is_answered_before_the_next_is_taken(talk: Talk) -> None:
    assert talk("hello\none\ntwo\n") == [
        "you: hello",
        "bot: Hello! How can I help?",
        "you: one",
        "bot: You said: one",
        "you: two",
        "bot: You said: two",
    ]


def test_last_line_needs_no_line_end(talk: Talk) -> None:
    assert talk("one")[-1] == "bot: You said: one"


def test_nothing_piped_in_ends_at_once(talk: Talk) -> None:
    assert talk("") == []


def test_empty_lines_are_no_messages(talk: Talk) -> None:
    assert talk("\n  \none\n\n") == ["you: one", "bot: You said: one"]


def test_numbers_press_choices(talk: Talk) -> None:
    assert talk("choices\n2\n") == [
        "you: choices",
        "bot: Which one?",
        "     1) Track my order",
        "     2) Return something",
        "you: 2",
        "bot: You pressed b2: Return something.",
    ]


def test_other_numbers_are_messages(talk: Talk) -> None:
    numbers = ["0", "3", "02", "48213", "²", "-1"]
    lines = talk("".join(f"choices\n{number}\n" for number in numbers))
    assert lines[5::6] == [f"bot: You said: {number}" for number in numbers]


def test_markdown_is_read_as_text_and_lines_are_not_wrapped(talk: Talk) -> None:
    lines = talk("long\n")
    assert "     Send it back within 30 days." in lines
    assert "     code  kept" in lines
    assert "     " + ("A sentence of some words. " * 8).strip() in lines
    assert lines[-1] == "     from: Returns https://example.com/returns"


def test_chinese_is_neither_lost_nor_broken(talk: Talk) -> None:
    assert talk("中文\n") == [
        "you: 中文",
        "bot: 您可以在三十天内退货。" + "运费由我们承担。" * 12,
    ]


def test_byte_order_mark_and_windows_line_ends_are_not_part_of_a_message(talk: Talk) -> None:
    assert talk(b"\xef\xbb\xbfone\r\ntwo\r\n")[-1] == "bot: You said: two"


def test_bytes_that_are_no_utf8_are_shown_as_marks(talk: Talk) -> None:
    assert talk(b"caf\xe9\n") == ["you: caf\ufffd", "bot: You said: caf\ufffd"]


def test_control_codes_do_not_reach_the_terminal(talk: Talk) -> None:
    assert talk("a\x1b[31mb\nescape\n") == [
        "you: a[31mb",
        "bot: You said: a[31mb",
        "you: escape",
        "bot: red [31mtext",
    ]


def test_silence_prints_nothing_and_goes_on(talk: Talk) -> None:
    assert talk("silence\none\n") == ["you: silence", "you: one", "bot: You said: one"]


def test_why_explains_in_plain_text(talk: Talk) -> None:
    lines = talk("one\n/why\n")
    assert lines[2] == "you: /why"
    assert lines[3].split() == ["decision", "intent"]


def test_quit_ends_before_what_follows(talk: Talk) -> None:
    assert talk("/quit\none\n") == ["you: /quit"]


def test_words_that_begin_with_a_slash_go_to_the_bot(talk: Talk) -> None:
    assert talk("/etc is full\n")[-1] == "bot: You said: /etc is full"


def test_chat_goes_on_when_no_answer_comes(desk: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [*desk, "0.5"],
        input=b"break\n",
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert "No answer came" in done.stdout.decode()


def test_sigterm_ends_a_chat_that_waits_for_a_pipe(
    desk: list[str], environment: dict[str, str]
) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        desk, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        stdin, stdout = _open(process.stdin), _open(process.stdout)
        stdin.write(b"one\n")
        stdin.flush()
        assert stdout.readline() == b"you: one\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream

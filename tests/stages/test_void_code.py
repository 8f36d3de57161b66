"""A code that others have read is void, and its author is told so there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.conversations.transcript import Conversation
from bot.messages import (
    Addressing,
    Author,
    Done,
    Message,
    Part,
    Pressed,
    Readers,
    Received,
    Say,
    Visibility,
)
from bot.ports import ActionRequest, ProofStep, ProofWay
from bot.responder import Turn
from bot.stages.linking import VoidCode


class Codes:
    """Knows one code."""

    def __init__(self) -> None:
        self.asked: list[Message] = []

    async def begin(self, request: ActionRequest, ways: Sequence[ProofWay]) -> ProofStep:
        raise NotImplementedError

    async def receive(self, message: Message, request: ActionRequest) -> ProofStep:
        raise NotImplementedError

    async def void_public_code(self, message: Message) -> str:
        self.asked.append(message)
        return f"void ({message.author.locale})" if "482913" in message.text else ""


async def handled(codes: Codes, event: Received | Pressed) -> list[Part]:
    turn = Turn(event, Conversation("test:a:c"), event.message.text, "de")
    return [part async for part in VoidCode(codes).handle(turn) if not isinstance(part, Turn)]


def message(
    text: str, readers: Readers = Readers.OTHERS, addressing: Addressing = Addressing.THREAD
) -> Message:
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    author = Author("test:w:ann")
    return Message("test:a:c:1", "test:a:c", author, text, now, addressing, readers=readers)


async def test_a_code_that_others_read_is_void_and_that_is_said_in_their_language() -> None:
    said, done = await handled(Codes(), Received(message("482913", addressing=Addressing.AMBIENT)))
    assert said == Say("void (de)", Visibility.PUBLIC)
    assert isinstance(done, Done)


@pytest.mark.parametrize(
    "event",
    [
        Received(message("482913", Readers.AUTHOR)),
        Received(message("482913", addressing=Addressing.EPHEMERAL)),
        Pressed(message("482913"), "b_1"),
    ],
)
async def test_a_code_that_one_person_alone_sees_is_left_alone(event: Received | Pressed) -> None:
    codes = Codes()
    assert await handled(codes, event) == []
    assert codes.asked == []


async def test_other_lines_pass() -> None:
    assert await handled(Codes(), Received(message("is 123456 a good price?"))) == []

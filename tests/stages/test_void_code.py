"""A code that others have read is void, and its author is told so there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

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
from bot.open_form import FormChange
from bot.ports import ActionRequest, ProofStep, ProofWay
from bot.responder import Turn
from bot.stages.linking import VoidCode
from bot.storage import Database
from bot.storage.forms import StoredForms
from tests.open_forms import an_open_form
from tests.storage.conftest import sqlite

__all__ = ["sqlite"]


class Codes:
    """Knows one code."""

    def __init__(self) -> None:
        self.asked: list[Message] = []

    async def begin(
        self, request: ActionRequest, ways: Sequence[ProofWay], *, sends: bool = True
    ) -> ProofStep:
        raise NotImplementedError

    async def receive(self, message: Message, request: ActionRequest) -> ProofStep:
        raise NotImplementedError

    async def void_public_code(self, message: Message, *, asked: bool = False) -> str:
        self.asked.append(message)
        voided = "482913" in message.text or (asked and "7KQ2-M9XD" in message.text)
        return f"void ({message.author.locale})" if voided else ""


async def handled(codes: Codes, event: Received | Pressed, database: Database) -> list[Part]:
    turn = Turn(event, Conversation("test:a:c"), event.message.text, "de")
    stage = VoidCode(codes, StoredForms(database))
    return [part async for part in stage.handle(turn) if not isinstance(part, Turn)]


def message(
    text: str, readers: Readers = Readers.OTHERS, addressing: Addressing = Addressing.THREAD
) -> Message:
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    author = Author("test:w:ann")
    return Message("test:a:c:1", "test:a:c", author, text, now, addressing, readers=readers)


async def test_a_code_that_others_read_is_void_and_that_is_said_in_their_language(
    sqlite: Database,
) -> None:
    line = Received(message("482913", addressing=Addressing.AMBIENT))
    said, done = await handled(Codes(), line, sqlite)
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
async def test_a_code_that_one_person_alone_sees_is_left_alone(
    event: Received | Pressed, sqlite: Database
) -> None:
    codes = Codes()
    assert await handled(codes, event, sqlite) == []
    assert codes.asked == []


async def test_other_lines_pass(sqlite: Database) -> None:
    for text in ("is 123456 a good price?", "7KQ2-M9XD"):
        assert await handled(Codes(), Received(message(text)), sqlite) == []


@pytest.mark.parametrize("step", ["offer", "proof"])
async def test_a_code_alone_is_void_where_its_author_is_asked_for_one_in_private(
    step: Literal["offer", "proof"], sqlite: Database
) -> None:
    form = an_open_form("test:a:dm-ann", "test:w:ann")
    form = replace(form, step=step, origin="test:a:c")
    await StoredForms(sqlite).change(FormChange(None, form), at=form.expires_at)
    said, _ = await handled(Codes(), Received(message("7KQ2-M9XD")), sqlite)
    assert said == Say("void (de)", Visibility.PUBLIC)

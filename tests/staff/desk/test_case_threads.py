"""Who is heard in a case thread, and what whoever acts is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.clock import SystemClock
from bot.conversations.transcript import Conversation
from bot.delivery import Intake, open_inbox
from bot.messages import (
    Acted,
    Addressing,
    Author,
    CaseAct,
    DecisionKind,
    Deleted,
    Done,
    Event,
    Message,
    Received,
    Say,
)
from bot.responder import Turn
from bot.stages.case_threads import CaseThreads
from bot.storage import StoredTranscripts
from tests.staff.desk.conftest import BOB, CLEO, DeskRoom

STRANGER = Author("chat:T1:U7", "Mallory")

ACTS: tuple[tuple[CaseAct, Author, str, str], ...] = (
    ("claim", BOB, "", ""),
    ("claim", CLEO, "", ""),
    ("reply", CLEO, "Hello **you**", ""),
    ("assign", CLEO, "", BOB.key),
    ("close", BOB, "Done.", ""),
    ("claim", CLEO, "", ""),
)


@pytest.fixture
async def intake(room: DeskRoom) -> AsyncIterator[Intake]:
    async with open_inbox(room.database, SystemClock()) as inbox:
        transcripts = StoredTranscripts(room.database)
        yield Intake(inbox, transcripts, case_of_thread=room.desk.case_of_thread)


async def told(room: DeskRoom, event: Event) -> tuple[str, DecisionKind | None]:
    """Return what an event is answered with, and what was decided."""
    message = event.message
    turn = Turn(event, Conversation(message.conversation), message.text, "en")
    parts = [part async for part in CaseThreads(room.desk).handle(turn)]
    said = "".join(part.markdown for part in parts if isinstance(part, Say))
    done = [part.decision.kind for part in parts if isinstance(part, Done)]
    return said, done[0] if done else None


async def acted(
    room: DeskRoom, case: int, act: CaseAct, author: Author, text: str = "", about: str = ""
) -> Acted:
    line = await room.written(case, text, author=author)
    message = replace(line, addressing=Addressing.EPHEMERAL)
    return Acted(message, act, 0, about)


async def test_staff_alone_are_heard_in_a_case_thread(room: DeskRoom, intake: Intake) -> None:
    case = await room.opened()
    line = await room.written(case, "!send hello")

    def by(author: Author, number: str) -> Message:
        return replace(line, id=f"{line.id}{number}", author=author)

    assert await intake.accept(Received(by(BOB, "")))
    assert not await intake.accept(Received(by(BOB, "")))
    assert not await intake.accept(Received(by(STRANGER, "x")))
    assert not await intake.accept(Received(by(replace(BOB, bot=True), "y")))
    assert await intake.accept(Deleted(by(Author(""), "z"), line.id))


async def test_whoever_is_not_of_the_staff_is_refused(room: DeskRoom) -> None:
    case = await room.opened()
    acts: tuple[CaseAct, ...] = ("claim", "reply", "close", "return", "retry", "send", "assign")
    answers = {await told(room, await acted(room, case, act, STRANGER, "hi")) for act in acts}
    await room.delivered()

    assert answers == {("Cases are for staff only.", DecisionKind.STAFF)}
    assert room.outside() == []


async def test_a_colleague_who_left_the_staff_sends_nothing_more(room: DeskRoom) -> None:
    case = await room.opened()
    line = await room.written(case, "!send hello", author=replace(BOB, staff=False))

    assert await told(room, Received(line)) == ("", DecisionKind.SILENT)
    await room.delivered()
    assert room.outside() == []


async def test_whoever_acts_is_told_what_came_of_it(room: DeskRoom) -> None:
    case = await room.opened()
    said = [
        await told(room, await acted(room, case, act, author, text, about))
        for act, author, text, about in ACTS
    ]
    await room.delivered()

    assert [text for text, _ in said] == [
        "Case 1 is yours.",
        "Bob has case 1.",
        "On its way to the customer.",
        "Case 1 belongs to Bob now.",
        "Case 1 is closed.",
        "Case 1 is closed.",
    ]
    assert room.outside() == ["**Team:** Hello **you**"]


async def test_a_line_elsewhere_is_none_of_the_desks_business(room: DeskRoom) -> None:
    message = replace(room.message("hello"), conversation="chat:app:C9:1")
    assert await told(room, Received(message)) == ("", None)
    press = replace(message, addressing=Addressing.EPHEMERAL, author=BOB)
    assert (await told(room, Acted(press, "claim")))[0] == "That is not there any more."

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.conversations.transcript import Conversation
from bot.messages import (
    Cite,
    Decision,
    DecisionKind,
    Done,
    Message,
    Part,
    Received,
    Say,
    Source,
)
from bot.responder import Turn
from bot.staff.drafts import CaseDrafts
from bot.stages.assist import DraftForStaff
from bot.storage.conversation_states import StoredStates
from tests.staff.desk.conftest import BOB, DeskRoom

SOURCE = Source("Delivery times")


class Answering:
    """A stage that answers every message with its own words, twice as loud."""

    def __init__(self, kind: DecisionKind = DecisionKind.INTENT) -> None:
        self._kind = kind

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        yield Say(f"{turn.text.upper()}!\n\nBye.")
        yield Cite((SOURCE,))
        decision = Decision(f"d:{turn.message.id}", turn.message.id, self._kind, cost=0.25)
        yield Done(decision)


def stage(room: DeskRoom, kind: DecisionKind = DecisionKind.INTENT) -> DraftForStaff:
    drafts = CaseDrafts(room.database, room.clock, room.outbox.wake)
    return DraftForStaff(StoredStates(room.database, room.clock), [Answering(kind)], drafts)


async def handle(drafting: DraftForStaff, message: Message) -> list[Part | Turn]:
    turn = Turn(Received(message), Conversation(message.conversation), message.text, "en")
    return [part async for part in drafting.handle(turn)]


async def drafted(room: DeskRoom, case: int) -> list[str]:
    """Deliver; return the drafts that stand in the case thread."""
    await room.delivered()
    return [text for text in await room.inside(case) if text.startswith("**Draft**")]


async def test_a_message_brings_a_draft_with_its_sources_once_a_person_has_the_case(
    room: DeskRoom,
) -> None:
    case = await room.opened()
    assert await handle(stage(room), room.message("where is it")) == []
    await room.desk.claim(case, BOB)

    (turn,) = await handle(stage(room), room.message("where is it"))

    assert isinstance(turn, Turn)
    assert turn.cost == 0.25
    assert await drafted(room, case) == [
        "**Draft**, not sent:\n\n> WHERE IS IT!\n>\n> Bye.\n\nSources: Delivery times"
    ]
    assert all("WHERE IS IT" not in text for text in room.outside())


async def test_the_next_message_brings_the_next_draft_in_its_place(room: DeskRoom) -> None:
    case = await room.opened()
    await room.desk.claim(case, BOB)

    await handle(stage(room), room.message("one"))
    await drafted(room, case)
    await handle(stage(room), room.message("two"))

    (draft,) = await drafted(room, case)
    assert "TWO!" in draft


async def test_a_draft_that_was_not_posted_yet_never_is(room: DeskRoom) -> None:
    case = await room.opened()
    await room.desk.claim(case, BOB)

    await handle(stage(room), room.message("one"))
    await handle(stage(room), room.message("two"))

    (draft,) = await drafted(room, case)
    assert "TWO!" in draft


async def test_a_message_that_is_handled_again_has_its_draft_already(room: DeskRoom) -> None:
    case = await room.opened()
    await room.desk.claim(case, BOB)
    message = room.message("one")

    await handle(stage(room), message)

    assert await handle(stage(room), message) == []
    assert len(await drafted(room, case)) == 1


async def test_what_would_be_no_answer_is_no_draft(room: DeskRoom) -> None:
    case = await room.opened()
    await room.desk.claim(case, BOB)

    assert await handle(stage(room, DecisionKind.HANDOFF), room.message("one")) == []
    assert await drafted(room, case) == []


async def test_a_draft_goes_once_staff_have_written(room: DeskRoom) -> None:
    case = await room.opened()
    await room.desk.claim(case, BOB)
    await handle(stage(room), room.message("one"))
    assert await drafted(room, case)

    await room.desk.use(case, BOB, "It left today.", cause="chat:app:CASES:form:1")

    assert await drafted(room, case) == []
    assert room.outside() == ["**Team:** It left today."]


async def test_a_draft_goes_with_its_case(room: DeskRoom) -> None:
    case = await room.opened()
    await room.desk.claim(case, BOB)
    await handle(stage(room), room.message("one"))
    assert await drafted(room, case)

    await room.desk.close(case, BOB, "Solved.")

    assert await drafted(room, case) == []

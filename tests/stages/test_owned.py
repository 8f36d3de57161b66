"""What customers write goes to the people who have their case, and the bot leaves it to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.messages import (
    Addressing,
    Decision,
    DecisionKind,
    DecisionPart,
    Done,
    Event,
    Message,
    Part,
    Pressed,
    Say,
    ScoredIntent,
)
from bot.ownership import ConversationState, Owner
from bot.responder import Responder, Turn
from bot.stages.handed_on import BesidePeople
from bot.stages.owned import CarryToStaff, LeaveToPerson
from bot.storage import Database, StoredTranscripts
from bot.storage.conversation_states import StoredStates
from bot.understanding.language.detector import LanguageDetector
from tests.delivery.support import received
from tests.stages.shared_place import TALK, Reader
from tests.stages.test_only_sure import Answers
from tests.storage.conftest import sqlite

__all__ = ["sqlite"]

ONE, AGENT = "test:app:one", "test:team:agent"
EVERYONE = [Owner.BOT, Owner.WAITING, Owner.HUMAN, Owner.CLOSED]


class Lines:
    """Notes what is carried to staff."""

    def __init__(self, *, case: bool = True) -> None:
        self.texts: list[str] = []
        self._case = case

    async def to_staff(self, message: Message) -> bool:
        if message.text not in self.texts:
            self.texts.append(message.text)
        return self._case


class Deciding:
    """The stage behind: decides for parts of these kinds, about an intent."""

    def __init__(self, *kinds: DecisionKind, intent: str = "returns", state: bool = False) -> None:
        self._kinds = kinds or (DecisionKind.INTENT,)
        self._intent = intent
        self._state = state
        self.asked: list[str] = []

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        self.asked.append(turn.text)
        if self._kinds[0] is not DecisionKind.SILENT:
            yield Say("something")
        intents = (ScoredIntent(self._intent, 0.9),)
        parts = tuple(DecisionPart(kind, intents, ("as told",)) for kind in self._kinds)
        decision = turn.decide(self._kinds[0], "as told").decision
        decision = replace(decision, intents=intents, parts=parts)
        waiting = ConversationState(ONE, Owner.CLOSED, version=2).moved(Owner.WAITING)
        yield Done(decision, waiting if self._state else None)


class Room:
    """A responder that heeds who has the conversation."""

    def __init__(self, database: Database, deciding: Deciding, lines: Lines | None = None) -> None:
        self.states = StoredStates(database, SystemClock())
        self.lines, self.deciding = lines or Lines(), deciding
        responder = Responder(
            [
                CarryToStaff(self.states, self.lines),
                LeaveToPerson(self.states, self.lines),
                deciding,
            ],
            transcripts=StoredTranscripts(database),
            wording=BotWording(ResponderConfig(introduction=False), "en"),
            clock=SystemClock(),
            default_language="en",
        )
        self.responder = BesidePeople(
            responder,
            self.states,
            Answers(),
            lambda _: True,
            Reader({"ok great": TALK, "brilliant": TALK}),
            LanguageDetector({"en"}),
        )

    async def owned_by(self, owner: Owner) -> ConversationState:
        state = await self.states.state(ONE)
        if owner is Owner.BOT:
            return state
        assignee = AGENT if owner is Owner.HUMAN else ""
        return await self.states.change(state.moved(owner, assignee=assignee))

    async def hear(self, event: Event | str) -> tuple[str, Decision, Done]:
        if isinstance(event, str):
            event = received(1, text=event)
        parts = [part async for part in self.responder.respond(event)]
        done = parts[-1]
        assert isinstance(done, Done)
        said = "".join(part.markdown for part in parts if isinstance(part, Say))
        return said, done.decision, done


@pytest.mark.parametrize("owner", EVERYONE)
async def test_lines_go_to_staff_while_they_have_the_case(sqlite: Database, owner: Owner) -> None:
    room = Room(sqlite, Deciding())
    await room.owned_by(owner)

    await room.hear("where is it?")

    with_people = owner in (Owner.WAITING, Owner.HUMAN)
    assert room.lines.texts == (["where is it?"] if with_people else [])


@pytest.mark.parametrize(
    "event",
    [received(1), Pressed(received(1).message, "b1"), received(1, addressing=Addressing.THREAD)],
)
async def test_the_bot_says_nothing_where_a_person_owns_the_conversation(
    sqlite: Database, event: Event
) -> None:
    room = Room(sqlite, Deciding())
    await room.owned_by(Owner.HUMAN)

    said, decision, done = await room.hear(event)

    assert (said, decision.kind, done.state) == ("", DecisionKind.SILENT, None)
    assert room.deciding.asked == []
    assert decision.reasons[-1] == f"{AGENT} owns the conversation"


async def test_a_line_without_a_case_is_left_to_the_person_all_the_same(
    sqlite: Database,
) -> None:
    room = Room(sqlite, Deciding(), Lines(case=False))
    await room.owned_by(Owner.HUMAN)

    said, decision, _ = await room.hear("where is it?")

    assert (said, decision.reasons) == ("", (f"{AGENT} owns the conversation",))


async def test_who_takes_over_in_this_instant_reads_what_was_written(sqlite: Database) -> None:
    lines = Lines()
    states = StoredStates(sqlite, SystemClock())
    await states.change(ConversationState(ONE).moved(Owner.HUMAN, assignee=AGENT))
    responder = Responder(
        [LeaveToPerson(states, lines)],
        transcripts=StoredTranscripts(sqlite),
        wording=BotWording(ResponderConfig(introduction=False), "en"),
        clock=SystemClock(),
        default_language="en",
    )

    assert [part async for part in responder.respond(received(1, text="where is it?"))]

    assert lines.texts == ["where is it?"]


async def test_a_command_is_no_line_for_staff(sqlite: Database) -> None:
    room = Room(sqlite, Deciding(DecisionKind.COMMAND))
    await room.owned_by(Owner.HUMAN)

    said, _, _ = await room.hear(received(1, addressing=Addressing.COMMAND))

    assert (said, room.lines.texts) == ("something", [])


@pytest.mark.parametrize(
    "kinds",
    [
        (DecisionKind.INTENT,),
        (DecisionKind.GENERATED,),
        (DecisionKind.QUOTED,),
        (DecisionKind.SAFETY,),
        (DecisionKind.INTENT, DecisionKind.QUOTED),
    ],
)
async def test_what_is_sure_is_said_while_a_person_is_waited_for(
    sqlite: Database, kinds: tuple[DecisionKind, ...]
) -> None:
    room = Room(sqlite, Deciding(*kinds))
    await room.owned_by(Owner.WAITING)

    said, decision, done = await room.hear("where is it?")

    assert (said, decision.kind, done.state) == ("something", kinds[0], None)


@pytest.mark.parametrize(
    "kinds",
    [
        (DecisionKind.CLARIFY,),
        (DecisionKind.UNKNOWN,),
        (DecisionKind.HANDOFF,),
        (DecisionKind.INTENT, DecisionKind.HANDOFF),
    ],
)
async def test_nothing_is_asked_back_nor_handed_over_again(
    sqlite: Database, kinds: tuple[DecisionKind, ...]
) -> None:
    room = Room(sqlite, Deciding(*kinds, state=True))
    await room.owned_by(Owner.WAITING)

    said, decision, done = await room.hear("where is it?")

    assert (said, decision.kind, done.state) == ("", DecisionKind.SILENT, None)
    assert decision.reasons[-1].startswith("said nothing: a person was asked for")


@pytest.mark.parametrize(
    "kind",
    [DecisionKind.INTENT, DecisionKind.CLARIFY, DecisionKind.UNKNOWN, DecisionKind.GENERATED],
)
async def test_a_question_opens_a_closed_conversation(sqlite: Database, kind: DecisionKind) -> None:
    room = Room(sqlite, Deciding(kind))
    closed = await room.owned_by(Owner.CLOSED)

    said, _, done = await room.hear("where is it?")

    assert said == "something"
    assert done.state == closed.moved(Owner.BOT)


async def test_who_asks_for_a_person_again_is_not_given_to_the_bot(sqlite: Database) -> None:
    room = Room(sqlite, Deciding(DecisionKind.HANDOFF, state=True))
    await room.owned_by(Owner.CLOSED)

    _, _, done = await room.hear("a person, please")

    assert done.state is not None
    assert done.state.owner is Owner.WAITING


@pytest.mark.parametrize(
    ("text", "kind", "intent", "said"),
    [
        ("thanks!", DecisionKind.INTENT, "greeting", "something"),
        ("Vielen Dank", DecisionKind.INTENT, "returns", ""),
        ("谢谢", DecisionKind.UNKNOWN, "returns", ""),
        ("ok thank you", DecisionKind.SILENT, "returns", ""),
        ("no thanks", DecisionKind.CLARIFY, "returns", ""),
    ],
)
async def test_thanks_open_nothing(
    sqlite: Database, text: str, kind: DecisionKind, intent: str, said: str
) -> None:
    room = Room(sqlite, Deciding(kind, intent=intent))
    await room.owned_by(Owner.CLOSED)

    answer, _, done = await room.hear(text)

    assert (answer, done.state) == (said, None)


async def test_a_courtesy_in_other_words_opens_nothing_either(sqlite: Database) -> None:
    room = Room(sqlite, Deciding(intent="greeting"))
    await room.owned_by(Owner.CLOSED)

    said, _, done = await room.hear("you were most helpful, have a lovely day")

    assert (said, done.state) == ("something", None)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("ok great", DecisionKind.CLARIFY, ""),
        ("brilliant", DecisionKind.UNKNOWN, ""),
        ("ok great", DecisionKind.INTENT, "something"),
        ("where is it?", DecisionKind.CLARIFY, "something"),
    ],
)
async def test_what_asks_nothing_and_is_not_understood_opens_nothing(
    sqlite: Database, text: str, kind: DecisionKind, said: str
) -> None:
    room = Room(sqlite, Deciding(kind))
    closed = await room.owned_by(Owner.CLOSED)

    answer, _, done = await room.hear(text)

    assert (answer, done.state) == (said, closed.moved(Owner.BOT) if said else None)


@pytest.mark.parametrize("kind", [DecisionKind.SILENT, DecisionKind.LIMITED, DecisionKind.STALE])
async def test_what_is_not_answered_opens_nothing(sqlite: Database, kind: DecisionKind) -> None:
    room = Room(sqlite, Deciding(kind))
    await room.owned_by(Owner.CLOSED)

    _, _, done = await room.hear("see you on saturday")

    assert done.state is None


async def test_the_bots_own_conversations_are_as_ever(sqlite: Database) -> None:
    room = Room(sqlite, Deciding(DecisionKind.HANDOFF))

    said, decision, done = await room.hear(received(1, text="thanks"))

    assert (said, decision.kind, done.state) == ("something", DecisionKind.HANDOFF, None)

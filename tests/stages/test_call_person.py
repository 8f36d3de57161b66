"""What calls a person beside a reply: through the real responder, with scripted stages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.config.staff import TriggersConfig
from bot.conversations.transcript import Conversation, EarlierDecision
from bot.messages import (
    Addressing,
    Button,
    DecisionKind,
    Done,
    Message,
    Offer,
    Part,
    Say,
    ScoredIntent,
    Visibility,
)
from bot.ownership import ConversationState, Owner
from bot.ports import HandoffRequest, HandoffStatus, Prediction
from bot.responder import Responder, Stage, Turn
from bot.stages.call_person import CallPerson
from bot.stages.keywords import ReadKeywords
from bot.storage import Database, StoredTranscripts
from bot.storage.conversation_states import StoredStates
from tests.delivery.support import MovableClock, received
from tests.storage.conftest import sqlite

__all__ = ["sqlite"]

SAID = "I have told our team."
WORDS = ["chargeback", "lawyer", "small claims", "Anwalt", "律师", "recall"]
GUESS = Prediction((ScoredIntent("returns", 0.4),), 0.8, 0.3, "v1", "h1")


@dataclass
class Answering:
    """Answers every message in one way."""

    kind: DecisionKind = DecisionKind.INTENT
    trigger: str = ""
    says: bool = True

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        turn = replace(turn, prediction=GUESS)
        if self.trigger == "action_error":
            turn = turn.action_failed("the action look_up failed: timeout")
        elif self.trigger:
            turn = turn.calling(self.trigger)  # type: ignore[arg-type]
        yield turn
        if self.says:
            yield Say("an answer")
            yield Offer((Button("b1", "More"),))
        yield turn.decide(self.kind, "whatever it is")


@dataclass
class Staff:
    """Staff who are told; a case is new once in a conversation."""

    requests: list[HandoffRequest] = field(default_factory=list)
    told: bool = True

    async def request(self, message: Message, request: HandoffRequest) -> HandoffStatus:
        self.requests.append(request)
        state = ConversationState(message.conversation).moved(Owner.WAITING, team="default")
        return HandoffStatus(self.told, new=len(self.requests) == 1, said=SAID, state=state)


class Desk:
    """A responder whose replies are stored, as the worker does."""

    def __init__(self, database: Database, *stages: Stage, **triggers: object) -> None:
        self.clock, self.staff = MovableClock(), Staff()
        self.states = StoredStates(database, self.clock)
        given = TriggersConfig.model_validate(triggers)
        self.responder = Responder(
            list(stages),
            transcripts=StoredTranscripts(database),
            wording=BotWording(ResponderConfig(introduction=False), "en"),
            clock=self.clock,
            default_language="en",
            calls=CallPerson(self.staff, self.states, given.on),
        )

    async def say(self, text: str = "hello", number: int = 1, **values: object) -> tuple[str, Done]:
        event = received(number, text=text)
        event = replace(event, message=replace(event.message, **values))  # type: ignore[arg-type]
        parts = [part async for part in self.responder.respond(event)]
        done = parts[-1]
        assert isinstance(done, Done)
        return "".join(part.markdown for part in parts if isinstance(part, Say)), done


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite


BOTH = f"an answer\n\n{SAID}"


@pytest.mark.parametrize("trigger", ["action_error", "ungrounded", "frustration", "keyword"])
async def test_a_person_is_called_beside_the_answer(database: Database, trigger: str) -> None:
    on: dict[str, object] = {"keywords": ["x"]} if trigger == "keyword" else {trigger: True}
    desk = Desk(database, Answering(trigger=trigger), **on)
    said, done = await desk.say()
    assert said == BOTH
    assert done.decision.kind is DecisionKind.INTENT
    assert done.decision.reasons[-2:] == (
        f"a person was called: {trigger.replace('_', ' ')}",
        "staff were told",
    )
    assert done.state is not None
    assert done.state.owner is Owner.WAITING
    (request,) = desk.staff.requests
    assert (request.trigger, request.asked, request.language) == (trigger, "hello", "en")


@pytest.mark.parametrize("trigger", ["action_error", "ungrounded", "frustration", "keyword"])
async def test_what_is_switched_off_calls_nobody(database: Database, trigger: str) -> None:
    off: dict[str, object] = {"keywords": []} if trigger == "keyword" else {trigger: False}
    desk = Desk(database, Answering(trigger=trigger), **off)
    assert (await desk.say())[0] == "an answer"
    assert desk.staff.requests == []


@pytest.mark.parametrize("owner", [Owner.WAITING, Owner.HUMAN])
async def test_while_a_person_is_there_or_asked_for_nobody_is_called(
    database: Database, owner: Owner
) -> None:
    desk = Desk(database, Answering(trigger="keyword"), keywords=["x"])
    state = await desk.states.state("test:app:one")
    assignee = "test:team:boss" if owner is Owner.HUMAN else ""
    await desk.states.change(state.moved(owner, assignee=assignee))
    assert (await desk.say())[0] == "an answer"
    assert desk.staff.requests == []


@pytest.mark.parametrize(
    "kind", [DecisionKind.HANDOFF, DecisionKind.SAFETY, DecisionKind.LIMITED, DecisionKind.STAFF]
)
async def test_beside_a_handoff_or_what_is_no_answer_nobody_is_called(
    database: Database, kind: DecisionKind
) -> None:
    desk = Desk(database, Answering(kind, "keyword"), keywords=["x"])
    assert (await desk.say())[0] == "an answer"
    assert desk.staff.requests == []


async def test_where_nothing_is_said_nobody_is_called(database: Database) -> None:
    desk = Desk(database, Answering(trigger="keyword", says=False), keywords=["x"])
    assert (await desk.say())[0] == ""
    assert (await desk.say(addressing=Addressing.AMBIENT))[0] == ""
    assert desk.staff.requests == []


def unsure(desk: Desk, kinds: Sequence[DecisionKind]) -> Turn:
    """A turn after some decisions about the same person's questions."""
    event = received(9, text="and now?")
    earlier = tuple(EarlierDecision("q", kind, ("returns",)) for kind in kinds)
    conversation = Conversation(event.message.conversation, decisions=earlier)
    return replace(Turn(event, conversation, "and now?", "en"), prediction=GUESS)


@pytest.mark.parametrize(
    ("kinds", "kind", "calls"),
    [
        ([DecisionKind.CLARIFY], DecisionKind.UNKNOWN, True),
        ([DecisionKind.INTENT, DecisionKind.UNKNOWN], DecisionKind.CLARIFY, True),
        ([], DecisionKind.UNKNOWN, False),
        ([DecisionKind.UNKNOWN, DecisionKind.INTENT], DecisionKind.UNKNOWN, False),
        ([DecisionKind.UNKNOWN], DecisionKind.INTENT, False),
        ([DecisionKind.UNKNOWN], DecisionKind.QUOTED, False),
    ],
)
async def test_two_unsure_answers_in_a_row_call_a_person(
    database: Database, kinds: list[DecisionKind], kind: DecisionKind, calls: bool
) -> None:
    desk = Desk(database)
    turn = unsure(desk, kinds)
    done = turn.decide(kind, "whatever")
    caller = CallPerson(desk.staff, desk.states, {"unsure_twice"})
    parts = await caller.at_end(turn, done, Visibility.PUBLIC)
    assert [type(part) for part in parts] == ([Say, Done] if calls else [Done])
    assert [each.trigger for each in desk.staff.requests] == ["unsure_twice"] * calls


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I want a CHARGEBACK now", "chargeback"),
        ("my Lawyer's letter", "lawyer"),
        ("lawyers", ""),
        ("a small   claims\ncourt", "small claims"),
        ("Ich gehe zum Anwalt.", "Anwalt"),
        ("der Rechtsanwalt", ""),
        ("我要找律师谈", "律师"),
        ("can you re\u200bcall it", "recall"),
        ("ＲＥＣＡＬＬ！", "recall"),
        ("recall_id", ""),
        ("x" * 5_000, ""),
    ],
)
async def test_keywords_are_whole_words_in_any_case(text: str, found: str) -> None:
    turn = unsure_turn(text)
    turns = [each async for each in ReadKeywords(WORDS).handle(turn)]
    assert [each.triggers for each in turns if isinstance(each, Turn)] == (
        [("keyword",)] if found else []
    )
    assert not found or any(
        f'the word "{found}"' in each.reasons for each in turns if isinstance(each, Turn)
    )


def unsure_turn(text: str) -> Turn:
    event = received(1, text=text)
    return Turn(event, Conversation(event.message.conversation), text, "en")

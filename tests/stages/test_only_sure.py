"""Unasked, in a channel, the bot says only what it is sure of; the rest is kept for staff."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.messages import Addressing, Decision, DecisionKind, Done, Message, Part, Say, ScoredIntent
from bot.ports import Answer, Prediction
from bot.responder import Responder, Turn
from bot.stages.only_sure import OnlySure
from bot.storage import Database, StoredTranscripts
from tests.delivery.support import received


class Deciding:
    """A stage that decides what it is told."""

    def __init__(self, kind: DecisionKind, intent: str) -> None:
        self._kind = kind
        self._prediction = Prediction((ScoredIntent(intent, 0.9),), 0.8, 0.6, "v", "h")

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        yield Say("something")
        done = turn.decide(self._kind, "as told")
        intents = self._prediction.intents
        decision = done.decision
        yield Done(Decision(decision.id, decision.message_id, self._kind, intents))


class Answers:
    """Knows one intent of small talk."""

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        return Answer("hello", small_talk=intent == "greeting")

    def title(self, intent: str, *, language: str) -> str:
        return intent

    def why_not(self, intent: str) -> str:
        return ""


class Kept:
    """Keeps questions."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def keep(self, message: Message, language: str) -> None:
        self.texts.append(message.text)


async def reply(
    database: Database, kind: DecisionKind, addressing: Addressing, intent: str = "returns"
) -> tuple[str, Decision, list[str]]:
    responder = Responder(
        [Deciding(kind, intent)],
        transcripts=StoredTranscripts(database),
        wording=BotWording(ResponderConfig(introduction=False), "en"),
        clock=SystemClock(),
        default_language="en",
    )
    kept = Kept()
    event = received(1, text="is it in stock?", addressing=addressing)
    parts = [part async for part in OnlySure(responder, Answers(), kept).respond(event)]
    last = parts[-1]
    assert isinstance(last, Done)
    return "".join(p.markdown for p in parts if isinstance(p, Say)), last.decision, kept.texts


@pytest.mark.parametrize(
    "kind",
    [DecisionKind.INTENT, DecisionKind.QUOTED, DecisionKind.GENERATED, DecisionKind.HANDOFF],
)
async def test_what_is_sure_is_said(database: Database, kind: DecisionKind) -> None:
    said, decision, kept = await reply(database, kind, Addressing.AMBIENT)
    assert (said, decision.kind, kept) == ("something", kind, [])


@pytest.mark.parametrize("kind", [DecisionKind.CLARIFY, DecisionKind.UNKNOWN, DecisionKind.HELP])
async def test_what_is_not_is_kept_for_staff(database: Database, kind: DecisionKind) -> None:
    said, decision, kept = await reply(database, kind, Addressing.AMBIENT)
    assert (said, decision.kind, kept) == ("", DecisionKind.UNANSWERED, ["is it in stock?"])
    assert decision.reasons[-1].endswith(f"its answer is of the kind {kind}")


async def test_nobody_is_greeted_unasked(database: Database) -> None:
    said, decision, kept = await reply(
        database, DecisionKind.INTENT, Addressing.AMBIENT, "greeting"
    )
    assert (said, decision.kind, kept) == ("", DecisionKind.SILENT, [])


@pytest.mark.parametrize("addressing", [Addressing.DIRECT, Addressing.MENTION, Addressing.THREAD])
async def test_who_speaks_to_the_bot_is_asked_back(
    database: Database, addressing: Addressing
) -> None:
    said, decision, kept = await reply(database, DecisionKind.CLARIFY, addressing)
    assert (said, decision.kind, kept) == ("something", DecisionKind.CLARIFY, [])

"""Plays conversations through the real service and reports what is not as expected."""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.app.conversation_tests.collecting import Reply
from bot.app.conversation_tests.expectations import Mismatch, compare
from bot.app.conversation_tests.instance import TestClock, TestInstance, TestSetup, quiet
from bot.app.conversation_tests.reading import ConversationTest
from bot.app.conversation_tests.recorded_shop import RecordedShop
from bot.app.conversation_tests.schema import TurnEntry
from bot.app.conversation_tests.speaking import NoSuchButton, Speaker
from bot.config.schema import Config
from bot.publishing.bundle import load_bundle_version


@dataclass(frozen=True, slots=True)
class FailedTurn:
    """A turn that did not go as expected.

    Attributes:
        number: From 1.
        reply: What came; None when the turn could not be played, which ends the conversation.
    """

    number: int
    line: int
    what: str
    mismatches: tuple[Mismatch, ...]
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a conversation.

    Attributes:
        seconds: How long it took.
    """

    test: ConversationTest
    failures: tuple[FailedTurn, ...]
    seconds: float


async def run_conversations(
    config: Config,
    version: Path,
    tests: Sequence[ConversationTest],
    environment: Mapping[str, str],
    *,
    gpt: bool = False,
) -> list[Result]:
    """Play conversations with a version of the model, each over a database of its own.

    Args:
        config: Of the desk.
        version: Folder of the version of the model.
        tests: What to play.
        environment: Where the GPT key is read.
        gpt: Ask GPT where config has one.

    Raises:
        FrontdeskError: Model or settings are not usable.
    """
    if not tests:
        return []
    results: list[Result] = []
    clock = TestClock()
    bundle = load_bundle_version(config, version, clock=clock)
    quietened = quiet(config, gpt=gpt)
    for test in tests:
        clock.reset()
        shop = RecordedShop(test.entry.actions)
        setting = TestSetup(quietened, environment if gpt else {}, bundle, clock, shop)
        started = time.monotonic()
        failures = await _play(test, setting)
        results.append(Result(test, failures, time.monotonic() - started))
    return results


async def _play(test: ConversationTest, setting: TestSetup) -> tuple[FailedTurn, ...]:
    failures: list[FailedTurn] = []
    async with _desk(test, setting) as desk:
        speaker = Speaker(test.entry, setting.clock, setting.shop)
        for number, turn in enumerate(test.entry.turns, start=1):
            failure = await _take(desk, speaker, turn, setting.clock)
            if failure is None:
                continue
            mismatches, reply = failure
            line = test.lines[number - 1]
            failures.append(FailedTurn(number, line, describe(turn), mismatches, reply))
            if reply is None:
                break
    return tuple(failures)


async def _take(
    desk: TestInstance, speaker: Speaker, turn: TurnEntry, clock: TestClock
) -> tuple[tuple[Mismatch, ...], Reply | None] | None:
    """Take one turn; return what is wrong with it."""
    if turn.restart:
        await desk.stop()
        await desk.start()
        return None
    if turn.wait is not None:
        clock.advance(turn.wait)
        return None
    try:
        reply = await desk.send(speaker.event(turn))
    except NoSuchButton as missing:
        wrong = Mismatch("press", turn.press or "", f"the buttons are: {missing}")
        return (wrong,), None
    except TimeoutError:
        return (Mismatch("reply", "an answer", "none came in time"),), None
    speaker.heard(reply)
    mismatches = compare(turn.expect, reply) if turn.expect else ()
    return (mismatches, reply) if mismatches else None


@asynccontextmanager
async def _desk(test: ConversationTest, setting: TestSetup) -> AsyncIterator[TestInstance]:
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
        database = f"sqlite:///{Path(folder) / 'test.db'}"
        proof = setting.config.proof.model_copy(update={"key": Path(folder) / "proof.key"})
        setting = replace(setting, config=setting.config.model_copy(update={"proof": proof}))
        desk = TestInstance(setting, test.entry.platform, database)
        if test.entry.proven is not None:
            await desk.link(test.entry.author.id, test.entry.proven)
        await desk.start()
        try:
            yield desk
        finally:
            await desk.stop()


def describe(turn: TurnEntry) -> str:
    """Return a turn in a line."""
    author = f"{turn.author.id} " if turn.author else ""
    if turn.say is not None:
        return f"{author}say: {turn.say}"
    return f"{author}press: {turn.press}"

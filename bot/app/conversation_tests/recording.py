"""Records a chat as a conversation test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import get_args

from bot.app.conversation_tests.collecting import Reply, ReplyCollector
from bot.app.conversation_tests.schema import (
    ConversationEntry,
    DecisionName,
    Expectation,
    ExpectedReply,
    TurnEntry,
)
from bot.app.conversation_tests.writing import conversation_file
from bot.conversations.key import ConversationKey
from bot.errors import ConfigError, Problem
from bot.messages import Button, DecisionKind, Event, Part, Pressed
from bot.ports import Accept, Adapter, Posting
from bot.privacy.cards import mask_cards

RECORDED = frozenset(get_args(DecisionName))


class Recorder:
    """An `Adapter` before another one, which keeps what is said and answered.

    Args:
        adapter: Shows the chat.
    """

    def __init__(self, adapter: Adapter) -> None:
        self.name = adapter.name
        self._adapter = adapter
        self._turns: dict[str, TurnEntry] = {}
        self._seed = ""
        self._offered: tuple[Button, ...] = ()

    async def run(self, accept: Accept) -> None:
        """Run the other adapter."""
        await self._adapter.run(accept)

    def thinking(self, event: Event) -> AbstractAsyncContextManager[None]:
        """Let the other adapter show that an answer is being made."""
        return self._adapter.thinking(event)

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Post, and keep the event with its reply."""
        collector = ReplyCollector()
        message = posting.event.message
        await self._adapter.post(posting, collector.passing(parts))
        self._seed = ConversationKey.parse(message.conversation).channel
        reply = collector.reply()
        self._turns[message.id] = _turn(posting.event, self._offered, reply)
        self._offered = reply.buttons or self._offered

    async def close(self) -> None:
        """Close the other adapter."""
        await self._adapter.close()

    def conversation(self, name: str) -> ConversationEntry | None:
        """Return what was recorded; None when nothing was said."""
        if not self._turns:
            return None
        return ConversationEntry(name=name, seed=self._seed, turns=tuple(self._turns.values()))


def refuse_to_overwrite(file: Path) -> None:
    """Make sure that a recording would not take the place of another file.

    Raises:
        ConfigError: It would.
    """
    if file.exists():
        raise ConfigError([Problem(file, 0, 0, "", "exists already", "name another file")])


def write_recording(recorder: Recorder, file: Path) -> bool:
    """Write what was recorded; return whether there was anything."""
    conversation = recorder.conversation(file.stem or "chat")
    if conversation is None:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(conversation_file([conversation]), encoding="utf-8")
    return True


def _turn(event: Event, offered: tuple[Button, ...], reply: Reply) -> TurnEntry:
    expect = expectation(reply)
    if not isinstance(event, Pressed):
        return TurnEntry(say=mask_cards(event.message.text), expect=expect)
    labels = [button.label for button in offered]
    ids = [button.id for button in offered]
    place = ids.index(event.button) if event.button in ids else None
    again = place is not None and labels.count(labels[place]) > 1
    press = str(place + 1) if again and place is not None else event.message.text
    return TurnEntry(press=press, expect=expect)


def expectation(reply: Reply) -> Expectation:
    """Return what to expect when the same is said again."""
    if reply.decision is None:
        return Expectation(silence=True)
    decision = {"decision": reply.kind} if reply.kind in RECORDED else {}
    if reply.is_silent:
        return Expectation.model_validate({**decision, "silence": True})
    expected: dict[str, object] = dict(decision)
    if reply.intents:
        expected["intent"] = reply.intents
    if reply.text.strip() and reply.decision.kind is not DecisionKind.GENERATED:
        expected["reply"] = ExpectedReply(equals=(reply.text.strip(),))
    expected["buttons"] = tuple(button.label for button in reply.buttons)
    if reply.sources:
        expected["sources"] = tuple(source.title for source in reply.sources)
    return Expectation.model_validate(expected)

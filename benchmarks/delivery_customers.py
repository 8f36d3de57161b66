"""Simulated customers who write to a local Slack server, and statistics of their answers."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from tests.servers.slack import SlackServer
from tests.servers.slack.socket_mode import Envelope

QUESTIONS = (
    "where is my order 48213?",
    "I want to return the boots I bought",
    "how much is shipping to Norway",
    "my tent arrived damaged",
    "can I change my delivery address",
    "do you have the jacket in size M",
    "I was charged twice",
    "how do I reset my password",
)


@dataclass(frozen=True, slots=True)
class Count:
    """What customers saw.

    Attributes:
        unanswered: The ids of messages without any answer.
        out_of_order: Answers that came before that to an earlier message of their conversation.
        answered_twice: Answers beyond the first to a message.
    """

    unanswered: frozenset[str]
    out_of_order: int
    answered_twice: int


@dataclass(slots=True)
class SimulatedCustomers:
    """Customers, each in a direct conversation.

    They write the next message once the last one is acknowledged; some are delivered twice.

    Attributes:
        duplicates: The share of messages that are delivered twice.
        patience: Seconds without a new answer after which no more are expected.
        sent: Message ids, by conversation, in the order of writing.
        written_at: When each was written, in seconds of a monotonic clock.
        acknowledged: Seconds from the delivery of each to its acknowledgement.
    """

    server: SlackServer
    chance: random.Random
    duplicates: float
    patience: float
    sent: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    written_at: dict[str, float] = field(default_factory=dict)
    acknowledged: list[float] = field(default_factory=list)

    async def write(self, messages: int, conversations: int) -> None:
        """Write all of it, every conversation at its own pace."""
        share = [messages // conversations] * conversations
        for extra in range(messages % conversations):
            share[extra] += 1
        await asyncio.gather(*(self._converse(f"D{n}", count) for n, count in enumerate(share)))

    async def write_one(self, conversation: str) -> None:
        """Write one message and wait until Slack is rid of it."""
        started = time.monotonic()
        # another person than before: quick lines of one person would be one question
        user = f"U{conversation}X{len(self.sent[conversation]) % 2}"
        message = self.server.say(self.chance.choice(QUESTIONS), user=user, channel=conversation)
        identity = f"slack:A1:{conversation}:{message.ts}"
        self.sent[conversation].append(identity)
        self.written_at[identity] = started
        envelope = self.server.sockets.envelopes[-1]
        if self.chance.random() < self.duplicates:
            self.server.sockets.deliver(envelope.type, envelope.payload)
        await _acknowledged(envelope)
        self.acknowledged.append(time.monotonic() - started)

    async def _converse(self, conversation: str, messages: int) -> None:
        for _ in range(messages):
            await self.write_one(conversation)

    def answers(self) -> list[str]:
        """Return the message that each of the bot's posts answers, in the order of posting."""
        return [
            payload["message"]
            for post in self.server.workspace.posts
            if (payload := post.metadata["event_payload"])["part"] == 0
        ]

    def unanswered(self) -> int:
        """Return how many messages have no answer."""
        return len(self.written_at) - len(set(self.answers()))

    def count(self) -> Count:
        """Compare what was answered with what was written."""
        answers = self.answers()
        times = Counter(answers)
        first = {identity: place for place, identity in reversed(list(enumerate(answers)))}
        out_of_order = 0
        for sent in self.sent.values():
            places = [first[identity] for identity in sent if identity in first]
            out_of_order += sum(a > b for a, b in pairwise(places))
        return Count(
            unanswered=frozenset(self.written_at.keys() - set(answers)),
            out_of_order=out_of_order,
            answered_twice=sum(count - 1 for count in times.values()),
        )


async def _acknowledged(envelope: Envelope) -> None:
    await envelope.answered.wait()

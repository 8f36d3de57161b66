"""Reads every message for a danger, before any gate: a fixed careful text, and a person at once.

It posts where the bot answers or a person is awaited, however fast or late messages come. Where a
person owns the conversation it alerts them and all staff, and posts nothing; so it does while the
bot is paused. In shadow mode nothing is posted, see `bot.staff.shadow`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace

from bot.addressing import SHARED
from bot.messages import DecisionKind, Part, Received, Say
from bot.ownership import Owner
from bot.ports import (
    ConversationStates,
    Danger,
    DangerKind,
    HandoffRequest,
    Handoffs,
    Languages,
    ReadsAddressed,
    ReadsDangers,
    SafetyReplies,
)
from bot.responder import Turn
from bot.understanding.language.danger import danger_phrase

CERTAIN = 0.4
"""From when a message counts as dangerous where life may be at stake, and ..."""

LESS_URGENT = dict.fromkeys(
    (DangerKind.THREAT, DangerKind.HACKED_ACCOUNT, DangerKind.LEGAL_THREAT), 0.48
)
"""... for the other kinds, where a false alarm costs as much as a miss. Chosen on the messages of
benchmarks/field/build/: of 282 ordinary ones to a shop (after_sales_lines) 23 are taken for
dangerous."""

SURE_IN_TALK, TALK = 0.75, 0.3
"""From when it counts as dangerous enough to post in a place that people share where the line is
surely talk between them, by so much more than it asks the desk: below, staff alone are told. Of the
dangers of benchmarks/field/build/safety.yaml that is one in 60."""

Paused = Callable[[str], Awaitable[bool]]
"""Returns whether the bot is paused in a conversation."""


class ReadDanger:
    """Takes messages about a danger; stands before all gates.

    Args:
        reader: Reads messages; phrases that are fixed are found without it.
        languages: Tells the language to read and answer in.
        replies: What is said.
        handoffs: Notifies staff.
        states: Tells who owns a conversation.
        paused: Tells whether the bot is paused; None: it cannot be.
        talk: Tells talk between people from what is said to the desk; None: nothing does.
    """

    def __init__(
        self,
        reader: ReadsDangers,
        languages: Languages,
        replies: SafetyReplies,
        handoffs: Handoffs,
        states: ConversationStates,
        paused: Paused | None = None,
        talk: ReadsAddressed | None = None,
    ) -> None:
        self._talk = talk
        self._reader = reader
        self._languages = languages
        self._replies = replies
        self._handoffs = handoffs
        self._states = states
        self._paused = paused

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Notify staff of a dangerous message; answer it where the bot may."""
        if not isinstance(turn.event, Received) or not turn.text:
            return
        languages = self._languages.candidates(turn.text, prior=turn.language)
        danger = await self._danger(turn.text, languages)
        if danger is None or not self._replies.answers(danger.kind):
            return
        turn = replace(turn, language=languages[0], introduces=False)
        turn = turn.because(f"a danger, {danger.kind}, at {danger.probability:.2f}")
        yield turn
        state = await self._states.state(turn.message.conversation)
        owner = state.assignee if state.owner is Owner.HUMAN else ""
        request = HandoffRequest(
            turn.message.text,
            "safety",
            danger=danger.kind,
            owner=owner,
            language=turn.language,
            sentiment=turn.sentiment,
            reasons=turn.reasons,
        )
        status = await self._handoffs.request(turn.message, request)
        told = status.told
        turn = turn.because("staff were told" if told else "staff could not be told")
        yield turn
        why_not = await self._why_not(turn, danger, owner)
        if not why_not:
            fixed = self._replies.say(danger.kind, turn.language, told=told)
            yield Say("\n\n".join(filter(None, (fixed, status.closed))))
        done = turn.decide(DecisionKind.SAFETY, why_not or "answered with the fixed text")
        yield replace(done, state=status.state)

    async def _why_not(self, turn: Turn, danger: Danger, owner: str) -> str:
        """Return why a danger is not answered; empty: it is."""
        if owner:
            return f"{owner} owns the conversation: not answered"
        if self._paused is not None and await self._paused(turn.message.conversation):
            return "the bot is paused here: not answered"
        if danger.probability < SURE_IN_TALK and await self._is_talk(turn):
            return "talk between people: not answered"
        return ""

    async def _is_talk(self, turn: Turn) -> bool:
        """Return whether a line in a shared place is surely talk between people."""
        if self._talk is None or turn.message.addressing not in SHARED:
            return False
        read = await self._talk.addressed([turn.text], language=turn.language)
        return bool(read) and read[0].talks - read[0].asks > TALK

    async def _danger(self, text: str, languages: Sequence[str]) -> Danger | None:
        """Return what a text is about if it surely is about a danger, in either language."""
        if (kind := danger_phrase(text)) is not None:
            return Danger(DangerKind(kind), 1.0)
        found: list[Danger] = []
        for language in languages:
            found += await self._reader.dangers([text], language=language)
        likeliest = max(found, key=lambda danger: danger.probability, default=None)
        if likeliest is None:
            return None
        least = LESS_URGENT.get(likeliest.kind, CERTAIN)
        return likeliest if likeliest.probability >= least else None

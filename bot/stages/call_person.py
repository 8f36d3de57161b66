"""Calls a person beside a reply, when something in the turn asks for it; not a stage.

The reply is given all the same, with a sentence about who was told. Where a person was asked for,
by the customer or an intent, or a danger is read, the stages for that call one themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.conversations.transcript import EarlierDecision
from bot.messages import (
    Addressing,
    Decision,
    DecisionKind,
    Done,
    Message,
    Part,
    Pressed,
    Say,
    Visibility,
)
from bot.ownership import Owner
from bot.ports import ConversationStates, HandoffRequest, Handoffs, HandoffStatus, Trigger
from bot.responder import Turn
from bot.stages.customer_question import customer_question

_UNSURE = frozenset({DecisionKind.CLARIFY, DecisionKind.UNKNOWN})

_ANSWERS = frozenset(
    {
        *_UNSURE,
        DecisionKind.INTENT,
        DecisionKind.FORM,
        DecisionKind.RECOMMEND,
        DecisionKind.GENERATED,
        DecisionKind.QUOTED,
    }
)
"""Decisions of the bot's own about what a customer wants."""

_ORDER: tuple[Trigger, ...] = (
    "keyword",
    "action_error",
    "ungrounded",
    "frustration",
    "unsure_twice",
)


class SwitchedHandoffs:
    """Handoffs for what config lets call a person; for anything else nobody is told.

    Args:
        handoffs: Tell staff.
        triggers: What calls a person.
    """

    def __init__(self, handoffs: Handoffs, triggers: Collection[Trigger]) -> None:
        self._handoffs = handoffs
        self._triggers = frozenset(triggers)

    async def request(self, message: Message, request: HandoffRequest) -> HandoffStatus:
        """Open a case and notify staff, where that is switched on."""
        if request.trigger not in self._triggers:
            return HandoffStatus(told=False)
        return await self._handoffs.request(message, request)


class CallPerson:
    """Calls a person once for a conversation, beside the reply to a message.

    Args:
        handoffs: Tell staff.
        states: Tell who owns a conversation: while a customer waits, nobody is called again.
        triggers: What calls a person, as config has it.
    """

    def __init__(
        self, handoffs: Handoffs, states: ConversationStates, triggers: Collection[Trigger]
    ) -> None:
        self._handoffs = handoffs
        self._states = states
        self._triggers = frozenset(triggers)

    async def at_end(self, turn: Turn, done: Done, visibility: Visibility) -> Sequence[Part]:
        """Return the end of a reply, with a sentence before it where a person is called."""
        trigger = self._trigger(turn, done.decision)
        if trigger is None or not await self._may_call(turn):
            return (done,)
        decision = done.decision
        request = HandoffRequest(
            customer_question(turn),
            trigger,
            language=decision.language,
            sentiment=turn.sentiment,
            reasons=decision.reasons,
        )
        status = await self._handoffs.request(turn.message, request)
        if not status.new or not status.said:
            return (done,)
        reason = f"a person was called: {trigger.replace('_', ' ')}"
        told = "staff were told" if status.told else "staff could not be told"
        decision = replace(decision, reasons=(*decision.reasons, reason, told))
        ended = replace(done, decision=decision, state=status.state or done.state)
        return Say(f"\n\n{status.said}", visibility), ended

    def _trigger(self, turn: Turn, decision: Decision) -> Trigger | None:
        """Return what calls a person, the most telling first."""
        if any(part.kind not in _ANSWERS for part in decision.parts):
            return None  # a person was called, or nothing is answered
        found = set(turn.triggers)
        if _is_unsure(turn, decision) and _was_unsure(turn.conversation.decisions):
            found.add("unsure_twice")
        return next((each for each in _ORDER if each in found & self._triggers), None)

    async def _may_call(self, turn: Turn) -> bool:
        """Return whether a customer spoke to the bot, and nobody else has the conversation."""
        message = turn.message
        if message.author.staff or message.apart or message.addressing is Addressing.AMBIENT:
            return False
        state = await self._states.state(message.conversation)
        return state.owner in (Owner.BOT, Owner.CLOSED)


def _is_unsure(turn: Turn, decision: Decision) -> bool:
    """Return whether a question was understood by nothing; "ok" and "hm" are no questions."""
    asked = turn.prediction is not None or turn.passages is not None
    return decision.kind in _UNSURE and (asked or isinstance(turn.event, Pressed))


def _was_unsure(decisions: Sequence[EarlierDecision]) -> bool:
    """Return whether the latest question of the same person was understood by nothing."""
    if not decisions:
        return False
    last = decisions[-1]
    return last.kind in _UNSURE and bool(last.intents or last.passages)

"""The stage that drafts a reply for the colleague who has a conversation; it decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.messages import DecisionKind, Part, Received
from bot.ownership import Owner
from bot.ports import ConversationStates
from bot.ports.takeovers import KeepsDrafts
from bot.responder import Stage, Turn
from bot.stages.joined_reply import part_reply

_ANSWERS = frozenset({DecisionKind.INTENT, DecisionKind.GENERATED, DecisionKind.QUOTED})


class DraftForStaff:
    """Lets the stages that answer write a draft where a person owns the conversation.

    The draft stands in the case thread. The customer reads nothing of it, unless staff send it.

    Args:
        states: Tells who owns a conversation.
        answering: The stages that answer, from the one that reads the message on.
        drafts: Keeps the draft.
    """

    def __init__(
        self, states: ConversationStates, answering: Sequence[Stage], drafts: KeepsDrafts
    ) -> None:
        self._states = states
        self._answering = answering
        self._drafts = drafts

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Draft a reply to a message; hand the turn on as it is, but for what that cost."""
        if not isinstance(turn.event, Received) or not turn.text or turn.message.apart:
            return
        state = await self._states.state(turn.message.conversation)
        if state.owner is not Owner.HUMAN:
            return
        reply = await part_reply(self._answering, turn)
        if reply is None or reply.done is None or reply.done.decision.kind not in _ANSWERS:
            return
        said = "".join(each.markdown for each in reply.said)
        sources = [source for cite in reply.sources for source in cite.sources]
        if said.strip() and await self._drafts.keep(turn.message, said, sources):
            cost = turn.cost + reply.done.decision.cost
            yield replace(turn.because("a reply was drafted for staff"), cost=cost)

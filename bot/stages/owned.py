"""The stages for conversations that a person has, or was asked for: whatever is said goes to staff.

Lines are carried before anything is decided, so that no gate and no danger keeps them from staff.
Then the bot stays silent where a person owns the conversation. What it says while nobody has taken
the case yet, and after the case was closed, is decided in `bot.stages.handed_on`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.messages import DecisionKind, Part, Received
from bot.ownership import Owner
from bot.ports import ConversationStates
from bot.ports.takeovers import CarriesLines
from bot.responder import Turn

_WITH_PEOPLE = (Owner.WAITING, Owner.HUMAN)


class CarryToStaff:
    """Carries a customer's line into the thread of their case; decides nothing.

    Args:
        states: Tells who owns a conversation.
        lines: Carries them.
    """

    def __init__(self, states: ConversationStates, lines: CarriesLines) -> None:
        self._states = states
        self._lines = lines

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Carry what was written where a person has the conversation, or was asked for."""
        if not _is_line(turn):
            return
        state = await self._states.state(turn.message.conversation)
        if state.owner in _WITH_PEOPLE and await self._lines.to_staff(turn.message):
            yield turn.because("staff read it in the thread of the case")


class LeaveToPerson:
    """Says nothing where a person owns the conversation; stands after dangers, before all gates.

    Args:
        states: Tells who owns a conversation.
        lines: Carries what was written to whoever took the conversation over in this instant.
    """

    def __init__(self, states: ConversationStates, lines: CarriesLines) -> None:
        self._states = states
        self._lines = lines

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Decide for silence, whatever was written or pressed."""
        message = turn.message
        if message.apart:
            return
        state = await self._states.state(message.conversation)
        if state.owner is Owner.HUMAN:
            if _is_line(turn):
                await self._lines.to_staff(message)
            yield turn.decide(DecisionKind.SILENT, f"{state.assignee} owns the conversation")


def _is_line(turn: Turn) -> bool:
    return isinstance(turn.event, Received) and not turn.message.apart

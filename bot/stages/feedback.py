"""Takes what people think of an answer: thumbs, and the reason that they may give."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.messages import DecisionKind, Part, Say, Visibility, Voted
from bot.ports import Feedback, Wording
from bot.responder import Turn


class TakeFeedback:
    """Stores votes; stands before all that may keep silent, since a vote is no message."""

    def __init__(self, feedback: Feedback, wording: Wording) -> None:
        self._feedback = feedback
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Store a vote and thank for it, to its author alone.

        A thumb that points down is not thanked for: its author is asked for the reason instead.
        """
        if not isinstance(turn.event, Voted):
            return
        yield replace(turn, introduces=False)
        voted = turn.event
        if await self._feedback.vote(voted) == "unknown":
            yield Say(self._wording.say("expired", turn.language), Visibility.PRIVATE)
            yield turn.decide(DecisionKind.FEEDBACK, "a vote on an answer that is not known")
            return
        if voted.verdict == "up" or voted.message.text:
            yield Say(self._wording.say("feedback_thanks", turn.language), Visibility.PRIVATE)
        yield turn.decide(DecisionKind.FEEDBACK, f"somebody judged an answer: {voted.verdict}")

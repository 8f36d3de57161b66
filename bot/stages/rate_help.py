"""Takes how customers were helped: presses of the buttons under a survey."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Protocol

from bot.messages import Choice, DecisionKind, Part, Pressed, Say, Visibility
from bot.ports import Buttons, Wording
from bot.responder import Turn
from bot.storage.surveys import Rated


class Surveys(Protocol):
    """Answers to surveys."""

    async def rate(self, choice: Choice, author: str) -> Rated:
        """Store an answer; a later one takes its place while the survey lasts."""
        ...


class TakeRating:
    """Stores answers to surveys; stands before all that may keep silent.

    Args:
        buttons: What buttons mean.
        surveys: Where answers are stored.
        wording: Thanks.
    """

    def __init__(self, buttons: Buttons, surveys: Surveys, wording: Wording) -> None:
        self._buttons = buttons
        self._surveys = surveys
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Store a press of the person who was asked, and thank for it."""
        if not isinstance(turn.event, Pressed):
            return
        button = turn.event.button
        choice = await self._buttons.choice(button)
        if choice is None or choice.kind != "csat":
            return
        turn = replace(turn, language=choice.language or turn.language, introduces=False)
        yield turn
        rated = await self._surveys.rate(choice, turn.message.author.key)
        if rated == "stranger":
            yield Say(self._wording.say("not_yours", turn.language), Visibility.PRIVATE)
            yield turn.decide(DecisionKind.DECLINED, "somebody pressed another person's button")
            return
        said = "feedback_thanks" if rated == "stored" else "expired"
        yield Say(self._wording.say(said, turn.language), Visibility.PRIVATE)
        reason = f"case {choice.question} was rated {choice.value} of 5: {rated}"
        yield turn.decide(DecisionKind.FEEDBACK, reason)

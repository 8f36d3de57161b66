"""Reads how a customer feels, and answers a frustrated one in another tone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.conversations.transcript import EarlierDecision
from bot.messages import Button, Choice, Part, Received
from bot.ports import Answers, Buttons, Languages, ReadsFeelings, Wording
from bot.responder import Turn
from bot.sentiment import Feeling, Sentiment

PERSON_BUTTON = 90
"""Position of the button that asks for a person: beyond those that answer a question of the bot."""

LATEST = 2
"""Number of earlier messages whose feeling counts, and ..."""

_TREND = 0.3
"""... how much it counts beside that of the message."""


class ReadFeelings:
    """Finds out how the customer feels; what comes of it is left to `AnswerFrustrated`.

    Args:
        reader: Reads messages.
        languages: Tells the language to read in.
    """

    def __init__(self, reader: ReadsFeelings, languages: Languages) -> None:
        self._reader = reader
        self._languages = languages

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Hand the turn on with the sentiment of its message."""
        if not isinstance(turn.event, Received) or not turn.text:
            return
        language = self._languages.detect(turn.text, prior=turn.language)
        found = await self._reader.sentiments([turn.text], language=language)
        if found:
            yield replace(turn, sentiment=found[0])


class AnswerFrustrated:
    """Puts a phrase before the reply to a frustrated customer, and offers a person under it.

    Replies of small talk are left out: nobody is thanked for sarcasm.

    Args:
        answers: Tells which intents are small talk.
        buttons: Keeps what the button means.
        wording: Says the phrase, and the label of the button.
        calls: A person is called at once, in place of the button.
    """

    def __init__(
        self, answers: Answers, buttons: Buttons, wording: Wording, *, calls: bool = False
    ) -> None:
        self._calls = calls
        self._answers = answers
        self._buttons = buttons
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Hand the turn of a frustrated customer on with phrase and button."""
        if turn.sentiment is None or not is_frustrated(turn.sentiment, turn.conversation.decisions):
            return
        notice = "\n\n".join(filter(None, (turn.notice, self._phrase(turn))))
        reason = f"the customer is frustrated, at {turn.sentiment.frustrated:.2f}"
        turn = self._without_small_talk(replace(turn, notice=notice)).because(reason)
        if self._calls:
            yield turn.calling("frustration")
        else:
            # the ways out of a form have a person among them
            yield replace(turn, offers=turn.offers or await self._offer(turn))

    async def _offer(self, turn: Turn) -> tuple[Button, ...]:
        """Return the button that asks for a person."""
        label = self._wording.say("talk_to_person", turn.language)
        choice = Choice("handoff", "", turn.text, turn.language)
        message = turn.message
        return await self._buttons.offer(
            message.id, [(label, choice)], first=PERSON_BUTTON, revision=message.revision
        )

    def _phrase(self, turn: Turn) -> str:
        """Return the phrase; nothing when the customer just read it."""
        phrase = self._wording.say("frustrated", turn.language)
        said = [entry.text for entry in turn.conversation.turns if entry.role == "bot"]
        return "" if any(phrase in text for text in said[-LATEST:]) else phrase

    def _without_small_talk(self, turn: Turn) -> Turn:
        """Return the turn without intents that answer a courtesy."""
        prediction = turn.prediction
        if prediction is None:
            return turn
        intents = tuple(
            each for each in prediction.intents if not self._is_small_talk(turn, each.name)
        )
        if len(intents) == len(prediction.intents):
            return turn
        return replace(turn, prediction=replace(prediction, intents=intents))

    def _is_small_talk(self, turn: Turn, intent: str) -> bool:
        answer = self._answers.answer(
            intent, language=turn.language, platform=turn.platform, seed=turn.message.id
        )
        return answer is not None and answer.small_talk


def is_frustrated(sentiment: Sentiment, earlier: tuple[EarlierDecision, ...]) -> bool:
    """Return whether a message, with the trend of its conversation, comes from frustration.

    Args:
        sentiment: That of the message.
        earlier: What was decided before, oldest first.
    """
    if sentiment.feeling is not Feeling.NEUTRAL:
        return sentiment.feeling is Feeling.FRUSTRATED
    felt = [each.sentiment.frustrated for each in earlier[-LATEST:] if each.sentiment]
    if not felt:
        return False
    trend = sum(felt) / len(felt)
    return (1 - _TREND) * sentiment.frustrated + _TREND * trend > 1 / 2

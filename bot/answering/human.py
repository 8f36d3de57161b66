"""The stage for a wish to talk to a person that stands beside another wish.

"I want my money back and I want to talk to a manager" is surely neither of the two as a whole. Its
clauses are read by the same classifier; a clause that is surely an intent with `handoff` decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.answering.clauses import Clause, clauses
from bot.closing import closing
from bot.messages import Part
from bot.ports import Answers, Classifier, Prediction
from bot.responder import Inquiry, Replying

CERTAIN = 0.9
"""Confidence that a clause needs which only a cut between words set apart, below it or above the
threshold: found on 71 messages of ours in English, German and Chinese, half of them look-alikes."""


class AsksForPerson:
    """Hands over when one clause of several asks for a person.

    Args:
        classifier: Reads the clauses, in one batch.
        answers: Tells which intents hand over.
        replying: Gives the reply of such an intent, as for a message that is nothing else.
    """

    def __init__(self, classifier: Classifier, answers: Answers, replying: Replying) -> None:
        self._classifier = classifier
        self._answers = answers
        self._replying = replying

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Look into the clauses, unless the whole message is surely an intent that hands over."""
        whole = inquiry.prediction
        if whole is None or not whole.intents or self._handoff(inquiry, whole, 0.0):
            return
        if (found := await self._wish(inquiry)) is None:
            return
        intent, clause = found
        reason = f"a part of the message, {len(clause.text)} characters long, is surely {intent}"
        async with closing(self._replying.reply(inquiry, intent, reason)) as parts:
            async for part in parts:
                yield part

    async def _wish(self, inquiry: Inquiry) -> tuple[str, Clause] | None:
        """Return the intent that hands over, and the clause that is surely that."""
        parts = clauses(inquiry.text)
        texts = list(dict.fromkeys(text for part in parts for text in _read(part)))
        read = dict(
            zip(
                texts,
                await asyncio.gather(
                    *(self._classifier.classify(each, language=inquiry.language) for each in texts)
                ),
                strict=True,
            )
        )
        for clause in parts:
            floor = CERTAIN if clause.before else 0.0
            intent = self._handoff(inquiry, read[clause.text], floor)
            # Ideographs give no hint of where words end: what is left must be a wish, too.
            if intent and (clause.spaced or _is_wish(read[clause.before])):
                return intent, clause
        return None

    def _handoff(self, inquiry: Inquiry, prediction: Prediction, floor: float) -> str:
        """Return the intent that a text surely is, if that hands over; else an empty name."""
        if not _is_wish(prediction) or prediction.intents[0].confidence < floor:
            return ""
        name = prediction.intents[0].name
        answer = self._answers.answer(
            name, language=inquiry.language, platform=inquiry.platform, seed=inquiry.message.id
        )
        return name if answer is not None and answer.handoff else ""


def _read(clause: Clause) -> tuple[str, ...]:
    return (clause.text,) if clause.spaced else (clause.text, clause.before)


def _is_wish(prediction: Prediction) -> bool:
    """Return whether a text is surely some intent."""
    return bool(prediction.intents) and prediction.intents[0].confidence >= prediction.threshold

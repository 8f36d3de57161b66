"""The stage for a wish to talk to a person that stands beside another wish.

"I want my money back and I want to talk to a manager" is surely neither of the two as a whole. So
its clauses are read; one that surely asks for a person decides.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.messages import Part
from bot.ports import Answers, Classifier, Prediction, ReadsWishes
from bot.responder import Turn
from bot.stages.intent_reply import IntentReply
from bot.streams import closing
from bot.understanding.language.clauses import Clause, clauses

CERTAIN = 0.8
"""How likely a clause must ask for a person, and ..."""

DENIED = 0.85
"""... how likely a segment only speaks of people, so that its ends count for nothing: "I don't
want to talk to anyone" ends in a wish. Both found on benchmarks/field/build/."""


class AsksForPerson:
    """Hands over when a message, or a clause of it, asks for a person.

    Args:
        wishes: Reads the clauses, in one batch.
        classifier: Tells which intent such a clause is.
        answers: Tells which intents hand over.
        replying: Gives the reply of such an intent, as for a message that is nothing else.
    """

    def __init__(
        self, wishes: ReadsWishes, classifier: Classifier, answers: Answers, replying: IntentReply
    ) -> None:
        self._wishes = wishes
        self._classifier = classifier
        self._answers = answers
        self._replying = replying

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Look into the clauses, unless the whole message is surely an intent that hands over."""
        whole = turn.prediction
        if whole is None or not whole.intents or self._surely(turn, whole):
            return
        if (found := await self._wish(turn)) is None:
            return
        reason = f"a part of the message, {len(found.text)} characters long, asks for a person"
        async with closing(await self._reply(turn, found, reason)) as parts:
            async for part in parts:
                yield part

    async def _wish(self, turn: Turn) -> Clause | None:
        """Return the clause that surely asks for a person."""
        parts = clauses(turn.scored)
        texts = list(dict.fromkeys(part.text for part in parts))
        readings = await self._wishes.wishes(texts, language=turn.language)
        read = dict(zip(texts, readings, strict=bool(readings)))
        for part in parts if read else ():
            denied = part.within and read[part.within].mentioned > DENIED
            if read[part.text].wanted >= CERTAIN and not denied:
                return part
        return None

    async def _reply(self, turn: Turn, clause: Clause, reason: str) -> AsyncIterator[Part | Turn]:
        """Reply as an intent that hands over, or in the bot's own words."""
        prediction = await self._classifier.classify(clause.text, language=turn.language)
        for each in prediction.intents:
            likely = each.confidence >= prediction.ask_threshold
            if likely and self._hands_over(turn, each.name):
                return self._replying.reply(turn, each.name, reason, trigger="asked")
        return self._replying.hand_over(turn, reason)

    def _surely(self, turn: Turn, prediction: Prediction) -> bool:
        """Return whether a text surely is an intent that hands over."""
        best = prediction.intents[0]
        sure = best.confidence >= prediction.threshold
        return sure and self._hands_over(turn, best.name)

    def _hands_over(self, turn: Turn, intent: str) -> bool:
        answer = self._answers.answer(
            intent, language=turn.language, platform=turn.platform, seed=turn.message.id
        )
        return answer is not None and answer.handoff

"""Takes the number of an order, sent alone, as more about what was answered last."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

from bot.messages import Choice, DecisionKind, Offer, Part, Received, Say, ScoredIntent
from bot.ports import Answers, Buttons, Classifier, LastAnswer, LastAnswers, Prediction, Wording
from bot.responder import Turn
from bot.stages.intent_reply import IntentReply
from bot.streams import closing
from bot.understanding.language.cues import number_phrases
from bot.understanding.language.reference_numbers import reference_numbers
from bot.understanding.language.words import Known, folded_words

FEW_WORDS = 4
"""Words besides the number, and those that stand around numbers, with which it still is alone."""

MOST_SUBJECTS = 5
"""Buttons of what a number may be about."""

_ANSWERED = frozenset({DecisionKind.INTENT, DecisionKind.HANDOFF, DecisionKind.FORM})


class BareNumber:
    """Answers a number with the intent of the last answer, or asks what it is about.

    Args:
        last: What the customer was answered last.
        classifier: Tells whether the few words around a number ask for something else.
        answers: Tells which intents are small talk.
        buttons: Keeps what buttons mean that are shown again.
        replies: Gives the reply of an intent.
        wording: Asks what a number is about.
        known: Tells which words are no misspellings.
        taking: Returns the intents whose form takes a number of a text, in a language.
    """

    def __init__(
        self,
        last: LastAnswers,
        classifier: Classifier,
        answers: Answers,
        buttons: Buttons,
        replies: IntentReply,
        wording: Wording,
        known: Known,
        taking: Callable[[str, str], Sequence[str]],
    ) -> None:
        self._last = last
        self._classifier = classifier
        self._answers = answers
        self._buttons = buttons
        self._replies = replies
        self._wording = wording
        self._known = known
        self._taking = taking

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Answer, or ask, unless the words around the number say what is wanted."""
        if not isinstance(turn.event, Received):
            return
        numbered = reference_numbers(turn.text)
        if not numbered.numbers:
            return
        around = number_phrases().read(numbered.rest, self._known).rest
        if len(folded_words(around)) > FEW_WORDS:
            return
        message = turn.message
        last = await self._last.last_answer(
            message.conversation, message.author.key, without=message.id
        )
        if around and last is None:
            return  # nothing was talked about: the words ask for something
        prediction = await self._classifier.classify(turn.text, language=turn.language)
        if around and self._asks(turn, prediction):
            return
        async with closing(self._answer(turn, last, prediction)) as parts:
            async for part in parts:
                yield part

    def _asks(self, turn: Turn, prediction: Prediction) -> bool:
        """Return whether the words around a number say what is wanted."""
        best = prediction.intents[:1]
        if not best or best[0].confidence < prediction.ask_threshold:
            return False
        return self._is_subject(turn, best[0].name)

    async def _answer(
        self, turn: Turn, last: LastAnswer | None, prediction: Prediction
    ) -> AsyncIterator[Part | Turn]:
        if turn.form is not None:  # it has just ended: nothing goes on by itself
            last = None
        if last is not None and last.kind in _ANSWERED and self._is_subject(turn, last.intent):
            certain = replace(prediction, intents=(ScoredIntent(last.intent, 1.0),))
            reason = f"a number alone: {last.intent} was answered last"
            stream = self._replies.reply(replace(turn, prediction=certain), last.intent, reason)
            async with closing(stream) as parts:
                async for part in parts:
                    yield part
        elif last is not None and last.kind is DecisionKind.CLARIFY and last.offered:
            yield Say(self._wording.say("which", turn.language))
            again = [(each.button.label, each.choice) for each in last.offered]
            message = turn.message
            buttons = await self._buttons.offer(message.id, again, revision=message.revision)
            yield Offer(buttons)
            yield turn.decide(DecisionKind.CLARIFY, "a number alone, while a question was open")
        else:
            async for part in self._ask(turn):
                yield part

    async def _ask(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Ask what a number is about, with buttons of what can be looked up or done with it."""
        language, message = turn.language, turn.message
        subjects = [
            (
                self._answers.title(name, language=language),
                Choice("intent", name, turn.text, language),
            )
            for name in self._taking(turn.text, language)
            if self._begins(turn, name)
        ]
        yield Say(self._wording.say("about_number", language))
        if not subjects:
            yield turn.decide(DecisionKind.UNKNOWN, "a number alone, with nothing answered before")
            return
        shown = subjects[:MOST_SUBJECTS]
        yield Offer(await self._buttons.offer(message.id, shown, revision=message.revision))
        yield turn.decide(DecisionKind.CLARIFY, "a number alone: asked what it is about")

    def _begins(self, turn: Turn, intent: str) -> bool:
        """Return whether the form of an intent can be gone through."""
        answer = self._answers.answer(
            intent, language=turn.language, platform=turn.platform, seed=turn.message.id
        )
        return answer is not None and answer.form

    def _is_subject(self, turn: Turn, intent: str) -> bool:
        """Return whether an intent is something that a number can be about."""
        answer = self._answers.answer(
            intent, language=turn.language, platform=turn.platform, seed=turn.message.id
        )
        return answer is not None and not answer.small_talk

"""Answers with the reply of an intent, found by the classifier or chosen by a button."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from bot.messages import (
    Button,
    Choice,
    Kind,
    Offer,
    Part,
    Pressed,
    Say,
    Visibility,
)
from bot.ports import (
    Answer,
    Answers,
    Buttons,
    Handoffs,
    Wording,
)
from bot.responder import Turn
from bot.streams import closing


class ButtonPress:
    """A button was pressed: do what it means, once, for the person whom it was offered to."""

    def __init__(self, choices: Buttons, replies: IntentReply, wording: Wording) -> None:
        self._choices = choices
        self._replies = replies
        self._wording = wording

    async def take(self, turn: Turn) -> AsyncIterator[Part]:
        """Answer with the chosen intent; `neither` passes the question on to the fallback."""
        if not isinstance(turn.event, Pressed):
            return
        choice = await self._choices.choice(turn.event.button)
        pressing = await self._choices.pressing(turn.event.button, turn.message)
        if choice is None or pressing == "unknown":
            turn.introduces = False
            yield Say(self._wording.say("expired", turn.language), Visibility.PRIVATE)
            yield turn.decide(Kind.UNKNOWN, "the button that was pressed is no longer known")
            return
        if pressing == "again":
            yield turn.decide(Kind.DECLINED, "the button was pressed before")
            return
        if pressing == "stranger":
            turn.introduces = False
            yield Say(self._wording.say("not_yours", turn.language), Visibility.PRIVATE)
            yield turn.decide(Kind.DECLINED, "somebody pressed another person's button")
            return
        turn.text, turn.language = choice.question, choice.language or turn.language
        match choice.kind:
            case "intent":
                stream = self._replies.reply(
                    turn, choice.value, f"the customer chose {choice.value}"
                )
                async with closing(stream) as parts:
                    async for part in parts:
                        yield part
            case "handoff":
                stream = self._replies.hand_over(turn, "the customer asked for a human")
                async with closing(stream) as parts:
                    async for part in parts:
                        yield part
            case "neither":
                turn.reasons.append("the customer said that none of the offered intents fits")


class AnswerIntent:
    """Sure of one intent: give the admins' reply."""

    def __init__(self, replies: IntentReply) -> None:
        self._replies = replies

    async def take(self, turn: Turn) -> AsyncIterator[Part]:
        """Answer when the first intent reaches the threshold and is no draft."""
        prediction = turn.prediction
        if prediction is None or not prediction.intents:
            return
        best = prediction.intents[0]
        if best.confidence < prediction.threshold:
            return
        reason = f"{best.name} at {best.confidence:.2f} reaches {prediction.threshold:.2f}"
        async with closing(self._replies.reply(turn, best.name, reason)) as parts:
            async for part in parts:
                yield part


class IntentReply:
    """Gives an intent's reply: text, next steps, handoff. Shared by `ButtonPress` and `AnswerIntent`.

    Args:
        answers: The admins' replies.
        choices: Keeps what the buttons mean.
        handoffs: Tells staff before the customer is told that they know.
        wording: Says what came of that.
    """

    def __init__(
        self, answers: Answers, choices: Buttons, handoffs: Handoffs, wording: Wording
    ) -> None:
        self._answers = answers
        self._choices = choices
        self._handoffs = handoffs
        self._wording = wording

    async def reply(self, turn: Turn, intent: str, reason: str) -> AsyncIterator[Part]:
        """Yield the reply of an intent; nothing when it has none, as a draft."""
        answer = self._answers.answer(
            intent,
            language=turn.language,
            platform=turn.platform,
            seed=turn.message.id,
        )
        if answer is None:
            turn.reasons += (reason, self._answers.why_not(intent))
            return
        if answer.handoff:
            if answer.description:
                turn.reasons.append(f"{intent}: {answer.description}")
            async with closing(self.hand_over(turn, reason, answer)) as parts:
                async for part in parts:
                    yield part
            return
        yield Say(answer.markdown, answer.visibility)
        if answer.suggestions:
            yield Offer(await self._suggest(turn, answer.suggestions))
        if answer.description:
            turn.reasons.append(f"{intent}: {answer.description}")
        yield turn.decide(Kind.INTENT, reason)

    async def hand_over(
        self, turn: Turn, reason: str, answer: Answer | None = None
    ) -> AsyncIterator[Part]:
        """Tell staff, then the customer what came of it: nothing is promised that is not so.

        Args:
            turn: Who asks for a person.
            reason: Why, for the decision.
            answer: What admins wrote for the case that staff know; None: the bot's own words.
        """
        said = [turn.text for turn in turn.conversation.turns if turn.role == "customer"]
        told = await self._handoffs.request(turn.message, turn.text or "".join(said[-1:]))
        own = self._wording.say("handed_over" if told else "handoff", turn.language)
        written = answer.markdown if answer is not None and told else ""
        yield Say(written or own, answer.visibility if answer is not None else Visibility.PUBLIC)
        if answer is not None and answer.suggestions:
            yield Offer(await self._suggest(turn, answer.suggestions))
        turn.reasons.append("staff were told" if told else "staff could not be told")
        yield turn.decide(Kind.HANDOFF, reason)

    async def _suggest(self, turn: Turn, intents: Sequence[str]) -> tuple[Button, ...]:
        language = turn.language
        return await self._choices.offer(
            turn.message.id,
            [
                (self._answers.title(name, language=language), Choice("intent", name, "", language))
                for name in intents
            ],
        )

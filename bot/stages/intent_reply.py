"""Answers with the reply of an intent, found by the classifier or chosen by a button."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Protocol

from bot.messages import (
    Button,
    Choice,
    DecisionKind,
    MarkUsed,
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
    HandoffRequest,
    Handoffs,
    HandoffStatus,
    RecommendScope,
    Trigger,
    Wording,
)
from bot.ports.conversations import Pressing
from bot.responder import Turn
from bot.stages.customer_question import customer_question
from bot.streams import closing


class ButtonPress:
    """Does what a pressed button means, once, for the person whom it was offered to."""

    def __init__(self, buttons: Buttons, replies: IntentReply, wording: Wording) -> None:
        self._buttons = buttons
        self._replies = replies
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Answer with the chosen intent; `neither` passes the question on."""
        if not isinstance(turn.event, Pressed):
            return
        choice = await self._buttons.choice(turn.event.button)
        pressing = await self._buttons.pressing(turn.event.button, turn.message)
        if choice is None or pressing != "first":
            async with closing(self._declined(turn, pressing)) as parts:
                async for part in parts:
                    yield part
            return
        turn = replace(turn, text=choice.question, language=choice.language or turn.language)
        yield turn
        yield MarkUsed()
        match choice.kind:
            case "intent":
                reason = f"the customer chose {choice.value}"
                stream = self._replies.reply(turn, choice.value, reason)
            case "handoff":
                stream = self._replies.hand_over(turn, "the customer asked for a human")
            case "product" if self._replies.products is not None:
                stream = self._replies.products.press(turn, choice)
            case "form" | "product" | "csat":
                yield Say(self._wording.say("expired", turn.language), Visibility.PRIVATE)
                yield turn.decide(DecisionKind.UNKNOWN, "what the button is for has ended")
                return
            case "neither":
                yield turn.because("the customer said that none of the offered intents fits")
                return
        async with closing(stream) as parts:
            async for part in parts:
                yield part

    async def _declined(self, turn: Turn, pressing: Pressing) -> AsyncIterator[Part | Turn]:
        """Say why a press is not answered, to whoever pressed; nothing to a second press."""
        if pressing == "again":
            yield turn.decide(DecisionKind.DECLINED, "the button was pressed before")
            return
        yield replace(turn, introduces=False)
        if pressing == "stranger":
            yield Say(self._wording.say("not_yours", turn.language), Visibility.PRIVATE)
            yield turn.decide(DecisionKind.DECLINED, "somebody pressed another person's button")
            return
        yield Say(self._wording.say("expired", turn.language), Visibility.PRIVATE)
        yield turn.decide(DecisionKind.UNKNOWN, "the button that was pressed is no longer known")


class Recommends(Protocol):
    """Recommends products; several stages use it."""

    def recommend(
        self, turn: Turn, scope: RecommendScope, reason: str
    ) -> AsyncIterator[Part | Turn]:
        """Yield products for what a customer wrote; the turn alone where there are none."""
        ...

    def press(self, turn: Turn, choice: Choice) -> AsyncIterator[Part | Turn]:
        """Do what a button under products means."""
        ...


class AnswerIntent:
    """Gives the admins' reply when the classifier is sure of one intent."""

    def __init__(self, replies: IntentReply) -> None:
        self._replies = replies

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Answer when the first intent reaches the threshold and is no draft."""
        prediction = turn.prediction
        if prediction is None or not prediction.intents or turn.skips_intents:
            return
        best = prediction.intents[0]
        if best.confidence < prediction.threshold:
            return
        reason = f"{best.name} at {best.confidence:.2f} reaches {prediction.threshold:.2f}"
        async with closing(self._replies.reply(turn, best.name, reason)) as parts:
            async for part in parts:
                yield part


class BeginsForms(Protocol):
    """Begins the forms of intents."""

    def begin(self, turn: Turn, intent: str, reason: str) -> AsyncIterator[Part | Turn]:
        """Begin an intent's form; where one is open, it comes after that."""
        ...


class IntentReply:
    """Gives an intent's reply: text, next steps, handoff. Not a stage: several stages use it.

    Args:
        answers: The admins' replies.
        buttons: Keeps what the buttons mean.
        handoffs: Notifies staff before the customer is told that they know.
        wording: Says whether staff were notified.
        suggests: Offer the next steps that an intent suggests.
        forms: Begins the forms of intents that have one; None: a person is called.
        products: Recommends; None: what admins wrote is said in its place.
    """

    def __init__(
        self,
        answers: Answers,
        buttons: Buttons,
        handoffs: Handoffs,
        wording: Wording,
        *,
        suggests: bool = True,
        forms: BeginsForms | None = None,
        products: Recommends | None = None,
    ) -> None:
        self.products = products
        self._forms = forms
        self._answers = answers
        self._buttons = buttons
        self._handoffs = handoffs
        self._wording = wording
        self._suggests = suggests

    async def reply(
        self, turn: Turn, intent: str, reason: str, *, trigger: Trigger = "intent"
    ) -> AsyncIterator[Part | Turn]:
        """Yield the reply of an intent; the turn with the reason when it has none, as a draft."""
        answer = self._answers.answer(
            intent,
            language=turn.language,
            platform=turn.platform,
            seed=turn.message.id,
        )
        if answer is None:
            yield turn.because(reason, self._answers.why_not(intent))
            return
        if answer.description:
            turn = turn.because(f"{intent}: {answer.description}")
        stream = self._instead(turn, intent, answer, reason, trigger)
        if stream is not None:
            async with closing(stream) as parts:
                async for part in parts:
                    yield part
            return
        yield Say(answer.markdown, answer.visibility)
        if answer.suggestions and self._suggests:
            yield Offer(await self._suggest(turn, answer.suggestions))
        yield turn.decide(DecisionKind.INTENT, reason)

    def _instead(
        self, turn: Turn, intent: str, answer: Answer, reason: str, trigger: Trigger
    ) -> AsyncIterator[Part | Turn] | None:
        """Return what comes in place of a text: a form, a person, products; None: nothing does."""
        if answer.form and self._forms is not None:
            return self._forms.begin(turn, intent, reason)
        if answer.handoff or answer.form:
            return self.hand_over(turn, reason, answer, trigger=trigger)
        if answer.recommends is not None and self.products is not None:
            products = self.products.recommend(turn, answer.recommends, reason)
            return _visible(products, answer.visibility)
        if answer.recommends is not None and not answer.markdown:
            return _handed_on(turn.because(reason, "products are recommended by the bot alone"))
        return None

    async def hand_over(
        self,
        turn: Turn,
        reason: str,
        answer: Answer | None = None,
        *,
        trigger: Trigger = "asked",
    ) -> AsyncIterator[Part | Turn]:
        """Notify staff, then tell the customer the outcome: nothing is promised that is not so.

        Args:
            turn: Who asks for a person.
            reason: Why, for the decision.
            answer: What admins wrote for the case that staff know; None: the bot's own words.
            trigger: What led to it.
        """
        request = HandoffRequest(
            customer_question(turn),
            trigger,
            team=answer.team if answer else "",
            language=turn.language,
            sentiment=turn.sentiment,
            reasons=(*turn.reasons, reason),
        )
        status = await self._handoffs.request(turn.message, request)
        if status.state is not None:  # a person has it now, which closes the form
            turn = replace(turn, closing="")
            yield turn
        visibility = answer.visibility if answer is not None else Visibility.PUBLIC
        yield Say(self._said(turn, status, answer), visibility)
        if answer is not None and answer.suggestions and self._suggests:
            yield Offer(await self._suggest(turn, answer.suggestions))
        turn = turn.because("staff were told" if status.told else "staff could not be told")
        yield replace(turn.decide(DecisionKind.HANDOFF, reason), state=status.state)

    def _said(self, turn: Turn, status: HandoffStatus, answer: Answer | None) -> str:
        """Return what the customer reads: an admin's words only where staff were told."""
        if answer is not None and answer.markdown and status.told:
            return "\n\n".join(filter(None, (answer.markdown, status.closed)))
        known = "handed_over" if status.told else "handoff"
        return status.said or self._wording.say(known, turn.language)

    async def _suggest(self, turn: Turn, intents: Sequence[str]) -> tuple[Button, ...]:
        language = turn.language
        return await self._buttons.offer(
            turn.message.id,
            [
                (self._answers.title(name, language=language), Choice("intent", name, "", language))
                for name in intents
            ],
            revision=turn.message.revision,
        )


async def _visible(
    stream: AsyncIterator[Part | Turn], visibility: Visibility
) -> AsyncIterator[Part | Turn]:
    """Yield what is said for those whom the intent's reply is for."""
    async with closing(stream) as parts:
        async for part in parts:
            yield replace(part, visibility=visibility) if isinstance(part, Say) else part


async def _handed_on(turn: Turn) -> AsyncIterator[Part | Turn]:
    yield turn

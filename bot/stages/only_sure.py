"""What nobody asked the bot by name is answered only where it is sure; else it says nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace

from bot.conversations.key import platform_of
from bot.messages import Addressing, Decision, DecisionKind, Done, Event, Message, Part
from bot.ports import Answers, Responding, Unanswered
from bot.streams import closing

_UNSURE = frozenset({DecisionKind.CLARIFY, DecisionKind.UNKNOWN, DecisionKind.HELP})


class OnlySure:
    """A responder that keeps unsure answers to itself, in channels with `support: true`.

    The question is kept for staff, who read it in their channel.

    Args:
        responder: Decides. Its whole reply is waited for where nobody spoke to the bot.
        answers: Tells which intents are small talk: nobody is greeted unasked.
        unanswered: Keeps questions.
    """

    def __init__(self, responder: Responding, answers: Answers, unanswered: Unanswered) -> None:
        self._responder = responder
        self._answers = answers
        self._unanswered = unanswered

    async def respond(self, event: Event) -> AsyncGenerator[Part, None]:
        """Yield the parts of the reply; `Done` alone where the bot is not sure."""
        async with closing(self._responder.respond(event)) as parts:
            if event.message.addressing is not Addressing.AMBIENT:
                async for part in parts:
                    yield part
                return
            reply = [part async for part in parts]
        done = reply[-1]
        if isinstance(done, Done) and (kind := self._silence(event.message, done.decision)):
            reply = [Done(_silenced(done.decision, kind))]
            if kind is DecisionKind.UNANSWERED:
                await self._unanswered.keep(event.message, done.decision.language)
        for part in reply:
            yield part

    def _silence(self, message: Message, decision: Decision) -> DecisionKind | None:
        """Return the kind of silence that takes the place of a reply; None: it is given."""
        if decision.kind in _UNSURE:
            return DecisionKind.UNANSWERED
        if decision.kind is not DecisionKind.INTENT or not decision.intents:
            return None
        answer = self._answers.answer(
            decision.intents[0].name,
            language=decision.language,
            platform=platform_of(message.id),
            seed=message.id,
        )
        return DecisionKind.SILENT if answer is not None and answer.small_talk else None


def _silenced(decision: Decision, kind: DecisionKind) -> Decision:
    reason = f"said nothing: nobody asked the bot, and its answer is of the kind {decision.kind}"
    return replace(decision, kind=kind, reasons=(*decision.reasons, reason), parts=())

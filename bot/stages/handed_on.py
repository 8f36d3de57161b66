"""What the bot says beside people: while nobody has taken a case yet, and after it was closed.

While a person is waited for the bot says only what it is sure of, asks nothing back and hands over
no second time. A closed conversation is the bot's again once the customer asks something; who only
says thanks, or goodbye, opens nothing.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from bot.conversations.key import platform_of
from bot.messages import Decision, DecisionKind, Done, Event, Part, Pressed, Received
from bot.ownership import ConversationState, Owner
from bot.ports import Answers, ConversationStates, Languages, ReadsAddressed
from bot.responder import Responder
from bot.understanding.language.cues import Cue, small_phrases
from bot.understanding.language.words import Known

_UNSURE = frozenset({DecisionKind.CLARIFY, DecisionKind.UNKNOWN, DecisionKind.HANDOFF})

_UNANSWERED = frozenset({DecisionKind.CLARIFY, DecisionKind.UNKNOWN, DecisionKind.HELP})

ASKS, TALK = 0.35, 0.3
"""Below the first, and by more than the second below what speaks for talk, a text asks nothing:
"ok great", "brilliant". Found at the example shop, where questions ask with 0.45 or more."""

_OPENS_NOTHING = frozenset(
    {
        DecisionKind.SILENT,
        DecisionKind.UNANSWERED,
        DecisionKind.STAFF,
        DecisionKind.COMMAND,
        DecisionKind.DECLINED,
        DecisionKind.FEEDBACK,
        DecisionKind.LIMITED,
        DecisionKind.STALE,
    }
)
"""What is decided about events that ask the bot nothing, or that it does not answer."""

_PARTING = frozenset(
    {Cue.THANKS, Cue.ACKNOWLEDGEMENT, Cue.YES, Cue.NO, Cue.NEVER_MIND, Cue.NEITHER}
)
"""What people say when all is said."""


class BesidePeople:
    """A responder that heeds who has the conversation.

    Args:
        responder: Decides. While a person is waited for its whole reply is waited for as well.
        states: Tells who owns a conversation.
        answers: Tells which intents are small talk.
        known: Tells which words are no misspellings.
        reads: Tells what asks something from what does not.
        languages: Tells the language of a text.
    """

    def __init__(
        self,
        responder: Responder,
        states: ConversationStates,
        answers: Answers,
        known: Known,
        reads: ReadsAddressed,
        languages: Languages,
    ) -> None:
        self._reads = reads
        self._languages = languages
        self._responder = responder
        self._states = states
        self._answers = answers
        self._known = known

    async def respond(self, event: Event) -> AsyncGenerator[Part, None]:
        """Yield the parts of the reply; `Done` alone where the bot is to be silent."""
        async with aclosing(await self._reply(event)) as parts:
            async for part in parts:
                yield part

    async def _reply(self, event: Event) -> AsyncGenerator[Part, None]:
        if isinstance(event, Received | Pressed) and not event.message.apart:
            state = await self._states.state(event.message.conversation)
            if state.owner is Owner.WAITING:
                return self._sure(event)
            if state.owner is Owner.CLOSED:
                return self._parting(event) if self._parts(event) else self._again(event, state)
        return self._responder.respond(event)

    async def _sure(self, event: Event) -> AsyncGenerator[Part, None]:
        """Yield a sure reply; of any other one, that nothing was said."""
        reply = await self._whole(event)
        done = reply[-1]
        if isinstance(done, Done) and not _UNSURE.isdisjoint(_kinds(done.decision)):
            reason = f"said nothing: a person was asked for, and this is {done.decision.kind}"
            reply = [Done(_silenced(done.decision, reason))]
        for part in reply:
            yield part

    async def _parting(self, event: Event) -> AsyncGenerator[Part, None]:
        """Yield a courtesy; of any other reply, that nothing was said."""
        reply = await self._whole(event)
        done = reply[-1]
        if isinstance(done, Done) and not self._is_small_talk(event, done.decision):
            reply = [Done(_silenced(done.decision, "said nothing: nothing was asked"))]
        for part in reply:
            yield part

    async def _again(self, event: Event, state: ConversationState) -> AsyncGenerator[Part, None]:
        """Yield the reply; where it answers a question, the conversation is the bot's again."""
        if await self._is_talk(event):
            reply = await self._whole(event)
            done = reply[-1]
            if isinstance(done, Done) and _kinds(done.decision) <= _UNANSWERED:
                yield Done(_silenced(done.decision, "said nothing: nothing was asked"))
                return
        async with aclosing(self._responder.respond(event)) as parts:
            async for part in parts:
                if isinstance(part, Done) and part.state is None and self._asks(event, part):
                    yield replace(part, state=state.moved(Owner.BOT))
                else:
                    yield part

    async def _is_talk(self, event: Event) -> bool:
        """Return whether a message, as a whole, rather says something than asks."""
        if not isinstance(event, Received):
            return False
        text, prior = event.message.text, event.message.author.locale
        language = self._languages.detect(text, prior=prior)
        read = await self._reads.addressed([text], language=language)
        return bool(read) and read[0].asks < ASKS and read[0].talks - read[0].asks > TALK

    async def _whole(self, event: Event) -> list[Part]:
        async with aclosing(self._responder.respond(event)) as parts:
            return [part async for part in parts]

    def _parts(self, event: Event) -> bool:
        """Return whether a message only says thanks, yes, no or goodbye, by its words."""
        if not isinstance(event, Received):
            return False
        said = small_phrases().read(event.message.text, self._known)
        return bool(said.cues) and not said.rest and said.cues <= _PARTING

    def _asks(self, event: Event, done: Done) -> bool:
        """Return whether what was decided is about a question or a wish."""
        decision = done.decision
        return decision.kind not in _OPENS_NOTHING and not self._is_small_talk(event, decision)

    def _is_small_talk(self, event: Event, decision: Decision) -> bool:
        """Return whether the answer is small talk and nothing else, or nothing at all."""
        if decision.kind is DecisionKind.SILENT:
            return True
        return all(
            part.kind is DecisionKind.INTENT
            and bool(part.intents)
            and self._is_courtesy(event, part.intents[0].name, decision.language)
            for part in decision.parts
        )

    def _is_courtesy(self, event: Event, intent: str, language: str) -> bool:
        answer = self._answers.answer(
            intent,
            language=language,
            platform=platform_of(event.message.id),
            seed=event.message.id,
        )
        return answer is not None and answer.small_talk


def _kinds(decision: Decision) -> set[DecisionKind]:
    return {decision.kind, *(part.kind for part in decision.parts)}


def _silenced(decision: Decision, reason: str) -> Decision:
    reasons = (*decision.reasons, reason)
    return replace(decision, kind=DecisionKind.SILENT, reasons=reasons, parts=())

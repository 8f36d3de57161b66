"""The decision: what is done about one event. Read it top to bottom.

A responder is a row of stages. Each stage either takes the event, by ending its parts with
`Done`, or passes it on to the next. A desk that serves customers begins with the stages that keep
it silent: staff commands and a pause (`bot.staff`), what is too old, what comes too fast. Then:

1. `Press`      a button was pressed: do what it means
2. `Understand` which intents could be meant, and how sure is that? Then, in
   `bot.stages.human`: does a part of the message ask for a person?
3. `Sure`       sure of one intent: give the admins' reply
4. `Clarify`    nearly sure: ask, with the two likely intents as buttons
5. the fallback (`bot.stages.quote`): GPT over the articles, a quoted article, and at last
   the honest "I don't know"
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.conversations.key import platform_of
from bot.introduction import Introduction
from bot.messages import (
    Conversation,
    Decision,
    Done,
    Event,
    Kind,
    Message,
    Part,
    Readers,
    ScoredPassage,
)
from bot.ports import (
    Clock,
    Passage,
    Prediction,
    Transcripts,
    Wording,
)
from bot.streams import closing
from bot.text.shorten import shortened


@dataclass(slots=True)
class Turn:
    """One event on its way through the stages, and what they found out about it.

    Attributes:
        text: The question to answer: the message, or what led to the button that was pressed.
        language: BCP 47 tag to answer in.
        prediction: What the classifier said; None until `Understand` asked it, and once the
            customer has said that none of the intents fits.
        passages: What the retriever found, best first; None until it was asked.
        answering: Citation of the passage that GPT answered from, in words that could not be
            shown; empty for none.
        introduces: The reply may begin with the introduction; not so where it is no part of the
            conversation.
        reasons: Why, in words, in the order found.
        milliseconds: How long each stage worked, by its name.
        cost: Spent on the model provider so far, in units of the configured currency.
    """

    event: Event
    conversation: Conversation
    text: str
    language: str
    prediction: Prediction | None = None
    passages: Sequence[Passage] | None = None
    answering: str = ""
    introduces: bool = True
    reasons: list[str] = field(default_factory=list)
    milliseconds: dict[str, float] = field(default_factory=dict)
    cost: float = 0.0

    @property
    def message(self) -> Message:
        """The message of the event."""
        return self.event.message

    @property
    def platform(self) -> str:
        """The platform that the event came from."""
        return platform_of(self.message.id)

    def decide(self, kind: Kind, reason: str) -> Done:
        """End the reply with the decision and all that led to it."""
        self.reasons.append(reason)
        prediction = self.prediction
        passages = self.passages or ()
        return Done(
            Decision(
                id=f"d:{self.message.id}",
                message_id=self.message.id,
                kind=kind,
                intents=prediction.intents if prediction else (),
                threshold=prediction.threshold if prediction else 0.0,
                passages=tuple(
                    ScoredPassage(p.citation, p.score, p.meaning, p.words, p.place)
                    for p in passages
                ),
                language=self.language,
                model_version=prediction.model_version if prediction else "",
                intents_hash=prediction.intents_hash if prediction else "",
                cost=self.cost,
                milliseconds=dict(self.milliseconds),
                reasons=tuple(self.reasons),
            )
        )


class Stage(Protocol):
    """One step of the decision."""

    def take(self, turn: Turn) -> AsyncIterator[Part]:
        """Yield the reply and end with `Done`; without `Done` the next stage goes on."""
        ...


class Responder:
    """Turns an event into a reply, stage by stage; knows no platform and no storage engine."""

    def __init__(
        self,
        stages: Sequence[Stage],
        *,
        transcripts: Transcripts,
        wording: Wording,
        clock: Clock,
        default_language: str,
        longest_message: int = 4_000,
    ) -> None:
        self._stages = stages
        self._transcripts = transcripts
        self._wording = wording
        self._clock = clock
        self._default_language = default_language
        self._longest = longest_message

    async def respond(self, event: Event) -> AsyncGenerator[Part, None]:
        """Yield the parts of the reply; the last one is always `Done`.

        No stage sees more of a text than its first `longest_message` characters.
        """
        whole = event.message.text.strip()
        message = replace(event.message, text=shortened(whole, self._longest))
        event = replace(event, message=message)
        conversation = _readable(
            await self._transcripts.conversation(message.conversation, message.author), message
        )
        turns = tuple(replace(t, text=shortened(t.text, self._longest)) for t in conversation.turns)
        conversation = replace(conversation, turns=turns)
        language = conversation.language or message.author.locale or self._default_language
        turn = Turn(event, conversation, message.text, language)
        introducing = Introduction(
            self._wording,
            needed=not conversation.introduced,
            shortened=len(message.text) < len(whole),
        )
        for stage in self._stages:
            async with aclosing(self._timed(stage, turn)) as parts:
                async for part in parts:
                    if not turn.introduces:
                        yield part
                    else:
                        for each in introducing.around(part, turn.language):
                            yield each
                    if isinstance(part, Done):
                        return
        yield turn.decide(Kind.SILENT, "no stage had anything to say")

    async def _timed(self, stage: Stage, turn: Turn) -> AsyncGenerator[Part, None]:
        """Pass a stage's parts through, counting its own working time only."""
        name = type(stage).__name__.lower()
        async with closing(stage.take(turn)) as parts:
            while True:
                started = self._clock.monotonic()
                part = await anext(parts, None)
                spent = (self._clock.monotonic() - started) * 1000
                turn.milliseconds[name] = turn.milliseconds.get(name, 0.0) + spent
                if part is None:
                    return
                yield part


def _readable(conversation: Conversation, message: Message) -> Conversation:
    """Leave out private turns where others will read the answer: it may be made of them."""
    if message.readers is Readers.AUTHOR:
        return conversation
    turns = tuple(turn for turn in conversation.turns if not turn.private)
    return replace(conversation, turns=turns)

"""How a decision is made: an event passes through stages until one of them handles it.

What is decided stands in `bot/stages/`, one file a stage; their order is the list in
`bot/app/build.py`. A stage handles a turn by ending its parts with `Done`. It passes the turn on by
yielding nothing, or, when it found something out, by yielding the changed turn last.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol

from bot.conversations.key import MessageId
from bot.conversations.transcript import Conversation
from bot.introduction import Introduction
from bot.messages import (
    Button,
    Decision,
    DecisionKind,
    Done,
    Event,
    Message,
    Part,
    Say,
    ScoredPassage,
    Visibility,
)
from bot.open_form import FormChange
from bot.ports import (
    Clock,
    Passage,
    Prediction,
    Transcripts,
    Trigger,
    Wording,
)
from bot.reply_parts import AddedButtons, ClosingText, cut_lines, readable, with_times
from bot.sentiment import Sentiment
from bot.streams import closing
from bot.text.shorten import STORED, shortened
from bot.thumbs import Thumbs

_CAPITAL = re.compile(r"(?<=[a-z])[A-Z]")


@dataclass(frozen=True, slots=True)
class Turn:
    """One event and what the stages found out about it so far; a stage hands a changed copy on.

    Attributes:
        text: The question to answer: the message, or what led to the button that was pressed.
        corrected: The text with its spelling corrected, which may be scored but is never shown;
            empty if nothing was corrected.
        language: BCP 47 tag to answer in.
        question: The message together with what it leans on; empty when it is complete by itself.
        prediction: What the classifier returned; None before `Classify`, and once the customer
            has said that none of the intents fits.
        denied: Names of intents that the customer does not want.
        passages: What the retriever found, best first; None until it was asked.
        answered_from: Citation of the passage that GPT answered from in words that could not be
            shown; empty for none.
        skips_intents: What the likeliest intents would say is no answer.
        quotes: Citation of a passage that answers better than they do; empty for none.
        introduces: The reply may begin with the introduction; not so where it is no part of the
            conversation.
        notice: What the customer is told before the reply, once; empty for nothing.
        reasons: Why, in words, in the order found.
        sentiment: How the customer feels; None until, or unless, it is read.
        triggers: What calls a person beside the reply.
        offers: Buttons that stand under the reply beside its own.
        closing: What the reply ends with, in the same post: the open question of a form; empty:
            nothing. A handoff has no use for it.
        form: What becomes of the customer's form with the reply; None: it stays as it is.
        cost: Spent on the model provider so far, in units of the configured currency.
    """

    event: Event
    conversation: Conversation
    text: str
    language: str
    question: str = ""
    prediction: Prediction | None = None
    denied: frozenset[str] = frozenset()
    passages: tuple[Passage, ...] | None = None
    answered_from: str = ""
    skips_intents: bool = False
    quotes: str = ""
    introduces: bool = True
    notice: str = ""
    reasons: tuple[str, ...] = ()
    cost: float = 0.0
    corrected: str = ""
    sentiment: Sentiment | None = None
    triggers: tuple[Trigger, ...] = ()
    offers: tuple[Button, ...] = ()
    closing: str = ""
    form: FormChange | None = None

    @property
    def scored(self) -> str:
        """The text to score: with its spelling corrected, where there was anything to correct."""
        return self.corrected or self.text

    @property
    def message(self) -> Message:
        """The message of the event."""
        return self.event.message

    @property
    def platform(self) -> str:
        """The platform that the event came from."""
        return MessageId.parse(self.message.id).platform

    def because(self, *reasons: str) -> Turn:
        """Return the turn with further reasons."""
        return replace(self, reasons=(*self.reasons, *reasons))

    def calling(self, trigger: Trigger) -> Turn:
        """Return the turn with something that calls a person beside the reply."""
        return replace(self, triggers=(*self.triggers, trigger))

    def action_failed(self, reason: str) -> Turn:
        """Return the turn of a customer for whom an action failed; the reason is for staff."""
        return self.because(reason).calling("action_error")

    def decide(self, kind: DecisionKind, reason: str) -> Done:
        """Return the end of the reply: the decision with all that led to it."""
        prediction = self.prediction
        return Done(
            Decision(
                id=f"d:{self.message.id}",
                message_id=self.message.id,
                kind=kind,
                intents=prediction.intents if prediction else (),
                threshold=prediction.threshold if prediction else 0.0,
                passages=tuple(
                    ScoredPassage(p.citation, p.score, p.meaning, p.words, p.place)
                    for p in self.passages or ()
                ),
                language=self.language,
                model_version=prediction.model_version if prediction else "",
                intents_hash=prediction.intents_hash if prediction else "",
                cost=self.cost,
                reasons=(*self.reasons, reason),
                sentiment=self.sentiment,
            ),
            form=self.form,
        )


class Stage(Protocol):
    """One step of the decision."""

    def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Yield the reply and end with `Done`; without `Done` the next stage goes on.

        A `Turn` among the parts takes the place of the present one, for the rest of this stage's
        reply and for the stages after it.
        """
        ...


class CallsPerson(Protocol):
    """Calls a person beside a reply."""

    async def at_end(self, turn: Turn, done: Done, visibility: Visibility) -> Sequence[Part]:
        """Return the end of a reply, with what the customer is told of a person before it.

        Args:
            turn: As the last stage left it.
            done: The end of the reply.
            visibility: Of what the reply said last.
        """
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
        thumbs: Thumbs | None = None,
        calls: CallsPerson | None = None,
    ) -> None:
        """Prepare.

        Args:
            stages: Asked in this order; the first that decides wins.
            transcripts: What was said before.
            wording: The bot's own texts.
            clock: For the working time of each stage.
            default_language: BCP 47 tag.
            longest_message: Characters of a message that are read.
            thumbs: Puts thumbs under answers; None: nobody is asked for feedback.
            calls: Calls a person beside an answer; None: nothing does.
        """
        self._calls = calls
        self._thumbs = thumbs
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
        # what staff write goes on to customers as it is
        longest = STORED if event.message.author.staff else self._longest
        message = replace(event.message, text=shortened(whole, longest))
        event = replace(event, message=message)
        stored = await self._transcripts.conversation(
            message.conversation, message.author, without=message.id
        )
        conversation = readable(stored, message)
        conversation = cut_lines(conversation, self._longest)
        language = conversation.language or message.author.locale or self._default_language
        turn = Turn(event, conversation, message.text, language)
        introducing = Introduction(
            self._wording,
            needed=not conversation.introduced,
            shortened=len(message.text) < len(whole),
        )
        adding, ending, milliseconds = AddedButtons(), ClosingText(), dict[str, float]()
        said: Visibility | None = None
        for stage in self._stages:
            async with aclosing(self._timed(stage, turn, milliseconds)) as parts:
                async for part in parts:
                    if isinstance(part, Turn):
                        turn = part
                        continue
                    said = part.visibility if isinstance(part, Say) else said
                    around = [
                        each
                        for one in await self._with_call(part, turn, said)
                        for each in introducing.around(
                            one, turn.language, said=turn.introduces, notice=turn.notice
                        )
                    ]
                    ended = [each for one in around for each in ending.around(one, turn.closing)]
                    for each in ended:
                        for beside in adding.around(each, turn.offers):
                            if self._thumbs is not None:
                                for thumbs in self._thumbs.before(beside, message.id):
                                    yield thumbs
                            yield with_times(beside, milliseconds)
                    if isinstance(part, Done):
                        return
        yield with_times(
            turn.decide(DecisionKind.SILENT, "no stage handled the message"), milliseconds
        )

    async def _with_call(self, part: Part, turn: Turn, said: Visibility | None) -> Sequence[Part]:
        """Return a part; the end of a reply that said something with what calls a person."""
        if self._calls is None or said is None or not isinstance(part, Done):
            return (part,)
        return await self._calls.at_end(turn, part, said)

    async def _timed(
        self, stage: Stage, turn: Turn, milliseconds: dict[str, float]
    ) -> AsyncGenerator[Part | Turn, None]:
        """Yield what a stage yields, and add up its own working time."""
        name = _CAPITAL.sub(r"_\g<0>", type(stage).__name__).lower()
        async with closing(stage.handle(turn)) as parts:
            while True:
                started = self._clock.monotonic()
                part = await anext(parts, None)
                spent = (self._clock.monotonic() - started) * 1000
                milliseconds[name] = milliseconds.get(name, 0.0) + spent
                if part is None:
                    return
                yield part

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

from bot.introduction import Introduction
from bot.messages import (
    Button,
    Choice,
    Conversation,
    Decision,
    Done,
    Event,
    Kind,
    Message,
    Offer,
    Part,
    Pressed,
    Readers,
    Say,
    ScoredPassage,
    Visibility,
)
from bot.ports import (
    Answer,
    Answers,
    Choices,
    Classifier,
    Clock,
    Handoffs,
    Languages,
    Passage,
    Prediction,
    Transcripts,
    Wording,
)
from bot.streams import closing
from bot.text.shorten import shortened


@dataclass(slots=True)
class Inquiry:
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
        return self.message.id.partition(":")[0]

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

    def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
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
        inquiry = Inquiry(event, conversation, message.text, language)
        introducing = Introduction(
            self._wording,
            needed=not conversation.introduced,
            shortened=len(message.text) < len(whole),
        )
        for stage in self._stages:
            async with aclosing(self._timed(stage, inquiry)) as parts:
                async for part in parts:
                    if not inquiry.introduces:
                        yield part
                    else:
                        for each in introducing.around(part, inquiry.language):
                            yield each
                    if isinstance(part, Done):
                        return
        yield inquiry.decide(Kind.SILENT, "no stage had anything to say")

    async def _timed(self, stage: Stage, inquiry: Inquiry) -> AsyncGenerator[Part, None]:
        """Pass a stage's parts through, counting its own working time only."""
        name = type(stage).__name__.lower()
        async with closing(stage.take(inquiry)) as parts:
            while True:
                started = self._clock.monotonic()
                part = await anext(parts, None)
                spent = (self._clock.monotonic() - started) * 1000
                inquiry.milliseconds[name] = inquiry.milliseconds.get(name, 0.0) + spent
                if part is None:
                    return
                yield part


def _readable(conversation: Conversation, message: Message) -> Conversation:
    """Leave out private turns where others will read the answer: it may be made of them."""
    if message.readers is Readers.AUTHOR:
        return conversation
    turns = tuple(turn for turn in conversation.turns if not turn.private)
    return replace(conversation, turns=turns)


class Press:
    """A button was pressed: do what it means, once, for the person whom it was offered to."""

    def __init__(self, choices: Choices, replies: Replying, wording: Wording) -> None:
        self._choices = choices
        self._replies = replies
        self._wording = wording

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Answer with the chosen intent; `neither` passes the question on to the fallback."""
        if not isinstance(inquiry.event, Pressed):
            return
        choice = await self._choices.choice(inquiry.event.button)
        pressing = await self._choices.pressing(inquiry.event.button, inquiry.message)
        if choice is None or pressing == "unknown":
            inquiry.introduces = False
            yield Say(self._wording.say("expired", inquiry.language), Visibility.PRIVATE)
            yield inquiry.decide(Kind.UNKNOWN, "the button that was pressed is no longer known")
            return
        if pressing == "again":
            yield inquiry.decide(Kind.DECLINED, "the button was pressed before")
            return
        if pressing == "stranger":
            inquiry.introduces = False
            yield Say(self._wording.say("not_yours", inquiry.language), Visibility.PRIVATE)
            yield inquiry.decide(Kind.DECLINED, "somebody pressed another person's button")
            return
        inquiry.text, inquiry.language = choice.question, choice.language or inquiry.language
        match choice.kind:
            case "intent":
                stream = self._replies.reply(
                    inquiry, choice.value, f"the customer chose {choice.value}"
                )
                async with closing(stream) as parts:
                    async for part in parts:
                        yield part
            case "handoff":
                stream = self._replies.hand_over(inquiry, "the customer asked for a human")
                async with closing(stream) as parts:
                    async for part in parts:
                        yield part
            case "neither":
                inquiry.reasons.append("the customer said that none of the offered intents fits")


class Understand:
    """Which language, and which intents could be meant? Takes only what has no words."""

    def __init__(self, classifier: Classifier, languages: Languages, wording: Wording) -> None:
        self._classifier = classifier
        self._languages = languages
        self._wording = wording

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Ask the classifier, unless the customer has already turned its intents down."""
        if isinstance(inquiry.event, Pressed):
            return
        inquiry.language = self._languages.detect(inquiry.text, prior=inquiry.language)
        inquiry.prediction = await self._classifier.classify(
            inquiry.text, language=inquiry.language
        )
        if not inquiry.prediction.intents:
            yield Say(self._wording.say("wordless", inquiry.language))
            yield inquiry.decide(Kind.UNKNOWN, "there are no words in the message")


class Sure:
    """Sure of one intent: give the admins' reply."""

    def __init__(self, replies: Replying) -> None:
        self._replies = replies

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Answer when the first intent reaches the threshold and is no draft."""
        prediction = inquiry.prediction
        if prediction is None or not prediction.intents:
            return
        best = prediction.intents[0]
        if best.confidence < prediction.threshold:
            return
        reason = f"{best.name} at {best.confidence:.2f} reaches {prediction.threshold:.2f}"
        async with closing(self._replies.reply(inquiry, best.name, reason)) as parts:
            async for part in parts:
                yield part


class Clarify:
    """Nearly sure: ask, with the two likely intents as buttons."""

    def __init__(self, answers: Answers, choices: Choices, wording: Wording) -> None:
        self._answers = answers
        self._choices = choices
        self._wording = wording

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Ask "did you mean" when the first intent is worth asking about."""
        prediction = inquiry.prediction
        if prediction is None or not prediction.intents:
            return
        best = prediction.intents[0]
        if not prediction.ask_threshold <= best.confidence < prediction.threshold:
            return
        likely = [
            intent.name
            for intent in prediction.intents[:3]
            if self._answer(inquiry, intent.name) is not None
        ][:2]
        if not likely or likely[0] != best.name:
            return
        language = inquiry.language
        options = [
            (
                self._answers.title(name, language=language),
                Choice("intent", name, inquiry.text, language),
            )
            for name in likely
        ]
        neither = self._wording.say("neither", language)
        options.append((neither, Choice("neither", "", inquiry.text, language)))
        yield Say(self._wording.say("clarify", language))
        yield Offer(await self._choices.offer(inquiry.message.id, options))
        yield inquiry.decide(
            Kind.CLARIFY,
            f"{best.name} at {best.confidence:.2f} is below {prediction.threshold:.2f}, "
            f"but worth asking from {prediction.ask_threshold:.2f}",
        )

    def _answer(self, inquiry: Inquiry, intent: str) -> Answer | None:
        return self._answers.answer(
            intent,
            language=inquiry.language,
            platform=inquiry.platform,
            seed=inquiry.message.id,
        )


class Replying:
    """Gives an intent's reply: text, next steps, handoff. Shared by `Press` and `Sure`.

    Args:
        answers: The admins' replies.
        choices: Keeps what the buttons mean.
        handoffs: Tells staff before the customer is told that they know.
        wording: Says what came of that.
    """

    def __init__(
        self, answers: Answers, choices: Choices, handoffs: Handoffs, wording: Wording
    ) -> None:
        self._answers = answers
        self._choices = choices
        self._handoffs = handoffs
        self._wording = wording

    async def reply(self, inquiry: Inquiry, intent: str, reason: str) -> AsyncIterator[Part]:
        """Yield the reply of an intent; nothing when it has none, as a draft."""
        answer = self._answers.answer(
            intent,
            language=inquiry.language,
            platform=inquiry.platform,
            seed=inquiry.message.id,
        )
        if answer is None:
            inquiry.reasons += (reason, self._answers.why_not(intent))
            return
        if answer.handoff:
            if answer.description:
                inquiry.reasons.append(f"{intent}: {answer.description}")
            async with closing(self.hand_over(inquiry, reason, answer)) as parts:
                async for part in parts:
                    yield part
            return
        yield Say(answer.markdown, answer.visibility)
        if answer.suggestions:
            yield Offer(await self._suggest(inquiry, answer.suggestions))
        if answer.description:
            inquiry.reasons.append(f"{intent}: {answer.description}")
        yield inquiry.decide(Kind.INTENT, reason)

    async def hand_over(
        self, inquiry: Inquiry, reason: str, answer: Answer | None = None
    ) -> AsyncIterator[Part]:
        """Tell staff, then the customer what came of it: nothing is promised that is not so.

        Args:
            inquiry: Who asks for a person.
            reason: Why, for the decision.
            answer: What admins wrote for the case that staff know; None: the bot's own words.
        """
        said = [turn.text for turn in inquiry.conversation.turns if turn.role == "customer"]
        told = await self._handoffs.request(inquiry.message, inquiry.text or "".join(said[-1:]))
        own = self._wording.say("handed_over" if told else "handoff", inquiry.language)
        written = answer.markdown if answer is not None and told else ""
        yield Say(written or own, answer.visibility if answer is not None else Visibility.PUBLIC)
        if answer is not None and answer.suggestions:
            yield Offer(await self._suggest(inquiry, answer.suggestions))
        inquiry.reasons.append("staff were told" if told else "staff could not be told")
        yield inquiry.decide(Kind.HANDOFF, reason)

    async def _suggest(self, inquiry: Inquiry, intents: Sequence[str]) -> tuple[Button, ...]:
        language = inquiry.language
        return await self._choices.offer(
            inquiry.message.id,
            [
                (self._answers.title(name, language=language), Choice("intent", name, "", language))
                for name in intents
            ],
        )

"""Takes a typed answer to the bot's own question as the press of the button that it means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.messages import (
    DecisionKind,
    DecisionPart,
    Offer,
    Part,
    Pressed,
    Received,
    Say,
    ScoredIntent,
)
from bot.ports import Answer, Answers, Buttons, Classifier, LastAnswers, Wording
from bot.responder import Turn
from bot.stages.button_words import ButtonWords, is_short
from bot.stages.offer_reading import Meaning, Offered, OfferReading, read_cues
from bot.stages.spoken import SpokenLanguage
from bot.streams import closing
from bot.understanding.language.cues import Cue, CueReading, read_answer
from bot.understanding.language.words import Known, words

MOST_AT_ONCE = 3
"""Maximum number of choices that are answered in one reply."""


_ASIDE = frozenset({Cue.ACKNOWLEDGEMENT, Cue.NEVER_MIND, Cue.THANKS})
"""Cues that are no part of the question after them."""

_AFTERTHOUGHT = 2
"""Words that may follow "yes" or "none of these" without asking anything; a character of Chinese
is a word."""


class OfferReply:
    """Reads what a customer types under buttons; stands before `ButtonPress`.

    What names a button becomes its press. Only the buttons under the person's last answer in the
    conversation count, while they work.

    Args:
        last: What the customer was answered last.
        buttons: Keeps what the buttons mean.
        words: Recognises a button by its words.
        answers: The replies of intents, for a customer who wants all that was offered.
        classifier: Tells whether what is asked instead is what was just declined.
        wording: Asks which one is meant, or for other words.
        spoken: Tells the language of short texts.
        known: Tells which words are no misspellings.
    """

    def __init__(
        self,
        last: LastAnswers,
        buttons: Buttons,
        words: ButtonWords,
        answers: Answers,
        classifier: Classifier,
        wording: Wording,
        spoken: SpokenLanguage,
        known: Known,
    ) -> None:
        self._last = last
        self._buttons = buttons
        self._words = words
        self._answers = answers
        self._classifier = classifier
        self._wording = wording
        self._spoken = spoken
        self._known = known

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Make a press of what names a button; ask which, or for other words; else pass on."""
        if not isinstance(turn.event, Received):
            return
        said = read_answer(turn.text, self._known)
        if not (said.cues or is_short(turn.text)):
            return
        message = turn.message
        last = await self._last.last_answer(
            message.conversation, message.author.key, without=message.id
        )
        if last is None or not last.offered:
            return
        offered = Offered.under(last)
        if not offered.buttons:
            return
        reading = await self._read(turn, said, offered)
        async with closing(self._answer(turn, said, offered, reading)) as parts:
            async for part in parts:
                yield part

    async def _read(self, turn: Turn, said: CueReading, offered: Offered) -> OfferReading:
        """Read cue words, else the words of buttons; what follows a mark is read by itself."""
        if (typed := self._words.label(turn.text, offered)) is not None:
            return typed
        if said.cues and not said.rest:
            return read_cues(said.cues, offered)
        text = said.rest if said.apart else turn.text
        prior = offered.language or turn.language
        named = await self._words.read(text, offered, prior=prior)
        if named.meaning is not Meaning.NEW:
            return named
        if said.apart and said.cues & {Cue.NO, Cue.NEITHER}:
            return OfferReading(Meaning.NONE, rest=text)
        if len(words(said.rest)) <= _AFTERTHOUGHT and said.cues & {Cue.NEITHER, Cue.YES}:
            return read_cues(said.cues & {Cue.NEITHER, Cue.YES}, offered)
        asks_apart = said.apart and said.cues <= _ASIDE
        return OfferReading(Meaning.NEW, rest=text if asks_apart else "")

    def _answer(
        self, turn: Turn, said: CueReading, offered: Offered, reading: OfferReading
    ) -> AsyncIterator[Part | Turn]:
        match reading.meaning:
            case Meaning.CHOSEN:
                return self._press(turn, reading)
            case Meaning.ALL:
                return self._all(turn, offered)
            case Meaning.UNCLEAR:
                return self._which(turn, offered, "the customer agreed, without saying with which")
            case Meaning.NONE:
                return self._none(turn, said, offered, reading.rest)
            case Meaning.NEW:
                return _go_on(turn, reading.rest)

    async def _press(self, turn: Turn, reading: OfferReading) -> AsyncIterator[Part | Turn]:
        """Hand on the press of a button in place of the text."""
        chosen = reading.button
        assert chosen is not None  # noqa: S101 - what is chosen is a button
        if chosen.choice.value:
            prediction = await self._classifier.classify(turn.text, language=turn.language)
            certain = (ScoredIntent(chosen.choice.value, 1.0),)
            turn = replace(turn, prediction=replace(prediction, intents=certain))
        turn = turn.because(f'typed, for "{chosen.button.label}": {reading.reason}')
        yield replace(turn, event=Pressed(turn.message, chosen.button.id))

    async def _all(self, turn: Turn, offered: Offered) -> AsyncIterator[Part | Turn]:
        """Answer each choice in one reply; ask which when one has no plain answer."""
        language = offered.language or turn.language
        turn = replace(turn, language=language)
        found = [
            (each, self._plain(turn, each.choice.value)) for each in offered.options[:MOST_AT_ONCE]
        ]
        plain = [(each, answer) for each, answer in found if answer is not None]
        if len(plain) < len(offered.options):
            async with closing(self._which(turn, offered, "not all can be answered at once")) as it:
                async for part in it:
                    yield part
            return
        for position, (each, answer) in enumerate(plain):
            await self._buttons.pressing(each.button.id, turn.message)
            apart = "\n\n" if position else ""
            yield Say(apart + answer.markdown, answer.visibility)
        reason = "the customer wants all that was offered"
        done = turn.decide(DecisionKind.INTENT, reason)
        parts = tuple(
            DecisionPart(
                DecisionKind.INTENT,
                (ScoredIntent(each.choice.value, 1.0),),
                (*turn.reasons, reason),
            )
            for each, _ in plain
        )
        yield replace(done, decision=replace(done.decision, intents=parts[0].intents, parts=parts))

    def _plain(self, turn: Turn, intent: str) -> Answer | None:
        """Return the reply of an intent that hands over to nobody."""
        answer = self._answers.answer(
            intent, language=turn.language, platform=turn.platform, seed=turn.message.id
        )
        return None if answer is None or answer.handoff else answer

    async def _which(self, turn: Turn, offered: Offered, reason: str) -> AsyncIterator[Part | Turn]:
        """Show the same buttons again."""
        turn = replace(turn, language=offered.language or turn.language)
        yield Say(self._wording.say("which", turn.language))
        again = [(each.button.label, each.choice) for each in offered.buttons]
        message = turn.message
        buttons = await self._buttons.offer(message.id, again, revision=message.revision)
        yield Offer(buttons)
        yield turn.decide(DecisionKind.CLARIFY, reason)

    async def _none(
        self, turn: Turn, said: CueReading, offered: Offered, rest: str
    ) -> AsyncIterator[Part | Turn]:
        """Ask for other words; go on with what is asked instead."""
        if offered.neither is not None:
            await self._buttons.pressing(offered.neither.button.id, turn.message)
        reason = "the customer said that nothing offered fits"
        language = self._spoken.of(said, turn, prior=offered.language)
        if rest and not await self._is_declined(rest, offered, language):
            yield replace(turn.because(reason), text=rest)
            return
        turn = replace(turn, language=language)
        refuses = Cue.NO in said.cues and Cue.NEITHER not in said.cues and not offered.asked
        stops = refuses or Cue.NEVER_MIND in said.cues
        yield Say(self._wording.say("go_on" if stops else "other_words", language))
        yield turn.decide(DecisionKind.UNKNOWN, reason)

    async def _is_declined(self, rest: str, offered: Offered, language: str) -> bool:
        """Return whether the bot would ask again about what was declined."""
        prediction = await self._classifier.classify(rest, language=language)
        best = prediction.intents[:1]
        return bool(best) and (
            best[0].name in offered.intents
            and prediction.ask_threshold <= best[0].confidence < prediction.threshold
        )


async def _go_on(turn: Turn, rest: str) -> AsyncIterator[Part | Turn]:
    """Pass the turn on as a question of its own, without what stands before it."""
    if rest:
        yield replace(turn, text=rest)

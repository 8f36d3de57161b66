"""The stage for several requests in one message: each is answered, in order, in one reply.

"where is my order and how do I return one of the items" is surely neither of the two as a whole.
So its segments are classified, in one batch. Only when two of them are surely different requests
is the message split; one long request with an "and" in it stays one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.knowledge.search import ArticleSearch
from bot.messages import DecisionKind, Part, Say
from bot.ports import Classifier, ClauseReading, Prediction, ReadsClauses, ReadsWishes, Wording
from bot.responder import Stage, Turn
from bot.stages.human import CERTAIN
from bot.stages.joined_reply import PartReply, handed_on, joined, part_reply
from bot.stages.negation import NEGATED
from bot.streams import closing
from bot.text.catalogues import closest
from bot.understanding.language.segments import Segment, segments

MOST = 3
"""Most parts of a reply."""

ASKS = 0.6
"""How likely a segment must ask for something to be a request of its own, ..."""

MARK = 0.3
"""... what a question mark adds to that, and ..."""

QUOTED = 0.42
"""... the score from which an article answers a segment without a sure intent, and ..."""

LESS = 0.14
"""... how much less is enough before a question mark, where the article answers better than the
intents. All were found on benchmarks/field/build/."""


@dataclass(frozen=True, slots=True)
class PartStages:
    """What answers a part of a message.

    Attributes:
        intents: Answers a sure intent.
        persons: Hand over where a person is asked for.
        quotes: Quotes an article.
        asks: Asks which intent is meant.
        prefers: Marks the turn where an article answers better than its intents.
    """

    intents: Stage
    persons: Sequence[Stage]
    quotes: Stage
    asks: Stage
    prefers: Stage | None = None


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads the segments.

    Attributes:
        clauses: Whether they ask for something.
        wishes: Whether they ask for a person.
        classifier: Which intents they may mean.
        articles: Finds passages for them.
    """

    clauses: ReadsClauses
    wishes: ReadsWishes
    classifier: Classifier
    articles: ArticleSearch


@dataclass(frozen=True, slots=True)
class _Request:
    """A segment that asks for something, as a turn of its own.

    Attributes:
        target: Names what surely answers it; empty: nothing does.
        quoted: That is an article.
        person: That is a person.
        marked: It ends in a question mark.
    """

    turn: Turn
    target: str = ""
    quoted: bool = False
    person: bool = False
    marked: bool = False


class AnswerSeveral:
    """Answers each of several requests, and asks about what is not sure.

    Args:
        readers: Read the segments.
        stages: Answer them.
        wording: Says that a part is not understood.
        joints: Words that join two requests, by language.
    """

    def __init__(
        self,
        readers: Readers,
        stages: PartStages,
        wording: Wording,
        joints: Mapping[str, Collection[str]],
    ) -> None:
        self._readers = readers
        self._stages = stages
        self._wording = wording
        self._joints = joints

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Answer the parts of a message that surely has several requests."""
        if turn.prediction is None or not turn.prediction.intents:
            return
        language = closest(turn.language, self._joints)
        parts = segments(turn.scored, self._joints[language] if language else ())
        if len(parts) == 1:
            return
        requests = await self._requests(turn, parts)
        sure = _first_of_each([each for each in requests if each.target])[:MOST]
        if len(sure) == 1 and (clear := _by_its_part(turn, sure[0])) is not None:
            yield clear
        if len(sure) < 2:
            return
        unsure = _worth_asking([each for each in requests if not each.target], sure)
        replies = await self._replies(turn, sure)
        if len(replies) < len(sure):  # a draft among them: nothing was said yet
            return
        replies += [await self._question(each) for each in unsure[: MOST - len(sure)]]
        turn = turn.because(f"{len(replies)} requests in one message")
        yield turn
        async with closing(joined(turn, replies)) as found:
            async for part in found:
                yield part

    async def _requests(self, turn: Turn, parts: Sequence[Segment]) -> Sequence[_Request]:
        """Return the segments that ask for something, with what surely answers each."""
        texts, language = [each.text for each in parts], turn.language
        readings = await self._readers.clauses.read_clauses(texts, language=language)
        if not readings:
            return ()
        asking = [
            number
            for number, (part, reading) in enumerate(zip(parts, readings, strict=True))
            if _asks(part, reading)
        ]
        wishes = await self._readers.wishes.wishes(texts, language=language)
        wanting = {n for n, wish in enumerate(wishes) if wish.wanted >= CERTAIN}
        numbers = sorted({*asking, *wanting})
        if not numbers:
            return ()
        # Called together: they are one batch.
        predictions = await asyncio.gather(
            *(self._readers.classifier.classify(texts[n], language=language) for n in numbers)
        )
        found = []
        for number, prediction in zip(numbers, predictions, strict=True):
            if prediction.intents and prediction.intents[0].name in turn.denied:
                continue
            alone = replace(
                turn, text=texts[number], corrected="", prediction=prediction, reasons=()
            )
            found.append(
                await self._request(alone, person=number in wanting, marked=parts[number].asks)
            )
        return found

    async def _request(self, turn: Turn, *, person: bool, marked: bool) -> _Request:
        """Return a segment with what surely answers it."""
        if person:
            return _Request(turn, "a person", person=True)
        turn = await handed_on(self._stages.prefers, turn)
        prediction, articles = turn.prediction, self._readers.articles
        best = prediction.intents[0] if prediction and prediction.intents else None
        if best and prediction and not turn.skips_intents:
            if best.confidence >= prediction.threshold:
                return _Request(turn, best.name)
            if best.confidence >= prediction.ask_threshold:
                return _Request(turn, marked=marked)
        turn = await articles.find(turn)
        passage = articles.quotable(turn)
        least = QUOTED - LESS if marked and turn.quotes else QUOTED
        if passage is None or passage.score < least:
            return _Request(turn, marked=marked)
        return _Request(turn, passage.source.title, quoted=True)

    async def _replies(self, turn: Turn, requests: Sequence[_Request]) -> list[PartReply]:
        """Return the replies; one that asks something comes last, with a form's open question.

        A second form waits for the first one to end.
        """
        replies, form = list[PartReply](), turn.form
        for each in requests:
            reply = await self._reply(turn, replace(each, turn=replace(each.turn, form=form)))
            if reply is not None and reply.done is not None:
                form = reply.done.form or form
                replies.append(reply)
        opened = [each for each in replies if _opens(each)]
        for last in opened:
            if last.done is not None:
                last.done = replace(last.done, form=form)
        return [each for each in replies if each not in opened] + opened

    async def _reply(self, turn: Turn, request: _Request) -> PartReply | None:
        """Return the reply to a request; staff read the whole message."""
        if request.quoted:
            return await part_reply([self._stages.quotes], request.turn)
        stages = self._stages.persons if request.person else [self._stages.intents]
        return await part_reply(stages, replace(request.turn, text=turn.text))

    async def _question(self, request: _Request) -> PartReply:
        """Return a question about a part that is not sure."""
        found = await part_reply([self._stages.asks], request.turn)
        if found is not None:
            return found
        text = Say(self._wording.say("rest_unclear", request.turn.language))
        done = request.turn.decide(DecisionKind.CLARIFY, "this part is not understood")
        return PartReply([text], done=done)


def _by_its_part(turn: Turn, request: _Request) -> Turn | None:
    """Return an unsure message as understood by the one part that surely is its likeliest intent.

    Long messages are unsure by all that they tell beside what is wanted. None: it is sure, or its
    part means something else.
    """
    whole, part = turn.prediction, request.turn.prediction
    if whole is None or part is None or request.quoted or request.person:
        return None
    best = whole.intents[0]
    if best.confidence >= whole.threshold or best.name != request.target:
        return None
    reason = f"one part is surely {request.target}, which the whole most likely is"
    return replace(turn, prediction=part).because(reason)


def _opens(reply: PartReply) -> bool:
    """Return whether a reply asks for the first detail of a form."""
    change = reply.done.form if reply.done is not None else None
    return change is not None and change.after is not None and not change.after.queued


def _asks(part: Segment, reading: ClauseReading) -> bool:
    """Return whether a segment asks for something, and not only says what is not wanted."""
    if reading.negated >= NEGATED:
        return False
    return reading.request + reading.contrast + MARK * part.asks >= ASKS


def _first_of_each(requests: Sequence[_Request]) -> list[_Request]:
    """Return the first request for each target."""
    return list({each.target: each for each in reversed(requests)}.values())[::-1]


def _worth_asking(requests: Sequence[_Request], sure: Sequence[_Request]) -> list[_Request]:
    """Return the requests that the sure ones do not answer.

    Those without a likely intent only where the customer marked them as questions: others are
    mostly a part of what is answered.
    """
    answered = {each.target for each in sure}
    likely = [(each, _likely(each.turn.prediction)) for each in requests]
    return [each for each, best in likely if (best or each.marked) and best not in answered]


def _likely(prediction: Prediction | None) -> str:
    """Return the likeliest intent, if it is worth asking about."""
    if prediction is None or not prediction.intents:
        return ""
    best = prediction.intents[0]
    return best.name if best.confidence >= prediction.ask_threshold else ""

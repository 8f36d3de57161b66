"""The stage for negated requests: what the customer does not want is never answered.

"I don't want to cancel my order, just change the address" is near to cancelling for a classifier
of whole texts. So a trained head reads the segments of a message: those that negate a request are
left out of what is classified, and the intents that they name are not answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from bot.messages import DecisionKind, Part, Say, ScoredIntent
from bot.ports import Classifier, ClauseReading, Prediction, ReadsClauses, Wording
from bot.responder import Turn
from bot.understanding.language.segments import Segment, halves, segments, without

NEGATED = 0.6
"""How likely a segment must negate a request to be left out, and ..."""

WHOLE = 0.1
"""... how likely the whole message must do so, in whole or in part. All three were found on
benchmarks/field/build/."""

UNSURE = 0.1
"""Share of the threshold from which it is asked what is meant: a customer who says what they do
not want has surely named something else, so it is asked about rather than not known."""

ALONE = 0.6
"""How likely a message of one segment must do so."""

CONTRAST = 0.45
"""How much less likely the likeliest segment may do so, times how likely the whole message negates
one thing and asks for another: then one of its segments does."""

ASKS = 0.3
"""How likely another segment must ask for something, for what is left to be answered."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A message with its segments and what they do.

    Attributes:
        negated: Segments that negate a request.
        asks: Some other segment asks for something.
        condition: They come after it, or are negated by the whole alone: they may be a condition.
    """

    negated: Sequence[Segment] = ()
    asks: bool = False
    condition: bool = False


class LeaveOutNegated:
    """Classifies a message without what it negates; asks what is wanted when nothing is left.

    Args:
        clauses: Reads what the segments do, in one batch.
        classifier: Ranks the intents of what is left, and of what is negated.
        wording: Asks what the customer wants instead.
    """

    def __init__(self, clauses: ReadsClauses, classifier: Classifier, wording: Wording) -> None:
        self._clauses = clauses
        self._classifier = classifier
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Hand on the turn with what is wanted; nothing when nothing is negated."""
        if turn.prediction is None or not turn.prediction.intents:
            return
        read = await self._read(turn)
        if not read.negated:
            return
        rest = without(turn.scored, read.negated)
        characters = sum(len(each.text) for each in read.negated)
        turn = turn.because(f"a part of the message, {characters} characters long, is not wanted")
        turn, wanted = await self._wanted(turn, rest, read) if rest else (turn, None)
        if wanted is None:
            yield Say(self._wording.say("what_instead", turn.language))
            yield replace(turn, prediction=None).decide(
                DecisionKind.CLARIFY, "what is wanted instead is not named: asked openly"
            )
            return
        yield replace(turn, text=rest, corrected="", prediction=wanted)

    async def _wanted(self, turn: Turn, rest: str, read: _Read) -> tuple[Turn, Prediction | None]:
        """Return the turn with the intents that are negated, and those of what is left.

        None for the second where nothing is left that asks for something. What is negated after
        a request that surely is of the same intent is a condition and denies nothing: "cancel it,
        but only with a refund, otherwise do not cancel".
        """
        texts = [rest, *(each.text for each in read.negated)]
        # Called together: they are one batch.
        wanted, *others = await asyncio.gather(
            *(self._classifier.classify(text, language=turn.language) for text in texts)
        )
        denied = frozenset(best.name for best in map(_named, others) if best is not None)
        best = wanted.intents[0] if wanted.intents and read.condition else None
        if best and best.name in denied and best.confidence >= wanted.threshold:
            return turn.because(f"a condition: {best.name} is wanted all the same"), wanted
        turn = replace(turn, denied=denied)
        kept = tuple(each for each in wanted.intents if each.name not in denied)
        if not kept:
            return turn, None
        is_likely = kept[0].confidence >= wanted.ask_threshold
        if not is_likely and (wanted.intents[0].name in denied or not read.asks):
            return turn, None
        low = wanted.ask_threshold * UNSURE
        return turn, replace(wanted, intents=kept, ask_threshold=low)

    async def _read(self, turn: Turn) -> _Read:
        parts = segments(turn.scored)
        texts = [turn.scored, *(each.text for each in parts if len(parts) > 1)]
        readings = await self._clauses.read_clauses(texts, language=turn.language)
        if not readings:
            return _Read()
        whole, rest = readings[0], readings[1:]
        if len(parts) > 1:
            by_part = list(zip(parts, rest, strict=True))
        else:
            by_part = [(part, whole) for part in parts]
        alone = not rest
        negated = [part for part, each in by_part if _negates(each, whole, alone=alone)]
        surely = bool(negated)
        if not negated and not alone:
            negated = _contrasted(by_part, whole)
        asking = [part for part, each in by_part if each.request > ASKS]
        if negated:
            wanted = [part for part in asking if part not in negated]
            after = bool(wanted) and wanted[0].start < negated[0].start
            return _Read(negated, bool(asking), after or not surely)
        mixed = [part for part, each in by_part if each.contrast > ALONE]
        return await self._cut(turn, mixed[0]) if mixed else _Read()

    async def _cut(self, turn: Turn, segment: Segment) -> _Read:
        """Return the negated half of a segment that negates one thing and asks for another."""
        pairs = halves(segment)
        texts = [half.text for pair in pairs for half in pair]
        readings = await self._clauses.read_clauses(texts, language=turn.language)
        best, found = NEGATED, _Read()
        for (left, right), first, second in zip(
            pairs, readings[::2], readings[1::2], strict=bool(readings)
        ):
            for half, no, yes in ((left, first, second), (right, second, first)):
                sureness = min(no.negated, yes.request)
                if sureness > best:
                    best, found = sureness, _Read([half], asks=True)
        return found


def _named(prediction: Prediction) -> ScoredIntent | None:
    """Return the intent that a negated segment names, if it is likely enough to ask about."""
    best = prediction.intents[0] if prediction.intents else None
    return best if best and best.confidence >= prediction.ask_threshold else None


def _negates(segment: ClauseReading, whole: ClauseReading, *, alone: bool) -> bool:
    """Return whether a segment negates a request, in the light of the whole message."""
    if alone:
        return segment.negated > ALONE
    return segment.negated >= NEGATED and whole.negated + whole.contrast >= WHOLE


def _contrasted(
    by_part: Sequence[tuple[Segment, ClauseReading]], whole: ClauseReading
) -> list[Segment]:
    """Return the segment that negates, in a message that asks for something else as well."""
    part, reading = max(by_part, key=lambda each: each[1].negated)
    negates = reading.negated >= max(NEGATED - CONTRAST * whole.contrast, reading.request)
    return [part] if negates else []

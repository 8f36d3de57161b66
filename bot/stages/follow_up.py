"""The stage for messages that lean on what was said before ("and to the UK?", "what if it rains").

Such a message is read together with the question before it: its intents and passages are those of
both. What names nothing new ("same with that") is asked about: anything else would be a guess.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.answering.knowledge.passages import count_words
from bot.conversations.transcript import EarlierDecision
from bot.messages import DecisionKind, Part, Say
from bot.ports import Classifier, Leaning, ReadsFollowUps, Wording
from bot.responder import Turn

LEANS = 0.3
"""How likely a message must lean on an earlier one to be read together with it, ..."""

SURELY = 0.7
"""... from which it surely does: below, the surer reading counts, and ..."""

EMPTY = 0.6
"""... how likely it must name nothing new to be asked about. Both found on
benchmarks/field/build/dialogues.yaml."""

LONGEST = 18
"""Words from which a message counts as complete, whatever it looks like."""

_LOOK_BACK = 3
"""Most earlier messages that one leans on."""

_CHAINED = 0.5
"""How likely a message that is leant on must lean on the one before it, to be read with that."""

_SAYS_LITTLE = 8
"""Characters up to which one or two words are no question to lean on: a greeting, a thank-you."""


class ResolveFollowUp:
    """Completes a follow-up from the conversation, or asks what it is about.

    Args:
        follow_ups: Tells which messages lean on others.
        classifier: Ranks the intents of a completed message.
        wording: Says `unclear`.
    """

    def __init__(
        self, follow_ups: ReadsFollowUps, classifier: Classifier, wording: Wording
    ) -> None:
        self._follow_ups = follow_ups
        self._classifier = classifier
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Complete, ask, or pass a message on that stands by itself."""
        prediction = turn.prediction
        if prediction is None or not prediction.intents or count_words(turn.scored) > LONGEST:
            return
        before = _questions(turn.conversation.decisions)
        # The likeliest completion is among the texts, so that all are embedded in one batch.
        texts = [turn.scored, *before, " ".join([*before[:1], turn.scored])]
        read = await self._follow_ups.leanings(texts, language=turn.language)
        if not read:  # a model of an earlier version
            return
        if read[0].empty >= EMPTY:
            yield Say(self._wording.say("unclear", turn.language))
            yield turn.decide(
                DecisionKind.CLARIFY,
                f"the message leans on something that it does not name ({read[0].empty:.2f})",
            )
        elif before and read[0].leaning >= LEANS:
            completed = await self._completed(turn, _leant_on(before, read[1:]), read[0])
            if read[0].leaning >= SURELY or _is_surer(completed, turn):
                yield completed

    async def _completed(self, turn: Turn, before: Sequence[str], read: Leaning) -> Turn:
        """Return the turn with what the message means together with earlier ones."""
        question = " ".join([*before, turn.scored])
        prediction = await self._classifier.classify(question, language=turn.language)
        completed = replace(turn, question=question, prediction=prediction)
        return completed.because(
            f"a follow-up ({read.leaning:.2f}): read together with what was asked before"
        )


def _is_surer(one: Turn, other: Turn) -> bool:
    """Return whether a completed turn is surer of its intent than the one as it came."""
    first, second = one.prediction, other.prediction
    if first is None or second is None or not first.intents or not second.intents:
        return False
    best, own = first.intents[0], second.intents[0]
    if best.name != own.name and own.confidence >= second.ask_threshold:
        return False  # it names another request by itself, which the longer one before outweighs
    return best.confidence > own.confidence


def _questions(decisions: Sequence[EarlierDecision]) -> list[str]:
    """Return the earlier messages that one may lean on, the latest first."""
    asked = [each.question.strip() for each in reversed(decisions)]
    return [text for text in asked if count_words(text) > 2 or len(text) > _SAYS_LITTLE][
        :_LOOK_BACK
    ]


def _leant_on(before: Sequence[str], read: Sequence[Leaning]) -> list[str]:
    """Return the earlier messages that a follow-up leans on, the oldest first.

    Args:
        before: Earlier messages, the latest first.
        read: Whether each of them leans on the one before it.
    """
    found: list[str] = []
    for text, each in zip(before, read, strict=False):
        found.insert(0, text)
        if each.leaning + each.empty < _CHAINED:
            break
    return found

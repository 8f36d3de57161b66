"""Sums answers, conversations, scores and feelings up into figures with intervals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import fmean

from bot.operations.analytics.answer_outcomes import AnswerOutcome
from bot.operations.analytics.conversations import ConversationTimes
from bot.operations.analytics.intervals import Share, Spread, share, spread
from bot.sentiment import Feeling

SATISFIED = 4
"""Score from which a customer counts as satisfied: 4 and 5 of 5."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Answers to the survey after a case.

    Attributes:
        number: How many.
        mean: Of the scores, 1 to 5; None without any.
        satisfied: Share of 4 and 5.
        counts: How often each score was given, from 1 to 5.
    """

    number: int
    mean: float | None
    satisfied: Share
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of answers and conversations; times in seconds, see docs/statistics.md.

    Attributes:
        answers: Number of answers; each has one outcome.
        conversations: Number of conversations.
        handoff: Share of the conversations with a case.
        messages: Messages whose feeling was read.
    """

    answers: int
    confirmed: Share
    contradicted: Share
    came_back: Share
    unconfirmed: Share
    conversations: int
    handoff: Share
    first_response: Spread
    person_first_response: Spread
    person_first_response_business: Spread
    resolution: Spread
    resolution_business: Spread
    csat: Scores
    messages: int
    frustrated: Share
    pleased: Share


TIMES = (
    "first_response",
    "person_first_response",
    "person_first_response_business",
    "resolution",
    "resolution_business",
)
"""Names of the times of a conversation."""


@dataclass(slots=True)
class Tally:
    """Counts while records are read."""

    outcomes: Counter[AnswerOutcome] = field(default_factory=Counter)
    conversations: int = 0
    handoffs: int = 0
    times: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in TIMES})
    scores: list[int] = field(default_factory=list)
    feelings: Counter[Feeling] = field(default_factory=Counter)

    def add_conversation(self, measured: ConversationTimes) -> None:
        """Count a conversation."""
        self.conversations += 1
        self.handoffs += measured.handoff
        for name, values in self.times.items():
            seconds = getattr(measured, name)
            if seconds is not None:
                values.append(seconds)

    def figures(self) -> Figures:
        """Return the sums."""
        answers, messages = self.outcomes.total(), self.feelings.total()
        outcomes = {each: share(self.outcomes[each], answers) for each in AnswerOutcome}
        times = {name: spread(values) for name, values in self.times.items()}
        return Figures(
            answers=answers,
            confirmed=outcomes[AnswerOutcome.CONFIRMED],
            contradicted=outcomes[AnswerOutcome.CONTRADICTED],
            came_back=outcomes[AnswerOutcome.CAME_BACK],
            unconfirmed=outcomes[AnswerOutcome.UNCONFIRMED],
            conversations=self.conversations,
            handoff=share(self.handoffs, self.conversations),
            first_response=times["first_response"],
            person_first_response=times["person_first_response"],
            person_first_response_business=times["person_first_response_business"],
            resolution=times["resolution"],
            resolution_business=times["resolution_business"],
            csat=_scores(self.scores),
            messages=messages,
            frustrated=share(self.feelings[Feeling.FRUSTRATED], messages),
            pleased=share(self.feelings[Feeling.PLEASED], messages),
        )


def _scores(scores: list[int]) -> Scores:
    satisfied = share(sum(score >= SATISFIED for score in scores), len(scores))
    counts = tuple(scores.count(score) for score in range(1, 6))
    return Scores(len(scores), fmean(scores) if scores else None, satisfied, counts)

"""What was decided about an event, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.sentiment import Sentiment


class DecisionKind(StrEnum):
    """What the responder decided to do."""

    INTENT = "intent"
    CLARIFY = "clarify"
    FORM = "form"
    RECOMMEND = "recommend"
    GENERATED = "generated"
    QUOTED = "quoted"
    HANDOFF = "handoff"
    SAFETY = "safety"
    LIMITED = "limited"
    STALE = "stale"
    COMMAND = "command"
    DECLINED = "declined"
    """A press of a button that is not answered: it is somebody else's, or was pressed before."""
    STAFF = "staff"
    """A member of staff spoke in a customer's thread: recorded, not answered."""
    FEEDBACK = "feedback"
    """Somebody judged an answer: that is stored, and they are thanked."""
    HELP = "help"
    """The customer asked what the bot can do, and was told."""
    UNANSWERED = "unanswered"
    """A question that nobody put to the bot, in a channel with `support: true`, and that it was not
    sure of: it said nothing."""
    SILENT = "silent"
    UNKNOWN = "unknown"


ASIDE = frozenset({DecisionKind.COMMAND, DecisionKind.DECLINED, DecisionKind.FEEDBACK})
"""Decisions whose event and answer are no part of the conversation in which they came."""


@dataclass(frozen=True, slots=True)
class ScoredIntent:
    """An intent with its calibrated confidence in [0, 1]."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that was considered, by its citation, with its retrieval score in [0, 1].

    Attributes:
        meaning, words: What the score was joined from, in [0, 1].
        place: File and line, page or paragraph.
    """

    citation: str
    score: float
    meaning: float = 0.0
    words: float = 0.0
    place: str = ""


@dataclass(frozen=True, slots=True)
class DecisionPart:
    """What was decided about one of the requests in a message, and why.

    Attributes:
        intents: The likeliest intents first.
        reasons: Why, in words that an admin understands, in the order they were found.
    """

    kind: DecisionKind
    intents: tuple[ScoredIntent, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one message, and why.

    Attributes:
        id: Derived from the message id; one message has one decision.
        kind: That of the first part.
        intents: Those of the first part, the likeliest first.
        threshold: Confidence from which an intent is answered without asking.
        cost: Spent on the model provider, in units of the configured currency.
        milliseconds: Duration of each stage, by its name.
        reasons: Why, in words that an admin understands, in the order they were found.
        parts: One for each request in the message; never empty.
        sentiment: How the customer felt; None where it was not read.
    """

    id: str
    message_id: str
    kind: DecisionKind
    intents: tuple[ScoredIntent, ...] = ()
    threshold: float = 0.0
    passages: tuple[ScoredPassage, ...] = ()
    language: str = ""
    model_version: str = ""
    intents_hash: str = ""
    cost: float = 0.0
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    parts: tuple[DecisionPart, ...] = ()
    sentiment: Sentiment | None = None

    def __post_init__(self) -> None:
        """Give a decision about one request its one part.

        Raises:
            ValueError: The first part is of another kind than the decision.
        """
        if not self.parts:
            only = DecisionPart(self.kind, self.intents, self.reasons)
            object.__setattr__(self, "parts", (only,))
        elif self.parts[0].kind is not self.kind:
            raise ValueError(f"a decision of the kind {self.kind} begins with {self.parts[0].kind}")


def without_part(reason: str) -> str:
    """Return a reason without the number of the request that it is about, of several.

    >>> without_part("2: form swap: done"), without_part("form swap: done")
    ('form swap: done', 'form swap: done')
    """
    part, _, rest = reason.partition(": ")
    return rest if part.isdecimal() else reason

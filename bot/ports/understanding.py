"""Ports of understanding: classifier, requests for a person, language detection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.messages import ScoredIntent
from bot.sentiment import Sentiment

MIXED = "mul"
"""Tag of a text in several languages, or in none that is known. Source: ISO 639-2."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The classifier's prediction for one text.

    Attributes:
        intents: Most likely intents first, with calibrated confidence; empty for a text without
            words.
        threshold: Minimum confidence for answering the first intent without asking back.
        ask_threshold: Minimum confidence for asking "did you mean"; <= threshold.
        model_version, intents_hash: The model, and the intents that it was trained on.
    """

    intents: tuple[ScoredIntent, ...]
    threshold: float
    ask_threshold: float
    model_version: str
    intents_hash: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether a text asks for a person.

    Attributes:
        wanted: Probability that it does, in [0, 1].
        mentioned: Probability that it mentions staff, or declines a person, in [0, 1].
    """

    wanted: float
    mentioned: float


class ReadsWishes(Protocol):
    """Detects requests for a person, independently of the intents."""

    async def wishes(self, texts: Sequence[str], *, language: str) -> Sequence[Wish]:
        """Return a result for each text; an empty sequence when the model does not support it.

        Args:
            texts: A message and its parts.
            language: Their BCP 47 tag.
        """
        ...


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """What a clause, or a whole message, does; the probabilities sum to 1.

    Attributes:
        request: Probability that it asks for something or reports a problem, in [0, 1].
        negated: Probability that it says what is not wanted or not the matter.
        background: Probability that it is neither: a greeting, thanks, what happened before.
        contrast: Probability that it does both of the first two.
    """

    request: float
    negated: float
    background: float
    contrast: float


class ReadsClauses(Protocol):
    """Detects what clauses do, independently of the intents."""

    async def read_clauses(self, texts: Sequence[str], *, language: str) -> Sequence[ClauseReading]:
        """Return a result for each text; an empty sequence when the model does not support it.

        Args:
            texts: A message and its clauses.
            language: Their BCP 47 tag.
        """
        ...


@dataclass(frozen=True, slots=True)
class Leaning:
    """Whether a text leans on what was said before.

    Attributes:
        leaning: Probability that it is answered only together with an earlier question, in [0, 1].
        empty: Probability that it names nothing new either, so that only its author knows what is
            meant, in [0, 1].
    """

    leaning: float
    empty: float


class ReadsFollowUps(Protocol):
    """Detects follow-ups, independently of the intents."""

    async def leanings(self, texts: Sequence[str], *, language: str) -> Sequence[Leaning]:
        """Return a result for each text; an empty sequence when the model does not support it.

        Args:
            texts: A message, and texts that are looked at next: all are embedded in one batch.
            language: Their BCP 47 tag.
        """
        ...


class DangerKind(StrEnum):
    """What a dangerous message is about."""

    INJURY = "injury"
    FIRE = "fire"
    GAS = "gas"
    """Gas and fumes."""

    DEFECTIVE_GEAR = "defective_gear"
    """Safety gear that failed, and recalls."""

    SELF_HARM = "self_harm"
    THREAT = "threat"
    HACKED_ACCOUNT = "hacked_account"
    LEGAL_THREAT = "legal_threat"


@dataclass(frozen=True, slots=True)
class Danger:
    """Whether a text is about a danger.

    Attributes:
        kind: The likeliest kind.
        probability: How likely it is about a danger of any kind, in [0, 1].
    """

    kind: DangerKind
    probability: float


class ReadsDangers(Protocol):
    """Detects messages about a danger, independently of the intents."""

    async def dangers(self, texts: Sequence[str], *, language: str) -> Sequence[Danger]:
        """Return a result for each text; an empty sequence when the model does not support it.

        Args:
            texts: A message and its parts.
            language: Their BCP 47 tag.
        """
        ...


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a line in a shared place speaks to.

    Each is about 0 to 1, and below 0 where a text is nearer to others; far from all examples all
    are 0.

    Attributes:
        asks: How surely it asks the desk something.
        talks: How surely it is talk between people.
        points: How surely it asks the desk about what somebody else wrote.
    """

    asks: float
    talks: float
    points: float


class ReadsAddressed(Protocol):
    """Reads whom lines speak to, independently of the intents."""

    async def addressed(self, texts: Sequence[str], *, language: str) -> Sequence[Addressed]:
        """Return a result for each text; an empty sequence when the model does not support it.

        Args:
            texts: Lines.
            language: Their BCP 47 tag.
        """
        ...


class ReadsFeelings(Protocol):
    """Reads how somebody felt who wrote a message."""

    async def sentiments(self, texts: Sequence[str], *, language: str) -> Sequence[Sentiment]:
        """Return a result for each text; an empty sequence when the model does not support it.

        Args:
            texts: Messages.
            language: Their BCP 47 tag.
        """
        ...


class Classifier(Protocol):
    """Classifies texts by intent."""

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        """Rank the intents for a text of any length and content; never raises because of the text.

        Args:
            text: What the customer wrote.
            language: Its BCP 47 tag; None: detect it.
        """
        ...


class ComparesTexts(Protocol):
    """Compares the meaning of texts."""

    def similarities(self, text: str, others: Sequence[str], *, language: str) -> Sequence[float]:
        """Return the cosine similarity of a text to each of some others, in [-1, 1].

        Args:
            text: What the customer wrote.
            others: What it is compared with.
            language: BCP 47 tag of the text.
        """
        ...


@dataclass(frozen=True, slots=True)
class Correction:
    """A text with its spelling corrected.

    Attributes:
        words: The words that were put in, in order; empty if nothing was corrected.
    """

    text: str
    words: tuple[str, ...] = ()


class CorrectsSpelling(Protocol):
    """Corrects the spelling of a text, for scoring."""

    def correct(self, text: str, language: str) -> Correction:
        """Return the text as it is probably meant; the text itself where nothing is unknown.

        Args:
            text: What the customer wrote.
            language: Its BCP 47 tag.
        """
        ...


class Languages(Protocol):
    """Detects the language of a text."""

    def detect(self, text: str, *, prior: str) -> str:
        """Return a BCP 47 tag; the prior when the text is ambiguous."""
        ...

    def candidates(self, text: str, *, prior: str) -> Sequence[str]:
        """Return the tag that `detect` returns; when unsure, another possible one after it.

        The second may be `MIXED`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Model:
    """The active model.

    Attributes:
        problems: Why changes are not live yet, by kind: intents, articles or model.
    """

    version: str
    intents_hash: str
    problems: Mapping[str, str] = field(default_factory=dict)

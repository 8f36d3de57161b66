"""What the customer means: classifier and languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.messages import ScoredIntent


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the classifier makes of one text.

    Attributes:
        intents: The likeliest intents first, with calibrated confidence; empty when nothing can
            be said of the text (no words in it).
        threshold: Confidence from which the first intent may be answered without asking.
        ask_threshold: Confidence from which it is worth asking "did you mean"; <= threshold.
        model_version, intents_hash: Which model, trained on which intents.
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
        wanted: How likely it does, in [0, 1].
        mentioned: How likely it speaks of people, or says that nobody is wanted, in [0, 1].
    """

    wanted: float
    mentioned: float


class ReadsWishes(Protocol):
    """Tells whether texts ask for a person, whatever the intents are."""

    async def wishes(self, texts: Sequence[str], *, language: str) -> Sequence[Wish]:
        """Return a reading of each text; none at all when the model cannot tell.

        Args:
            texts: A message and parts of it.
            language: Their BCP 47 tag.
        """
        ...


class Classifier(Protocol):
    """Recognises what admins taught."""

    async def classify(self, text: str, *, language: str | None = None) -> Prediction:
        """Rank the intents for one text of any length and content; never raises for a text.

        Args:
            text: What the customer wrote.
            language: Its BCP 47 tag; None: found out.
        """
        ...


class Languages(Protocol):
    """Tells which language a text is written in."""

    def detect(self, text: str, *, prior: str) -> str:
        """Return a BCP 47 tag; the prior when the text could be in several languages."""
        ...


@dataclass(frozen=True, slots=True)
class Model:
    """Which model answers.

    Attributes:
        problems: What keeps changes of intents, articles or model from going live, by which.
    """

    version: str
    intents_hash: str
    problems: Mapping[str, str] = field(default_factory=dict)

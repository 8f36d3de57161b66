"""Ports of the dialogue in an open form: what a line does beside answering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol


class Asked(StrEnum):
    """What an open form waits for."""

    VALUE = "value"
    TEXT = "text"
    """Anything that a customer writes."""

    CONFIRMATION = "confirmation"
    """A yes or a no to what was summed up or proposed."""


class DialogueAct(StrEnum):
    """What a line in an open form does beside answering."""

    SKIP = "skip"
    STOP = "stop"
    WHY = "why"
    REPEAT = "repeat"
    """It asks what is meant, or where it is found."""

    PERSON = "person"
    YES = "yes"
    NO = "no"
    ELSEWHERE = "elsewhere"
    """It asks, or wants, something else than the form."""

    CORRECT = "correct"
    """It changes what was said before."""


class ReadsDialogueActs(Protocol):
    """Reads what lines in an open form do, independently of the intents and of the form."""

    async def dialogue_acts(
        self, texts: Sequence[str], *, asked: Asked, language: str
    ) -> Sequence[Mapping[DialogueAct, float]]:
        """Return how surely each text does what; an empty sequence when the model cannot tell.

        Each is about 0 to 1; far from all examples, and for a plain answer, all are about 0.

        Args:
            texts: Lines.
            asked: What the form waits for.
            language: Their BCP 47 tag.
        """
        ...


class ReadsReasons(Protocol):
    """Reads which kinds of reason texts give, such as "does not fit"."""

    async def reasons(self, texts: Sequence[str], *, language: str) -> Sequence[Sequence[float]]:
        """Return how surely each text gives which kind of reason; [] when the model cannot tell.

        Each is about 0 to 1, in the same order for every text.

        Args:
            texts: What a customer wrote, and words of choices.
            language: BCP 47 tag of what the customer wrote: its encoder reads all.
        """
        ...

"""Reads messages with the heads that do not depend on what admins teach; thread-safe."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from bot.ports import Addressed, Asked, Danger, DialogueAct
from bot.sentiment import Sentiment
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.model.classifier import IntentClassifier


class MessageHeads:
    """The heads of a loaded model.

    They are `ReadsDangers`, `ReadsFeelings`, `ReadsAddressed`, `ReadsDialogueActs` and
    `ReadsReasons`. A model of an earlier Frontdesk has none: it recognises nothing here.
    """

    def __init__(self, classifier: IntentClassifier) -> None:
        self._classifier = classifier

    @property
    def are_there(self) -> bool:
        """Whether the model has these heads."""
        return self._classifier.recogniser(ENGLISH).danger is not None

    async def dangers(self, texts: Sequence[str], *, language: str) -> Sequence[Danger]:
        """Return for each text whether it is about a danger; an empty list without such a head.

        Args:
            texts: A message and parts of it.
            language: Their BCP 47 tag.
        """
        cleaned = [normalise(text) for text in texts]
        return await asyncio.to_thread(
            lambda: self._classifier.recogniser(language).dangers(cleaned)
        )

    async def sentiments(self, texts: Sequence[str], *, language: str) -> Sequence[Sentiment]:
        """Return the feeling of each text; an empty list without such a head.

        Args:
            texts: Messages.
            language: Their BCP 47 tag.
        """
        cleaned = [normalise(text) for text in texts]
        return await asyncio.to_thread(
            lambda: self._classifier.recogniser(language).sentiments(cleaned)
        )

    async def addressed(self, texts: Sequence[str], *, language: str) -> Sequence[Addressed]:
        """Return whom each text speaks to; an empty list without such a head.

        Args:
            texts: Lines.
            language: Their BCP 47 tag.
        """
        cleaned = [normalise(text) for text in texts]
        return await asyncio.to_thread(
            lambda: self._classifier.recogniser(language).addressed(cleaned)
        )

    async def dialogue_acts(
        self, texts: Sequence[str], *, asked: Asked, language: str
    ) -> Sequence[Mapping[DialogueAct, float]]:
        """Return what each text does in an open form; an empty list without such a head.

        Args:
            texts: Lines.
            asked: What the form waits for.
            language: Their BCP 47 tag.
        """
        cleaned = [normalise(text) for text in texts]
        return await asyncio.to_thread(
            lambda: self._classifier.recogniser(language).dialogue_acts(cleaned, asked)
        )

    async def reasons(self, texts: Sequence[str], *, language: str) -> Sequence[Sequence[float]]:
        """Return which kinds of reason each text gives; an empty list without such a head.

        Args:
            texts: What a customer wrote, and words of choices.
            language: BCP 47 tag of what the customer wrote: its encoder reads all.
        """
        cleaned = [normalise(text) for text in texts]
        return await asyncio.to_thread(
            lambda: self._classifier.recogniser(language).reasons(cleaned)
        )

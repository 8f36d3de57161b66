"""Finds planted sentences in passages of articles: those that stand out from the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.understanding.encoders.encoder import Encoder
from bot.understanding.encoders.multilingual import FOLDER, MultilingualEncoder
from bot.understanding.language.detector import ENGLISH
from bot.understanding.model.planted_head import FILE, PlantedHead

_THRESHOLD = 0.25
"""Score from which a sentence counts as planted; tuned on the lists in benchmarks/field/build/."""

_OTHERS = 0.25
"""Share of the other sentences' mean that is taken off: an article on fraud speaks of nothing but
passwords, while a planted sentence is alone among harmless ones."""


class PlantedScreen:
    """Screens passages with the heads of a model version; a `Screens`.

    Args:
        version: Folder of the version; one of an earlier Frontdesk has no heads.
        own: The encoder of the intents.
        many: The multilingual encoder; None when there is none.
    """

    def __init__(self, version: Path, own: Encoder, many: MultilingualEncoder | None) -> None:
        self._version = version
        self._own = own
        self._many = many
        self._heads: dict[bool, tuple[Encoder, PlantedHead | None]] = {}

    def suspects(self, sentences: Sequence[str], language: str) -> list[bool]:
        """Return for each sentence of a passage whether it looks planted.

        Raises:
            ModelError: The head is damaged.
        """
        encoder, head = self._head(language)
        if head is None or not sentences:
            return [False] * len(sentences)
        scores = head.scores(sentences, encoder.read(sentences))
        others = (scores.sum() - scores) / max(len(scores) - 1, 1)
        apart = scores - _OTHERS * (others if len(scores) > 1 else scores)
        return [bool(each) for each in np.greater(apart, _THRESHOLD)]

    def _head(self, language: str) -> tuple[Encoder, PlantedHead | None]:
        """Return the encoder for a language with its head; read at first use."""
        is_foreign = language.partition("-")[0] != ENGLISH and self._many is not None
        if is_foreign not in self._heads:
            foreign = self._many if is_foreign else None
            encoder = foreign.encoder() if foreign else self._own
            folder = self._version / FOLDER if foreign else self._version
            head = PlantedHead.read(folder / FILE, encoder.description.dimension)
            self._heads[is_foreign] = encoder, head
        return self._heads[is_foreign]

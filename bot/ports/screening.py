"""Port of the screen for texts that are planted in articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Screens(Protocol):
    """Finds planted sentences in passages."""

    def suspects(self, sentences: Sequence[str], language: str) -> list[bool]:
        """Return for each sentence of a passage whether it looks planted.

        Args:
            sentences: All sentences of the passage, without markup.
            language: BCP 47 tag of the article.
        """
        ...

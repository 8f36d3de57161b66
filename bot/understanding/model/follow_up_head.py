"""A classifier for messages that lean on what was said before, trained on Frontdesk's own examples.

"and how long does that take" cannot be answered by itself, "same with that" not even together with
the question before it. One head is trained over each encoder, whatever the admin's intents are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.ports import Leaning
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.model.dense_head import DenseHead
from bot.understanding.model.shipped_examples import shipped_lines

FILE = "follow_ups.safetensors"

_EXAMPLES = "follow_ups.yaml"

_KINDS = ("complete", "leaning", "empty")


@dataclass(frozen=True, slots=True)
class FollowUpHead:
    """Tells complete messages from those that lean on earlier ones, and from empty ones."""

    head: DenseHead

    def leanings(self, reading: TextEmbeddings) -> list[Leaning]:
        """Return for each text the probability that it leans on an earlier one."""
        shares = self.head.probabilities(reading)
        return [Leaning(float(row[1]), float(row[2])) for row in shares]


def fit_follow_up_head(encoder: ReadsTexts, *, every_language: bool) -> DenseHead:
    """Train the head over an encoder, on the examples of all languages or the English ones."""
    examples = [
        (text, label)
        for label, kind in enumerate(_KINDS)
        for language, texts in shipped_lines(_EXAMPLES)[kind].items()
        if every_language or language == ENGLISH
        for text in texts
    ]
    return DenseHead.fit(encoder, examples, len(_KINDS))


def read_follow_ups(folder: Path, dimension: int) -> FollowUpHead | None:
    """Read the head from a folder, see `DenseHead.read`."""
    head = DenseHead.read(folder / FILE, dimension, len(_KINDS))
    return FollowUpHead(head) if head else None

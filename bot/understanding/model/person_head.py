"""A classifier for texts that ask for a human, trained on Frontdesk's own examples.

It does not depend on the admin's intents: it works whatever such an intent is called, and without
one. One head is trained over each encoder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bot.ports import Wish
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.model.dense_head import DenseHead
from bot.understanding.model.shipped_examples import shipped_lines

FILE = "person.safetensors"

_EXAMPLES = "person.yaml"

_OTHER, _MENTION, _WISH = range(3)
_KINDS = {"others": _OTHER, "mentions": _MENTION, "wishes": _WISH}

_JOINTS: Mapping[str, Sequence[str]] = {
    "en": (" and ", ". ", " so ", ", "),
    "de": (" und ", ". ", ", "),
    "zh": ("，", "。", "还"),
    "ja": ("、", "。"),
}
"""Text between two requests in one message, by language; a comma in all others."""

_Example = tuple[str, int]


@dataclass(frozen=True, slots=True)
class PersonHead:
    """Tells texts that ask for a person from those that mention one, and from others."""

    head: DenseHead

    def wishes(self, reading: TextEmbeddings) -> list[Wish]:
        """Return for each text the probability that it asks for, or mentions, a human."""
        shares = self.head.probabilities(reading)
        return [Wish(float(row[_WISH]), float(row[_MENTION])) for row in shares]


def fit_person_head(encoder: ReadsTexts, *, every_language: bool) -> DenseHead:
    """Train the head over an encoder, on the examples of all languages or the English ones."""
    return DenseHead.fit(encoder, _examples(every_language=every_language), len(_KINDS))


def read_person(folder: Path, dimension: int) -> PersonHead | None:
    """Read the head from a folder, see `DenseHead.read`."""
    head = DenseHead.read(folder / FILE, dimension, len(_KINDS))
    return PersonHead(head) if head else None


def _examples(*, every_language: bool) -> list[_Example]:
    """Return the examples as written, and combined with other requests."""
    document = shipped_lines(_EXAMPLES)
    found: list[_Example] = []
    for kind, label in _KINDS.items():
        for language, texts in document[kind].items():
            if every_language or language == ENGLISH:
                found += [(text, label) for text in texts]
                if label != _OTHER:
                    others = document["others"][language]
                    found += [(text, label) for text in _joined(language, others, texts)]
    return found


def _joined(language: str, others: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    before, joints = cycle(others), cycle(_JOINTS.get(language, (", ",)))
    for text in texts:
        yield f"{next(before)}{next(joints)}{text}"

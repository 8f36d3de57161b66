"""A classifier for lines in a shared place: for the desk, or between people.

It does not depend on the admin's intents. One head is trained over each encoder, on Frontdesk's own
examples; the examples of other heads serve as further questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.ports.understanding import Addressed
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.language.writing import N_MARKS, marks
from bot.understanding.model.kernel_head import KernelHead
from bot.understanding.model.shipped_examples import alternatives, shipped_lines

FILE = "addressed.safetensors"

_EXAMPLES = "addressed.yaml"
_ASKED = {
    "person.yaml": (("others", "wishes"), 2),
    "clauses.yaml": (("requests",), 4),
    "follow_ups.yaml": (("complete", "leaning"), 2),
}
"""Files of other heads, their kinds, and of how many lines one is learned, as asked."""

_KINDS = {"replies": 0, "asks": 1, "talk": 2, "points": 3}
_N_KINDS = 3

_MARKS, _QUESTION = 0.3, 0.5
"""Weights of how a text is written, and of whether it has a question mark, relative to its
embedding, and ..."""

_RIDGE = 0.1
"""... the penalty; chosen on left-out lines of the examples."""

_QUESTION_MARKS = frozenset("?？؟")


@dataclass(frozen=True, slots=True)
class AddressedHead:
    """Tells lines that ask the desk from talk between people."""

    head: KernelHead

    def addressed(self, texts: list[str], reading: TextEmbeddings) -> list[Addressed]:
        """Return for each normalised text whom it speaks to."""
        scores = self.head.scores(_features(texts, reading))
        return [Addressed(float(row[0]), float(row[1]), float(row[2])) for row in scores]


def fit_addressed_head(encoder: ReadsTexts, *, every_language: bool) -> KernelHead:
    """Train the head over an encoder, on the examples of all languages or the English ones."""
    examples = list(_examples(every_language))
    texts = [text for text, _ in examples]
    kinds = np.array([kind for _, kind in examples], dtype=np.int64)
    features = _features(texts, encoder.read(texts))
    return KernelHead.fit(features, kinds, _N_KINDS, share=0.1, ridge=_RIDGE)


def read_addressed(folder: Path, dimension: int) -> AddressedHead | None:
    """Read the head from a folder, see `KernelHead.read`."""
    head = KernelHead.read(folder / FILE, dimension + N_MARKS + 1, _N_KINDS)
    return AddressedHead(head) if head else None


def _features(texts: list[str], reading: TextEmbeddings) -> NDArray[np.float32]:
    asked = np.array([[bool(_QUESTION_MARKS & set(text))] for text in texts]).reshape(-1, 1)
    written = (_MARKS * marks(texts), _QUESTION * asked)
    return np.concatenate([reading.lower, *written], axis=1, dtype=np.float32)


def _examples(every_language: bool) -> Iterator[tuple[str, int]]:
    """Yield each example with its kind; 0 for what can be for anybody."""
    for kind, languages in shipped_lines(_EXAMPLES).items():
        for language, lines in languages.items():
            if every_language or language == ENGLISH:
                for line in lines:
                    yield from ((normalise(text), _KINDS[kind]) for text in alternatives(line))
    for name, (kinds, step) in _ASKED.items():
        for kind in kinds:
            for language, lines in shipped_lines(name)[kind].items():
                if every_language or language == ENGLISH:
                    yield from ((normalise(text), _KINDS["asks"]) for text in lines[::step])

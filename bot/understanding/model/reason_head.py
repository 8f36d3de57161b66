"""A classifier for the reasons that customers give: does not fit, is faulty, came too late.

It does not depend on the form: what is said and the words of its choices are compared by the kinds
of reasons that both are of. One head is trained over each encoder, on Frontdesk's own examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.model.kernel_head import KernelHead
from bot.understanding.model.shipped_examples import alternatives, shipped_lines

FILE = "reasons.safetensors"

_N_KINDS = 11
"""Kinds in the examples, which a bot that serves does not read."""

_EXAMPLES, _OTHERS = "reasons.yaml", "dialogue_acts.yaml"
_KINDS_OF_OTHERS = ("skip", "stop", "why", "repeat", "elsewhere", "correct", "idle")
_EVERY = 2
"""Of so many lines that give no reason one is learned."""

_BY_LAYER = 0.5**0.5


@dataclass(frozen=True, slots=True)
class ReasonHead:
    """Tells which kinds of reason texts give."""

    head: KernelHead

    def reasons(self, reading: TextEmbeddings) -> NDArray[np.float32]:
        """Return how surely each text gives which kind of reason, shape (n_texts, n_kinds)."""
        return self.head.scores(_features(reading))


def fit_reason_head(encoder: ReadsTexts, *, every_language: bool) -> KernelHead:
    """Train the head over an encoder, on the examples of all languages or the English ones."""
    texts, kinds = zip(*_examples(every_language), strict=True)
    labels = np.array(kinds, dtype=np.int64)
    return KernelHead.fit(_features(encoder.read(texts)), labels, _N_KINDS)


def read_reasons(folder: Path, dimension: int) -> ReasonHead | None:
    """Read the head from a folder, see `KernelHead.read`."""
    head = KernelHead.read(folder / FILE, 2 * dimension, _N_KINDS)
    return ReasonHead(head) if head else None


def _features(reading: TextEmbeddings) -> NDArray[np.float32]:
    layers = (_BY_LAYER * reading.lower, _BY_LAYER * reading.vectors)
    return np.concatenate(layers, axis=1, dtype=np.float32)


def _examples(every_language: bool) -> Iterator[tuple[str, int]]:
    """Yield each example with its kind; 0 for what gives no reason."""

    def texts(name: str, kind: str) -> Iterator[str]:
        for language, lines in shipped_lines(name)[kind].items():
            if every_language or language == ENGLISH:
                yield from (normalise(text) for line in lines for text in alternatives(line))

    for number, kind in enumerate(shipped_lines(_EXAMPLES), start=1):
        yield from ((text, number) for text in texts(_EXAMPLES, kind))
    for kind in _KINDS_OF_OTHERS:
        yield from ((text, 0) for text in [*texts(_OTHERS, kind)][::_EVERY])

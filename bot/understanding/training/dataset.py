"""Training rows from a corpus: examples, names, near misses, out-of-scope and learned texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.understanding.corpus import Corpus, CorpusIntent
from bot.understanding.model.head import Targets

NEAR_MISS_WEIGHT = 0.5
"""Sample weight of a near miss; an example has weight 1."""


LEARNED_WEIGHT = 0.25
"""Sample weight of a customer's message that a model labelled (docs/decisions/0019-traffic.md)."""


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """Training rows, grouped: examples by intent, out-of-scope texts, near misses, learned texts.

    Attributes:
        texts: One per row.
        targets: The targets of the rows; the class after the last intent means "out of scope", if
            the corpus has out-of-scope texts.
        held_out: Rows that cross-validation may hold out: written examples, not names, shape (n,).
        n_intents: Number of intents.
        learned: Rows that a model labelled, the last ones: only the head is fitted on them, shape
            (n,).
    """

    texts: tuple[str, ...]
    targets: Targets
    held_out: NDArray[np.bool_]
    n_intents: int
    learned: NDArray[np.bool_]

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Rows whose texts the model keeps: neither near misses nor learned, shape (n,)."""
        return ~self.targets.misses & ~self.learned

    def human(self) -> TrainingRows:
        """Return the rows that people labelled."""
        rows = np.flatnonzero(~self.learned)
        texts, held_out = self.texts[: len(rows)], self.held_out[rows]
        return TrainingRows(
            texts, self.targets.subset(rows), held_out, self.n_intents, self.learned[rows]
        )


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    label: int
    miss: bool = False
    weight: float = 1.0
    held_out: bool = True
    learned: bool = False


def training_rows(corpus: Corpus) -> TrainingRows:
    """Return the training rows of a corpus.

    Raises:
        ModelError: It has no examples.
    """
    none = len(corpus.intents)
    rows = [
        row for position, intent in enumerate(corpus.intents) for row in _taught(intent, position)
    ]
    if not any(row.held_out for row in rows):
        raise ModelError("there is no example to train on: add examples to the intents")
    rows += [_Row(example.text, none) for example in corpus.out_of_scope]
    rows += [
        _Row(example.text, position, miss=True, weight=NEAR_MISS_WEIGHT, held_out=False)
        for position, intent in enumerate(corpus.intents)
        for example in intent.near_misses
    ]
    rows += _learned(corpus)
    targets = Targets(
        np.array([row.label for row in rows], dtype=np.int64),
        np.array([row.miss for row in rows], dtype=np.bool_),
        np.array([row.weight for row in rows], dtype=np.float32),
        n_classes=none + bool(corpus.out_of_scope),
    )
    held_out = np.array([row.held_out for row in rows], dtype=np.bool_)
    learned = np.array([row.learned for row in rows], dtype=np.bool_)
    return TrainingRows(tuple(row.text for row in rows), targets, held_out, none, learned)


def _learned(corpus: Corpus) -> Iterator[_Row]:
    """Yield the rows of approved messages."""
    positions = {intent.name: position for position, intent in enumerate(corpus.intents)}
    for one in corpus.learned:
        yield _Row(
            one.text, positions[one.intent], weight=LEARNED_WEIGHT, held_out=False, learned=True
        )


def _taught(intent: CorpusIntent, position: int) -> Iterator[_Row]:
    """Yield the rows of an intent's examples, then of its names."""
    written = {example.text: _Row(example.text, position) for example in intent.examples}
    yield from written.values()
    for name in _names(intent):
        if name not in written:
            yield _Row(name, position, held_out=False)


def _names(intent: CorpusIntent) -> Iterator[str]:
    """Yield the label and titles of an intent, as additional short examples."""
    seen: set[str] = set()
    for name in (intent.label or intent.name, *intent.title.values()):
        words = name.replace("_", " ").replace("-", " ").strip()
        if words and words.lower() not in seen:
            seen.add(words.lower())
            yield words

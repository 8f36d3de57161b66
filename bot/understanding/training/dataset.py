"""Turns a corpus into rows to learn from: examples, names, near misses, out-of-scope texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.understanding.corpus import Corpus, CorpusIntent
from bot.understanding.model.head import Targets

NEAR_MISS_WEIGHT = 0.5
"""How much it counts that a text is not of an intent, beside that another is."""


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """Rows to learn from, grouped: examples by intent, then out-of-scope texts, then near misses.

    Attributes:
        texts: One per row.
        targets: What each row teaches; the class after the last intent means "none of these", if
            the corpus has out-of-scope texts.
        held_out: Rows that cross-validation may judge by: what admins wrote, not names, shape (n,).
        n_intents: Number of intents.
    """

    texts: tuple[str, ...]
    targets: Targets
    held_out: NDArray[np.bool_]
    n_intents: int


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    label: int
    miss: bool = False
    weight: float = 1.0
    held_out: bool = True


def training_rows(corpus: Corpus) -> TrainingRows:
    """Lay out a corpus for training.

    Raises:
        ModelError: There is no example in it.
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
    targets = Targets(
        np.array([row.label for row in rows], dtype=np.int64),
        np.array([row.miss for row in rows], dtype=np.bool_),
        np.array([row.weight for row in rows], dtype=np.float32),
        n_classes=none + bool(corpus.out_of_scope),
    )
    held_out = np.array([row.held_out for row in rows], dtype=np.bool_)
    return TrainingRows(tuple(row.text for row in rows), targets, held_out, none)


def _taught(intent: CorpusIntent, position: int) -> Iterator[_Row]:
    """Yield an intent's examples, then its names."""
    written = {example.text: _Row(example.text, position) for example in intent.examples}
    yield from written.values()
    for name in _names(intent):
        if name not in written:
            yield _Row(name, position, held_out=False)


def _names(intent: CorpusIntent) -> Iterator[str]:
    """Yield what an intent is called: a few words that say what it is about."""
    seen: set[str] = set()
    for name in (intent.label or intent.name, *intent.title.values()):
        words = name.replace("_", " ").replace("-", " ").strip()
        if words and words.lower() not in seen:
            seen.add(words.lower())
            yield words

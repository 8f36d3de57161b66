"""Checks based on embeddings: duplicates, overlapping intents, misplaced examples, low variety.

They take a second or two for thousands of examples. All findings are warnings, since an encoder
can be wrong about what an admin meant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import Problem
from bot.text.shorten import shortened
from bot.understanding.corpus import Example
from bot.understanding.encoders.encoder import TextEmbeddings
from bot.understanding.intents.intent_set import IntentSet

MOST = 20_000
"""Maximum number of examples to compare; the time grows with its square."""

TWINS = 0.95
"""Cosine from which two examples have the same meaning."""

MISPLACED = 0.25
"""How much better an example must fit another intent than its own to be reported."""

ALIKE = 0.95
"""Mean cosine between examples and their nearest neighbour in the same intent that is too high."""

OVERLAP = 0.4
"""Two intents overlap if this share of the smaller one's examples fits the other one better."""

FEW, MANY = 10, 5
"""Number of examples below which more are recommended, and from which variety is measured."""

_KNOWN = 0.8
"""Share of an example's words that the encoder must know for its embedding to be used."""

_FEWEST = 3
_NEIGHBOURS = 3
_RIDGE = 1.0
_CHUNK = 1_000
_OUTSIDE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class EmbeddedExamples:
    """Examples with meaningful embeddings.

    Attributes:
        names: Names of the intents; `out_of_scope` last.
        examples: The examples with their positions in files.
        labels: Index of each example's intent among the names, shape (n,).
        settled: Index of an intent and a text of its `not:`, about which an admin has decided.
        vectors: Unit vectors, shape (n, dimension).
        features: Rows for the ridge regression, shape (n, n_features).
    """

    names: tuple[str, ...]
    examples: tuple[Example, ...]
    labels: NDArray[np.int64]
    settled: frozenset[tuple[int, str]]
    vectors: NDArray[np.float32]
    features: NDArray[np.float32]


def written_texts(intents: IntentSet) -> list[str]:
    """Return all examples and out-of-scope texts, in the order that `semantic_problems` expects."""
    return [example.text for _, example in _written(intents)]


def semantic_problems(intents: IntentSet, reading: TextEmbeddings) -> Iterator[Problem]:
    """Yield warnings about the meaning of the examples.

    Args:
        intents: The intents.
        reading: Embeddings of `written_texts(intents)`.
    """
    taught = _taught(intents, reading)
    if len(taught.names) < 2 or not len(taught.examples):
        return
    nearest, siblings = _neighbours(taught)
    fits = _left_out(taught)
    yield from _twins(taught, nearest)
    yield from _misplaced(taught, nearest, fits)
    yield from _intents_in_doubt(intents, taught, fits, siblings)


def _written(intents: IntentSet) -> Iterator[tuple[int, Example]]:
    for position, intent in enumerate(intents.intents):
        for example in intent.examples:
            yield position, example
    for example in intents.out_of_scope:
        yield len(intents.intents), example


def _taught(intents: IntentSet, reading: TextEmbeddings) -> EmbeddedExamples:
    written = list(_written(intents))
    kept = np.flatnonzero(reading.known >= _KNOWN)
    vectors = reading.vectors[kept]
    return EmbeddedExamples(
        names=(*(intent.name for intent in intents.intents), _OUTSIDE),
        examples=tuple(written[i][1] for i in kept.tolist()),
        labels=np.array([written[i][0] for i in kept.tolist()], dtype=np.int64),
        settled=frozenset(
            (position, example.text)
            for position, intent in enumerate(intents.intents)
            for example in intent.near_misses
        ),
        vectors=vectors,
        features=np.hstack([vectors, reading.lower[kept], np.ones((len(kept), 1), np.float32)]),
    )


def _left_out(taught: EmbeddedExamples) -> NDArray[np.float32]:
    """Return leave-one-out predictions: how well each example fits each intent.

    Ridge regression onto one column per intent; leaving out an example has a closed form.

    Returns:
        About 1 for the intent that an example fits, 0 for the others, shape (n, n_names).

    Source: Allen 1974, the PRESS statistic.
    """
    rows = taught.features
    wanted = np.zeros((len(rows), len(taught.names)), dtype=np.float32)
    wanted[np.arange(len(rows)), taught.labels] = 1
    gram = rows.T @ rows + _RIDGE * np.eye(rows.shape[1], dtype=np.float32)
    solved = np.linalg.solve(gram, rows.T).T
    leverage = np.minimum((rows * solved).sum(axis=1, keepdims=True), 0.999)
    fitted = rows @ (solved.T @ wanted)
    left_out: NDArray[np.float32] = (fitted - leverage * wanted) / (1 - leverage)
    return left_out


def _neighbours(taught: EmbeddedExamples) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Find the nearest neighbours of each example, and its similarity to its own intent.

    Returns:
        Indices of the nearest neighbours, nearest first, shape (n, 3 or fewer); and the cosine to
        the nearest example of the same intent, shape (n,), -1 where there is none.
    """
    n = len(taught.examples)
    count = min(_NEIGHBOURS, n - 1)
    nearest = np.zeros((n, count), dtype=np.int64)
    siblings = np.full(n, -1, dtype=np.float32)
    for start in range(0, n, _CHUNK):
        stop = min(start + _CHUNK, n)
        near = taught.vectors[start:stop] @ taught.vectors.T
        near[np.arange(stop - start), np.arange(start, stop)] = -2  # not itself
        best = np.argpartition(-near, range(count), axis=1)[:, :count] if count else nearest[:0]
        nearest[start:stop] = best
        same = taught.labels[start:stop, None] == taught.labels[None, :]
        siblings[start:stop] = np.where(same, near, -1).max(axis=1)
    return nearest, siblings


def _twins(taught: EmbeddedExamples, nearest: NDArray[np.int64]) -> Iterator[Problem]:
    """Yield examples with the same meaning as an example of another intent."""
    seen: set[tuple[int, int]] = set()
    for i, row in enumerate(nearest.tolist()):
        for j in row:
            first, second = sorted((i, j))
            if (first, second) in seen or not _may_be_twins(taught, i, j):
                continue
            if float(taught.vectors[i] @ taught.vectors[j]) >= TWINS:
                seen.add((first, second))
                name, twin = taught.names[taught.labels[first]], taught.examples[first]
                yield _doubt(
                    taught,
                    second,
                    f'"{_short(taught.examples[second].text)}" means the same as '
                    f'"{_short(twin.text)}" of {name} ({_place(twin)})',
                    "keep it in one of the two, or reword it to say what only this intent is about",
                )


def _misplaced(
    taught: EmbeddedExamples, nearest: NDArray[np.int64], fits: NDArray[np.float32]
) -> Iterator[Problem]:
    """Yield examples that fit another intent far better, where the nearest neighbours agree.

    Out-of-scope texts are not checked: they are meant to resemble intents.
    """
    outside = len(taught.names) - 1
    for i, row in enumerate(fits):
        own, best = int(taught.labels[i]), int(row.argmax())
        if own == outside or (best, taught.examples[i].text) in taught.settled:
            continue
        votes = Counter(taught.labels[nearest[i]].tolist())
        if best == own or row[best] - row[own] < MISPLACED or votes[best] < 2 or votes[own]:
            continue
        other = taught.names[best]
        remedy = f"move it to {other}; if it is right here, add it to `not:` of {other}"
        if best == outside:
            remedy = "move it to `out_of_scope:`, or add more examples like it"
        wrong = f'"{_short(taught.examples[i].text)}" looks like {other}'
        yield _doubt(taught, i, wrong, remedy)


def _intents_in_doubt(
    intents: IntentSet,
    taught: EmbeddedExamples,
    fits: NDArray[np.float32],
    siblings: NDArray[np.float32],
) -> Iterator[Problem]:
    """Yield pairs of intents that overlap, and intents that lack examples or variety."""
    best = fits.argmax(axis=1)
    sizes = np.bincount(taught.labels, minlength=len(taught.names))
    taken: dict[tuple[int, int], int] = defaultdict(int)
    for own, other in zip(taught.labels.tolist(), best.tolist(), strict=True):
        if own != other:
            taken[min(own, other), max(own, other)] += 1
    for (first, second), count in sorted(taken.items()):
        smaller = int(min(sizes[first], sizes[second]))
        inside = second < len(intents.intents)
        if inside and count >= _FEWEST and count >= OVERLAP * smaller:
            yield _overlap(intents, first, second, count)
    for position, intent in enumerate(intents.intents):
        own = np.flatnonzero(taught.labels == position)
        strange = int((best[own] != position).sum())
        if 2 <= len(own) < FEW and 2 * strange > len(own):
            yield _about(
                intents,
                position,
                f"{strange} of the {len(own)} examples look like other intents",
                "write more examples that clearly belong to this intent only",
            )
        if len(own) >= MANY and float(siblings[own].mean()) >= ALIKE:
            yield _about(
                intents,
                position,
                f"the {len(intent.examples)} examples are too similar to each other",
                "add examples with different words and lengths, as customers wrote them",
            )


def _overlap(intents: IntentSet, first: int, second: int, count: int) -> Problem:
    other = intents.intents[first]
    return _about(
        intents,
        second,
        f"overlaps with {other.name} ({other.path}:{other.line}): {count} examples of the two fit "
        "the other intent better than their own",
        "merge the two and ask for the difference in a slot, or make their examples more distinct",
    )


def _about(intents: IntentSet, position: int, wrong: str, remedy: str) -> Problem:
    intent = intents.intents[position]
    return Problem(intent.path, intent.line, 0, intent.name, wrong, remedy, "warning")


def _doubt(taught: EmbeddedExamples, i: int, wrong: str, remedy: str) -> Problem:
    example, name = taught.examples[i], taught.names[taught.labels[i]]
    key = name if name == _OUTSIDE else f"{name}.examples"
    return Problem(
        example.path or Path(), example.line, example.column, key, wrong, remedy, "warning"
    )


def _may_be_twins(taught: EmbeddedExamples, i: int, j: int) -> bool:
    """Exclude examples of one intent, equal texts (reported elsewhere), and texts of `not:`."""
    one, other = int(taught.labels[i]), int(taught.labels[j])
    texts = taught.examples[i].text, taught.examples[j].text
    normal = [" ".join(text.casefold().split()) for text in texts]
    settled = {(other, texts[0]), (one, texts[1])} & taught.settled
    return one != other and normal[0] != normal[1] and not settled


def _place(example: Example) -> str:
    return f"{example.path}:{example.line}"


def _short(text: str) -> str:
    return shortened(text, 60, "…")

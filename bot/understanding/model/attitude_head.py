"""A classifier of what customers name: they want it, like it, avoid it, do not mind it, had it.

It does not depend on a shop: what is named is left out of what it reads. The words around it are
seen by their meaning, and by themselves with their places and the cues that they are. One head is
trained over each encoder, on Frontdesk's own examples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from bot.errors import ModelError
from bot.ports import Attitude
from bot.understanding.encoders.encoder import ReadsTexts, TextEmbeddings
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.normalise import normalise
from bot.understanding.model.features import Features, SparseRow
from bot.understanding.model.head import Head, Targets, design, fit
from bot.understanding.model.named_places import NamedPlace, around, places
from bot.understanding.model.shipped_examples import shipped_lines

FILE, WORDS = "attitudes.safetensors", "attitudes.json"

_EXAMPLES = "attitudes.yaml"

_ATTITUDES = tuple(Attitude)
_LETTERS = {"w": 0, "l": 1, "a": 2, "n": 3, "p": 4}
_MARKED = re.compile(r"\[([^\[\]]+)\]([wlanp])")

_CLAUSE, _SIDES, _AROUND = 1.0, 0.7, 2.0
"""Weights of the clause's embedding, of those of its two sides, and of the words around, and ..."""

_WEIGHT = 0.2
"""... of an example relative to the penalty of `fit`; chosen by cross-validation on examples."""

_SEED = 0
_LEAST = 2
"""Mentions around which a word must stand for it to be learned."""


@dataclass(frozen=True, slots=True)
class _Example:
    place: NamedPlace
    label: int


@dataclass(frozen=True, slots=True)
class AttitudeHead:
    """A head with the words that it knows."""

    head: Head
    words: Mapping[str, int]

    def attitudes(
        self, text: str, named: Sequence[tuple[int, int]], language: str, encoder: ReadsTexts
    ) -> list[Mapping[Attitude, float]]:
        """Return the probability of each attitude to each thing that a message names.

        Args:
            text: The message, normalised.
            named: Where it names things, from the left.
            language: Its BCP 47 tag.
            encoder: Embeds what stands around them, in one batch.
        """
        found = places(text, named, language)
        if not found:
            return []
        seen = _features(found, _read(encoder, found), self.words)
        rows = self.head.probabilities(seen)
        return [dict(zip(_ATTITUDES, map(float, row), strict=True)) for row in rows]

    def write(self, folder: Path) -> None:
        """Write it into a model version, or into its multilingual part."""
        from safetensors.numpy import save_file

        head = self.head
        save_file({"dense": head.dense, "sparse": head.sparse, "bias": head.bias}, folder / FILE)
        (folder / WORDS).write_text(json.dumps(list(self.words)), encoding="utf-8")


def fit_attitude_head(encoder: ReadsTexts, *, every_language: bool) -> AttitudeHead:
    """Train the head over an encoder, on the examples of all languages or the English ones."""
    found = [
        (tag, line)
        for languages in shipped_lines(_EXAMPLES).values()
        for tag, lines in languages.items()
        if every_language or tag == ENGLISH
        for line in lines
    ]
    return fit_lines(encoder, found)


def fit_lines(encoder: ReadsTexts, lines: Sequence[tuple[str, str]]) -> AttitudeHead:
    """Train the head over an encoder on marked lines, each with its language."""
    return _fitted(encoder, [each for tag, line in lines for each in _examples([line], tag)])


def read_attitudes(folder: Path, dimension: int) -> AttitudeHead | None:
    """Read the head from a folder; None for a model of an earlier Frontdesk without one.

    Args:
        folder: Folder of a version, or of its multilingual part.
        dimension: Dimension of the encoder there.

    Raises:
        ModelError: A file is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = folder / FILE
    if not path.is_file():
        return None
    try:
        tensors = load_file(path)
        words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        head = Head(tensors["dense"], tensors["sparse"], tensors["bias"])
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise ModelError(f"{path}: cannot be read ({error}): run `frontdesk train`") from error
    n, shapes = len(_ATTITUDES), (head.dense.shape, head.sparse.shape, head.bias.shape)
    if shapes != ((6 * dimension, n), (len(words), n), (n,)):
        raise ModelError(f"{path}: was trained with another encoder: run `frontdesk train`")
    return AttitudeHead(head, {word: at for at, word in enumerate(words)})


def _fitted(encoder: ReadsTexts, examples: Sequence[_Example]) -> AttitudeHead:
    found = [each.place for each in examples]
    labels = np.array([each.label for each in examples], dtype=np.int64)
    counts: dict[str, int] = {}
    for place in found:
        for word in place.words:
            counts[word] = counts.get(word, 0) + 1
    known = sorted(word for word, count in counts.items() if count >= _LEAST)
    words = {word: at for at, word in enumerate(known)}
    seen = _features(found, _read(encoder, found), words)
    weights = np.full(len(labels), _WEIGHT, dtype=np.float32)
    targets = Targets(labels, np.zeros(len(labels), dtype=np.bool_), weights, len(_ATTITUDES))
    # Synchronising BLAS threads over matrices of this size takes longer than the work.
    with threadpool_limits(1, user_api="blas"):
        rows = design(seen, len(words), _SEED)
        return AttitudeHead(rows.head(fit(rows.features, targets)), words)


def _read(encoder: ReadsTexts, found: Sequence[NamedPlace]) -> list[TextEmbeddings]:
    """Return the embeddings of the clauses, of what is before, and of what is behind."""
    texts = list(dict.fromkeys(text for each in found for text in around(each)))
    row = {text: at for at, text in enumerate(texts)}
    reading = encoder.read(texts)
    columns = zip(*(around(each) for each in found), strict=True)
    return [reading.take(np.array([row[text] for text in column])) for column in columns]


def _features(
    found: Sequence[NamedPlace], reading: Sequence[TextEmbeddings], words: Mapping[str, int]
) -> Features:
    weighted = zip(reading, (_CLAUSE, _SIDES, _SIDES), strict=True)
    parts = [w * layer for each, w in weighted for layer in (each.vectors, each.lower)]
    dense = np.concatenate(parts, axis=1, dtype=np.float32)
    rows = [_row(each.words, words) for each in found]
    return Features(dense, dense, rows, reading[0].known)


def _row(weights: Mapping[str, float], words: Mapping[str, int]) -> SparseRow:
    """Return the words around a mention that are known, to a length of `_AROUND` for all."""
    length = float(np.sqrt(sum(each * each for each in weights.values()))) or 1.0
    kept = sorted((words[word], each) for word, each in weights.items() if word in words)
    columns = np.array([at for at, _ in kept], dtype=np.int64)
    values = np.array([_AROUND * each / length for _, each in kept], dtype=np.float32)
    return SparseRow(columns, values)


def _examples(lines: Sequence[str], language: str) -> Iterator[_Example]:
    """Yield what lines name, as written, and as typed in haste: "dont" for "don't"."""
    for line in (each for one in lines for each in dict.fromkeys((one, one.replace("'", "")))):
        text, named, labels = unmarked(line)
        for place, label in zip(places(text, named, language), labels, strict=True):
            yield _Example(place, label)


def unmarked(line: str) -> tuple[str, list[tuple[int, int]], list[int]]:
    """Return a line without its marks, where they stood, and what they say.

    >>> unmarked("a [red]w one, not [blue]a")
    ('a red one, not blue', [(2, 5), (15, 19)], [0, 2])
    """
    line, text = normalise(line), ""
    named, labels, last = [], [], 0
    for mark in _MARKED.finditer(line):
        text += line[last : mark.start()]
        named.append((len(text), len(text) + len(mark[1])))
        labels.append(_LETTERS[mark[2]])
        text += mark[1]
        last = mark.end()
    return text + line[last:], named, labels

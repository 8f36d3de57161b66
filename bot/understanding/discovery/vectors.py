"""What messages are compared by when they are grouped: English ones, or ones in several languages.

English messages are compared by the first encoder, its layer before the last, and n-grams, as the
classifier does. Where some are in other languages, all are compared by the multilingual encoder,
with each language's mean taken away: an encoder puts texts of one language close together, whatever
they say. Neighbours of English messages are then found by both encoders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.discovery.grouping import TextVectors, chance_level, unit
from bot.understanding.encoders.encoder import ReadsTexts
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.tags import primary

_LOWER, _NGRAMS = 0.7, 0.5
"""Weights of the layer before the last, and of n-grams, besides 1 for the last. Source: the
training parts of Banking77 and CLINC150."""

_DIMENSIONS = 200
_SPELLED = (2, 4)
_FEW = 10
"""Texts with the mean of all languages that are counted along in the mean of each one: a few
messages may all be about one subject, which must not be taken away."""

_FOREIGN = 0.05
"""Share of messages in other languages from which the multilingual encoder compares."""

_BY_SECOND = 0.6
"""Weight of the multilingual encoder where all messages are English, and ..."""

_BY_FIRST = 0.5
"""... of the first one where neighbours of English messages among others are found by both. Source:
benchmarks/field/build/missed.yaml."""


def english_vectors(texts: Sequence[str], encoder: ReadsTexts) -> TextVectors:
    """Return what texts in the encoder's language are compared by."""
    parts = [_meaning(texts, encoder)]
    if len(texts) > 2:
        parts.append(_NGRAMS * _ngrams(texts))
    vectors = np.hstack(parts)
    vectors = unit(vectors - vectors.mean(axis=0))
    return TextVectors(vectors, chance=chance_level(vectors))


def message_vectors(
    messages: Sequence[tuple[str, str]],
    background: Sequence[tuple[str, str]],
    first: ReadsTexts,
    multilingual: ReadsTexts | None,
) -> TextVectors:
    """Return what messages in any languages are compared by.

    Args:
        messages: Their texts, with their BCP 47 tags.
        background: Other texts, which mostly mean different things: they tell how much alike two
            texts are by chance, also where all messages are about one subject.
        first: The encoder for English.
        multilingual: The encoder for other languages; None: the first one knows all.
    """
    count = len(messages)
    texts = [text for text, _ in (*messages, *background)]
    tags = np.array([primary(tag) for _, tag in (*messages, *background)], dtype=np.str_)
    english = tags == ENGLISH
    if multilingual is None or np.mean(~english[:count]) <= _FOREIGN:
        vectors = english_vectors(texts, first).vectors
        if multilingual is not None:
            other = _centred(multilingual.read(texts).vectors, tags)
            vectors = unit(np.hstack([vectors, _BY_SECOND * other]))
        return TextVectors(vectors[:count], chance=_chance(vectors, count))
    vectors = _centred(multilingual.read(texts).vectors, tags)
    similarity = np.asarray(vectors[:count] @ vectors[:count].T, dtype=np.float32)
    rows = np.flatnonzero(english[:count])
    if len(rows) > 2:
        own = _meaning([texts[int(row)] for row in rows], first)
        place = np.ix_(rows, rows)
        similarity[place] = _joined(similarity[place], own @ own.T)
    return TextVectors(vectors[:count], similarity, _chance(vectors, count))


def _chance(vectors: NDArray[np.float32], count: int) -> float:
    """Return how much alike the background is, or the messages where there is none."""
    return chance_level(vectors[count:] if len(vectors) - count > 1 else vectors)


def _meaning(texts: Sequence[str], encoder: ReadsTexts) -> NDArray[np.float32]:
    read = encoder.read(texts)
    return unit(np.hstack([unit(read.vectors), _LOWER * unit(read.lower)]))


def _ngrams(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the main components of the texts' n-grams, unit vectors of shape (n_texts, n)."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    spelled = TfidfVectorizer(analyzer="char_wb", ngram_range=_SPELLED, sublinear_tf=True)
    counts: Any = spelled.fit_transform([text or " " for text in texts])
    size = min(_DIMENSIONS, len(texts) // 2, counts.shape[1] - 1)
    if size < 1:
        return np.zeros((len(texts), 1), dtype=np.float32)
    return unit(TruncatedSVD(size, random_state=0).fit_transform(counts))


def _centred(vectors: NDArray[np.float32], tags: NDArray[np.str_]) -> NDArray[np.float32]:
    """Return vectors without the mean of their language."""
    means, overall = np.empty_like(vectors), vectors.mean(axis=0)
    for tag in np.unique(tags):
        rows = tags == tag
        means[rows] = (vectors[rows].sum(axis=0) + _FEW * overall) / (rows.sum() + _FEW)
    return unit(unit(vectors - means))


def _joined(many: NDArray[np.float32], first: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of two encoders' similarities, on the scale of the multilingual one."""
    apart = ~np.eye(len(many), dtype=np.bool_)
    center, spread = float(many[apart].mean()), float(many[apart].std())
    both = (1.0 - _BY_FIRST) * _standard(many, apart) + _BY_FIRST * _standard(first, apart)
    scale = max(float(both[apart].std()), 1e-9)
    joined = center + spread * both / scale
    np.fill_diagonal(joined, 1.0)
    return np.asarray(joined, dtype=np.float32)


def _standard(values: NDArray[np.float32], apart: NDArray[np.bool_]) -> NDArray[np.float32]:
    spread = max(float(values[apart].std()), 1e-9)
    return np.asarray((values - values[apart].mean()) / spread, dtype=np.float32)

"""Nearness of units to a question: how likely each one is to answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.grounding.parsing import plain
from bot.answering.knowledge.bm25 import terms
from bot.answering.knowledge.index import OWN_LANGUAGE, Encoders
from bot.answering.knowledge.indexed_passage import primary
from bot.answering.selection.units import ArticleUnit
from bot.ports import Passage
from bot.ports.embedding import Embeds

FEATURES = 14
"""Numbers that are computed for each pair of question and unit."""

WEIGHTS = (0.51, 2.51, 0.03, 1.62, 0.62, 1.33, 4.79, 4.85, 0.59, 1.63, -0.41, 4.9, 0.57, 0.1)
"""Of the features. Source: a logistic regression on the questions of benchmarks/field/build/trades
(`python -m benchmarks.grounding.nearness`)."""

_COMMON = 3.0
"""Weight that is added to a question's words before shares are taken, about that of a rare word:
what a question of one word holds stands somewhere by chance."""

_REMEMBERED = 8_000
_HAN = re.compile(r"[\u3400-\u9fff]")


class Nearness:
    """Compares units with a question, by meaning and by words; caches the vectors of units.

    Args:
        encoders: The multilingual one compares what is in another language than the first one's.
    """

    def __init__(self, encoders: Encoders) -> None:
        self._encoders = encoders
        self._vectors: dict[tuple[bool, str], NDArray[np.float32]] = {}

    def scores(
        self,
        asked: Sequence[str],
        passages: Sequence[Passage],
        units: Sequence[ArticleUnit],
        *,
        language: str,
    ) -> NDArray[np.float64]:
        """Return how near each unit is to each text.

        Args:
            asked: The question, and then its parts where it has several.
            passages: What the units stand in.
            units: At least one.
            language: BCP 47 tag of the question; empty when it is not known.

        Returns:
            Log-odds, shape (n_asked, n_units).
        """
        weights = np.array(WEIGHTS)
        every = self.features(asked, passages, units, language=language)
        return np.stack([each @ weights for each in every])

    def features(
        self,
        asked: Sequence[str],
        passages: Sequence[Passage],
        units: Sequence[ArticleUnit],
        *,
        language: str,
    ) -> Iterator[NDArray[np.float64]]:
        """Yield the features of all units for each text, shape (n_units, FEATURES)."""
        subjects = [_subject(passage) for passage in passages]
        above = [subjects[unit.passage] for unit in units]
        texts = [_with_lead(unit, units) for unit in units]
        whole = [f"{one} {other}" for one, other in zip(above, texts, strict=True)]
        many = np.array([self._is_for_many(text, language) for text in whole])
        scores = np.array([passages[unit.passage].score for unit in units])
        first = np.array([unit.passage == 0 for unit in units], dtype=np.float64)
        held = _held(texts), _held(whole)
        for text in asked:
            columns = [
                *(self._similar(text, each, many) for each in (texts, whole, above)),
                _shares(text, held[1]),
                _shares(text, held[0]),
                scores,
            ]
            relative = [column - column.max() for column in columns]
            yield np.stack([*columns, *relative, many.astype(np.float64), first], axis=1)

    def _is_for_many(self, text: str, language: str) -> bool:
        """Return whether the multilingual encoder compares a text with the question."""
        if self._encoders.many is None:
            return False
        return primary(language) not in ("", OWN_LANGUAGE) or bool(_HAN.search(text))

    def _similar(
        self, text: str, others: Sequence[str], many: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Return the cosines of a text with others, each by the encoder for its language."""
        found = np.zeros(len(others))
        for is_many, encoder in ((False, self._encoders.own), (True, self._encoders.many)):
            at = np.flatnonzero(many == is_many)
            if len(at) and encoder is not None:
                vectors = self._embedded([others[n] for n in at.tolist()], encoder, is_many=is_many)
                found[at] = vectors @ encoder.embed([text])[0]
        return found

    def _embedded(
        self, texts: Sequence[str], encoder: Embeds, *, is_many: bool
    ) -> NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if (is_many, text) not in self._vectors]
        if len(self._vectors) + len(missing) > _REMEMBERED:
            self._vectors.clear()
            missing = list(dict.fromkeys(texts))
        if missing:
            vectors = encoder.embed(missing, passages=True)
            self._vectors.update(
                ((is_many, text), vector) for text, vector in zip(missing, vectors, strict=True)
            )
        return np.stack([self._vectors[is_many, text] for text in texts])


def _subject(passage: Passage) -> str:
    return f"{plain(passage.source.title)}. {passage.heading.replace(' > ', '. ')}."


def _with_lead(unit: ArticleUnit, units: Sequence[ArticleUnit]) -> str:
    return unit.whole if unit.lead is None else f"{units[unit.lead].whole} {unit.whole}"


def _held(texts: Sequence[str]) -> Sequence[frozenset[str]]:
    return [frozenset(terms(text)) for text in texts]


def _shares(text: str, held: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    """Return the share of a text's words that each unit holds, rare words counting more."""
    weights = _weights(text, held)
    total = sum(weights.values()) + _COMMON
    return np.array(
        [sum(weight for term, weight in weights.items() if term in each) / total for each in held]
    )


def _weights(text: str, held: Sequence[frozenset[str]]) -> Mapping[str, float]:
    """Return the inverse document frequency of each word of a text, over the units."""
    found = {}
    for term in dict.fromkeys(terms(text)):
        often = sum(term in each for each in held)
        found[term] = float(np.log1p((len(held) - often + 0.5) / (often + 0.5)))
    return found

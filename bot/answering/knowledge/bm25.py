"""BM25 word search: finds the names, numbers and rare words that embeddings blur."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_CHINESE_STOPWORDS = frozenset(
    "的了吗呢吧么什多少在我你您他们可以是有和或就都也怎要能不这那给请会到"
)
_SPACELESS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_CHANCE = np.float32(12.0)
"""Weight that is added to a text's before shares are taken: about that of two rare words. Source:
the lists of bot/stages/prefer_article.py."""

_RUN = re.compile(rf"[{_SPACELESS}]+|[^\W{_SPACELESS}]+")
_ENDING = re.compile(r"(?<=\w{3})(?:ations?|ings?|ies|es|ed|ly|s)$")


def terms(text: str) -> list[str]:
    """Return the terms of a text: words without their commonest endings, no stop words.

    Scripts without spaces give their characters and pairs of characters.

    >>> terms("Is shipping free for tents?"), terms("退货费")
    (['shipp', 'free', 'tent'], ['退', '货', '费', '退货', '货费'])
    """
    found: list[str] = []
    silent = _stopwords()
    for run in _RUN.findall(text.lower()):
        if re.match(f"[{_SPACELESS}]", run):
            found += [character for character in run if character not in silent]
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        elif run not in silent:
            found.append(_stem(run))
    return found


@functools.cache
def _stopwords() -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_EN_PLUS  # brings scipy

    return _CHINESE_STOPWORDS | frozenset(STOPWORDS_EN_PLUS)


def _stem(word: str) -> str:
    stem = _ENDING.sub("", word)
    return stem[:-1] if len(stem) > 4 and stem.endswith("e") else stem


class WordIndex:
    """BM25 over passages, scaled to what the best conceivable passage would reach."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index texts, in their order; quick enough to be done at every start."""
        self._passages = len(texts)
        self._frequency: dict[str, int] = {}
        self._starts: dict[str, int] = {}
        if not texts:
            return
        import bm25s

        self._bm25 = bm25s.BM25(method="lucene")
        self._bm25.index([terms(text) for text in texts], show_progress=False)
        counts, starts = np.diff(self._bm25.scores["indptr"]), self._bm25.scores["indptr"]
        vocabulary = self._bm25.vocab_dict
        self._frequency = {term: int(counts[n]) for term, n in vocabulary.items() if term}
        self._starts = {term: int(starts[n]) for term, n in vocabulary.items() if term}

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return the share of the text's weight that each passage matches.

        Returns:
            Shape (n_passages,), in [0, 1]. Words that no passage holds count as missed, so
            that a question about something else stays low everywhere.

        Source: BM25 as in Lucene (Kamphuis et al. 2020), divided by the sum of the terms' idf,
        which bounds it.
        """
        if not self._passages:
            return np.zeros(0, dtype=np.float32)
        wanted = list(dict.fromkeys(terms(text)))
        known = [term for term in wanted if term in self._frequency]
        if not known:
            return np.zeros(self._passages, dtype=np.float32)
        idf = self._idf(wanted)
        matched = np.asarray(self._bm25.get_scores(known), dtype=np.float32)
        share: NDArray[np.float32] = np.clip(matched / np.float32(idf.sum()), 0.0, 1.0)
        return share

    def covered(self, text: str) -> NDArray[np.float32]:
        """Return the share of the text's weight that stands in each passage, however often.

        Returns:
            Shape (n_passages,), in [0, 1): near 1 where each term of the text stands, and less for
            a text of few or common words, which stand somewhere by chance.
        """
        shares = np.zeros(self._passages, dtype=np.float32)
        wanted = list(dict.fromkeys(terms(text))) if self._passages else []
        weights = self._idf(wanted)
        for term, weight in zip(wanted, weights.tolist(), strict=True):
            start, count = self._starts.get(term, 0), self._frequency.get(term, 0)
            shares[self._bm25.scores["indices"][start : start + count]] += weight
        return shares / (np.float32(weights.sum()) + _CHANCE)

    def weights(self, text: str) -> dict[str, float]:
        """Return the weight of each term of a text; a term that no passage holds weighs most."""
        wanted = list(dict.fromkeys(terms(text))) if self._passages else []
        return dict(zip(wanted, self._idf(wanted).tolist(), strict=True))

    def __contains__(self, term: object) -> bool:
        """Return whether some passage holds a term."""
        return term in self._frequency

    def _idf(self, wanted: Sequence[str]) -> NDArray[np.float64]:
        """Return the inverse document frequencies of terms, those of unknown ones included."""
        frequencies = np.array([self._frequency.get(term, 0) for term in wanted], dtype=np.float64)
        return np.log1p((self._passages - frequencies + 0.5) / (frequencies + 0.5))

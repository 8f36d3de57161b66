"""Knowledge index: passages searchable by vectors and BM25; rebuilt when articles change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge import index_files
from bot.answering.knowledge.access import PassageAccess
from bot.answering.knowledge.articles import Article, digest
from bot.answering.knowledge.bm25 import WordIndex
from bot.answering.knowledge.centred_vectors import CentredVectors
from bot.answering.knowledge.conversion import Converted
from bot.answering.knowledge.indexed_passage import IndexedPassage, index_passages, primary
from bot.answering.knowledge.scores import PassageScores
from bot.answering.knowledge.screening import screened
from bot.answering.knowledge.vectors import PassageVectors
from bot.errors import ModelError, Problem
from bot.ports.embedding import Embeds
from bot.ports.screening import Screens

_BY_WORDS = 0.2
"""Share of the word search. Source: the tuning half of tests/data/knowledge_questions.yaml, and
tests/data/faq_questions.yaml, with its answers as they are and with others' answers among them."""

_BY_SUBJECT = 0.5
"""Share of titles and headings in the word search; source as above."""

_OTHER_LANGUAGE = 0.9
"""Factor for passages in another language than the customer's."""

_TRANSLATED = 0.65
"""Similarity of a good answer by the multilingual encoder, as a share of that by the first encoder,
for an English question. Source: the tuning half of
tests/data/cross_language.yaml; 0.55 puts translations before English answers."""

_CENTRED = 0.45
"""The same for questions in other languages, which are compared with centred vectors. Source: the
tuning parts of tests/data/cross_language.yaml and cross_language_more.yaml; 0.35 quotes twice as
many wrong articles, 0.55 a fifth fewer right ones."""

OWN_LANGUAGE = "en"
"""The language of the first encoder, where there is a multilingual one as well."""

_ALL = 1_500
"""Most passages that are compared with a question sentence by sentence: the likeliest ones."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search query with its vectors.

    Attributes:
        language: BCP 47 tag of the customer; empty when it is not known.
        vector: By the first encoder, shape (dimension,).
        many: By the multilingual encoder; None when it is not used.
    """

    text: str
    language: str
    vector: NDArray[np.float32]
    many: NDArray[np.float32] | None = None

    @property
    def is_foreign(self) -> bool:
        """Return whether it is in another language than the first encoder's."""
        return primary(self.language) not in ("", OWN_LANGUAGE)


@dataclass(frozen=True, slots=True)
class Encoders:
    """The encoders of texts.

    Attributes:
        own: The encoder of the intents.
        many: The multilingual encoder; None for none.
        screen: Finds what is planted in articles; None for none.
    """

    own: Embeds
    many: Embeds | None = None
    screen: Screens | None = None


class KnowledgeIndex:
    """All passages, searchable by meaning and by words.

    Attributes:
        articles: The `digest` of the articles that it was built from.
        conversions: Converted files, by the hash of the file.
        admission: Who may read which passages, and when.
        problems: What was left out as planted when this was built; it is not stored.
    """

    def __init__(
        self,
        passages: Sequence[IndexedPassage],
        vectors: PassageVectors,
        many: PassageVectors | None,
        *,
        articles: str,
        conversions: Mapping[str, Converted] | None = None,
    ) -> None:
        self.passages = tuple(passages)
        self.articles = articles
        self.conversions = conversions or {}
        self.admission = PassageAccess(passages)
        self.version = _version(passages)
        self.problems: tuple[Problem, ...] = ()
        self._vectors = vectors
        self._many = many
        languages = [passage.primary_language for passage in passages]
        self._centred = None if many is None else CentredVectors(many, languages)
        self._languages = np.array(languages, dtype=np.str_)
        self._words = WordIndex([f"{p.subject} {p.subject} {p.text}" for p in passages])
        self._subject_words = WordIndex([p.subject for p in passages])

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        encoders: Encoders,
        *,
        conversions: Mapping[str, Converted] | None = None,
        earlier: KnowledgeIndex | None = None,
        kept: Sequence[IndexedPassage] = (),
    ) -> KnowledgeIndex:
        """Index articles, without what is planted in them.

        Args:
            articles: What to index.
            encoders: Embed the passages, and screen them.
            conversions: Stored for the next reading.
            earlier: An index by the same encoders and heads: what is known of unchanged texts is
                reused.
            kept: Passages to keep of articles that cannot be read now.
        """
        known = {passage.text for passage in earlier.passages} if earlier else set()
        sound, problems = screened(articles, encoders.screen, known)
        passages = [*index_passages(sound), *kept]
        index = cls(
            passages,
            PassageVectors.build(passages, encoders.own, earlier.known() if earlier else None),
            _many(passages, encoders, earlier),
            articles=digest(articles),
            conversions=conversions,
        )
        index.problems = tuple(problems)
        return index

    @property
    def is_foreign(self) -> bool:
        """Return whether some passages are in other languages than the first encoder's."""
        return self._many is not None and bool(np.any(self._languages != OWN_LANGUAGE))

    @property
    def knows_many(self) -> bool:
        """Return whether it was built with a multilingual encoder."""
        return self._many is not None

    @property
    def words(self) -> WordIndex:
        """The words of the passages, their titles and headings."""
        return self._words

    def known(self) -> dict[str, NDArray[np.float32]]:
        """Return the first encoder's vector of each text."""
        return self._vectors.known(self.passages)

    def known_to_many(self) -> dict[str, NDArray[np.float32]]:
        """Return the multilingual encoder's vector of each text."""
        return self._many.known(self.passages) if self._many is not None else {}

    def score(self, question: SearchQuery) -> PassageScores:
        """Return the scores of the likeliest passages, for every audience."""
        words = self._by_words(question.text)
        rows = self._likeliest(question, words)
        meaning = self._relatedness(question, rows)
        joined = (1.0 - _BY_WORDS) * meaning + _BY_WORDS * words[rows]
        if question.language:
            native = self._languages[rows] == primary(question.language)
            joined = joined * np.where(native, 1.0, _OTHER_LANGUAGE)
        return PassageScores(
            rows,
            meaning,
            words[rows],
            np.asarray(joined, dtype=np.float32),
            self._words.covered(question.text)[rows],
        )

    def _by_words(self, text: str) -> NDArray[np.float32]:
        """Return the BM25 scores of passages for a text, shape (n_passages,)."""
        whole, subject = self._words.scores(text), self._subject_words.scores(text)
        return (1.0 - _BY_SUBJECT) * whole + _BY_SUBJECT * subject

    def _likeliest(self, question: SearchQuery, words: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the numbers of the passages to compare in detail."""
        if len(self.passages) <= _ALL:
            return np.arange(len(self.passages))
        rough = self._vectors.roughly(question.vector)
        if question.many is not None and (many := self._seen_by_many(question)) is not None:
            other = self._by_many(question, np.arange(len(self.passages)))
            rough = np.where(other, many.roughly(question.many), rough)
        rough = (1.0 - _BY_WORDS) * rough + _BY_WORDS * words
        return np.sort(np.argpartition(rough, -_ALL)[-_ALL:])

    def _relatedness(self, question: SearchQuery, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the similarity of passages to a question, each by the encoder for its language."""
        many = self._seen_by_many(question)
        if many is None:
            return self._vectors.relatedness(question.vector, rows)
        related = np.zeros(len(rows), dtype=np.float32)
        other = self._by_many(question, rows)
        if not other.all():
            related[~other] = self._vectors.relatedness(question.vector, rows[~other])
        if question.many is not None and other.any():
            reached = many.relatedness(question.many, rows)
            if question.is_foreign:
                rate = 1.0 / _CENTRED
            else:
                rate = _exchange_rate(related[~other], reached[~other])
            related[other] = np.minimum(reached[other] * rate, 1.0)
        return related

    def _by_many(self, question: SearchQuery, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for which passages the multilingual encoder is used."""
        if question.is_foreign:
            return np.ones(len(rows), dtype=np.bool_)
        return np.asarray(self._languages[rows] != OWN_LANGUAGE)

    def _seen_by_many(self, question: SearchQuery) -> PassageVectors | CentredVectors | None:
        """Return the multilingual encoder's vectors that a question is compared with."""
        return self._centred if question.is_foreign else self._many

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own, as safetensors and JSON."""
        index_files.save(
            folder,
            index_files.StoredIndex(
                self.articles, self.passages, self._vectors, self._many, self.conversions
            ),
        )

    @classmethod
    def load(cls, folder: Path) -> KnowledgeIndex:
        """Read what `save` wrote.

        Raises:
            ModelError: It is missing, damaged or from another version.
        """
        stored = index_files.load(folder)
        counts = {len(v.wholes) for v in (stored.vectors, stored.many) if v is not None}
        if counts != {len(stored.passages)}:
            raise ModelError(f"{folder}: its files do not match: run `frontdesk train`")
        return cls(
            stored.passages,
            stored.vectors,
            stored.many,
            articles=stored.articles,
            conversions=stored.conversions,
        )


def _exchange_rate(first: NDArray[np.float32], many: NDArray[np.float32]) -> float:
    """Return the factor from the second encoder's similarities to the first one's, for a question.

    Both encoders have scored the same passages, so that the second one's scores of others become
    comparable, and neither an answer nor its translation always comes first. The factor never
    exceeds the usual one.

    Args:
        first: Similarities by the first encoder of passages in its own language, shape (n,).
        many: Similarities of the same passages by the second one.
    """
    usual = 1.0 / _TRANSLATED
    best, own = float(many.max(initial=0.0)), float(first.max(initial=0.0))
    return min(own / best, usual) if best > 0.0 and own > 0.0 else usual


def _many(
    passages: Sequence[IndexedPassage], encoders: Encoders, earlier: KnowledgeIndex | None
) -> PassageVectors | None:
    """Embed passages with the multilingual encoder, where there is one."""
    if encoders.many is None:
        return None
    known = earlier.known_to_many() if earlier else None
    return PassageVectors.build(passages, encoders.many, known, knows_languages=True)


def _version(passages: Sequence[IndexedPassage]) -> str:
    """Return a hash that changes with anything in the passages."""
    return hashlib.sha256(repr(list(passages)).encode("utf-8", "surrogatepass")).hexdigest()[:16]

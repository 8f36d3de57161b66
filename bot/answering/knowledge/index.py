"""The searchable form of the articles: built by training, and again when articles change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge import index_files
from bot.answering.knowledge.access import Admission
from bot.answering.knowledge.articles import Article, digest
from bot.answering.knowledge.bm25 import WordIndex
from bot.answering.knowledge.centred_vectors import CentredVectors
from bot.answering.knowledge.conversion import Converted
from bot.answering.knowledge.indexed_passage import IndexedPassage, index_passages, primary
from bot.answering.knowledge.vectors import Embeds, Vectors
from bot.errors import ModelError

_BY_WORDS = 0.2
"""Share of the word search. Source: the tuning half of tests/data/knowledge_questions.yaml, and
tests/data/faq_questions.yaml, with its answers as they are and with others' answers among them."""

_BY_SUBJECT = 0.5
"""Share of titles and headings in the word search; source as above."""

_OTHER_LANGUAGE = 0.9
"""Factor for passages in another language than the customer's."""

_TRANSLATED = 0.65
"""How far from nothing to the same text the encoder for many languages sees a good answer to an
English question, seen from the first encoder. Source: the tuning half of
tests/data/cross_language.yaml; 0.55 puts translations before English answers."""

_CENTRED = 0.45
"""The same for questions in other languages, which are compared with centred passages. Source: the
tuning parts of tests/data/cross_language.yaml and cross_language_more.yaml; 0.35 quotes twice as
many wrong articles, 0.55 a fifth fewer right ones."""

OWN_LANGUAGE = "en"
"""What the first encoder is for, where there is one for many languages beside it."""

_ALL = 1_500
"""So many passages are compared with a question sentence by sentence; of more, so many of the
likeliest, which loses nothing that would come first."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        language: BCP 47 tag of the asker; empty when it is not known.
        vector: By the first encoder, shape (dimension,).
        many: By the encoder for many languages; None when it was not asked.
    """

    text: str
    language: str
    vector: NDArray[np.float32]
    many: NDArray[np.float32] | None = None

    @property
    def is_foreign(self) -> bool:
        """Tell whether it is in another language than the first encoder's own."""
        return primary(self.language) not in ("", OWN_LANGUAGE)


@dataclass(frozen=True, slots=True)
class Scores:
    """What some passages reach; all of shape (n_rows,), in [0, 1].

    Attributes:
        rows: Which passages.
        joined: What counts.
    """

    rows: NDArray[np.int64]
    meaning: NDArray[np.float32]
    words: NDArray[np.float32]
    joined: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoders:
    """What texts are embedded with.

    Attributes:
        own: The encoder of the intents.
        many: For other languages than its own; None for none.
    """

    own: Embeds
    many: Embeds | None = None


class KnowledgeIndex:
    """All passages, searchable by meaning and by words.

    Attributes:
        articles: The `digest` of the articles that it was built from.
        conversions: What was converted of them, by the hash of the file.
        admission: Who may see which passages, and when.
    """

    def __init__(
        self,
        passages: Sequence[IndexedPassage],
        vectors: Vectors,
        many: Vectors | None,
        *,
        articles: str,
        conversions: Mapping[str, Converted] | None = None,
    ) -> None:
        self.passages = tuple(passages)
        self.articles = articles
        self.conversions = conversions or {}
        self.admission = Admission(passages)
        self.version = _version(passages)
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
        """Index articles.

        Args:
            articles: What to index.
            encoders: What with.
            conversions: To be kept for the next reading.
            earlier: An index by the same encoders: what has not changed is taken from it.
            kept: Passages that stay, of articles that are not among them.
        """
        passages = [*index_passages(articles), *kept]
        return cls(
            passages,
            Vectors.build(passages, encoders.own, earlier.known() if earlier else None),
            _many(passages, encoders, earlier),
            articles=digest(articles),
            conversions=conversions,
        )

    @property
    def is_foreign(self) -> bool:
        """Tell whether some passages are in other languages than the first encoder's own."""
        return self._many is not None and bool(np.any(self._languages != OWN_LANGUAGE))

    @property
    def knows_many(self) -> bool:
        """Tell whether it was built with an encoder for many languages."""
        return self._many is not None

    def known(self) -> dict[str, NDArray[np.float32]]:
        """Return what the first encoder made of each text."""
        return self._vectors.known(self.passages)

    def known_to_many(self) -> dict[str, NDArray[np.float32]]:
        """Return what the encoder for many languages made of each text."""
        return self._many.known(self.passages) if self._many is not None else {}

    def score(self, question: Question) -> Scores:
        """Return what the likeliest passages reach, whoever may see them."""
        words = self._by_words(question.text)
        rows = self._likeliest(question, words)
        meaning = self._relatedness(question, rows)
        joined = (1.0 - _BY_WORDS) * meaning + _BY_WORDS * words[rows]
        if question.language:
            native = self._languages[rows] == primary(question.language)
            joined = joined * np.where(native, 1.0, _OTHER_LANGUAGE)
        return Scores(rows, meaning, words[rows], np.asarray(joined, dtype=np.float32))

    def _by_words(self, text: str) -> NDArray[np.float32]:
        """Return what passages have in common with a text word by word, shape (n_passages,)."""
        whole, subject = self._words.scores(text), self._subject_words.scores(text)
        return (1.0 - _BY_SUBJECT) * whole + _BY_SUBJECT * subject

    def _likeliest(self, question: Question, words: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the passages that are worth a closer look."""
        if len(self.passages) <= _ALL:
            return np.arange(len(self.passages))
        rough = self._vectors.roughly(question.vector)
        if question.many is not None and (many := self._seen_by_many(question)) is not None:
            other = self._by_many(question, np.arange(len(self.passages)))
            rough = np.where(other, many.roughly(question.many), rough)
        rough = (1.0 - _BY_WORDS) * rough + _BY_WORDS * words
        return np.sort(np.argpartition(rough, -_ALL)[-_ALL:])

    def _relatedness(self, question: Question, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return what passages have in common with a question, each by the encoder for the pair."""
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

    def _by_many(self, question: Question, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for which passages the encoder for many languages is asked."""
        if question.is_foreign:
            return np.ones(len(rows), dtype=np.bool_)
        return np.asarray(self._languages[rows] != OWN_LANGUAGE)

    def _seen_by_many(self, question: Question) -> Vectors | CentredVectors | None:
        """Return passages as the encoder for many languages compares them with a question."""
        return self._centred if question.is_foreign else self._many

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own, as safetensors and JSON."""
        index_files.save(
            folder,
            index_files.Stored(
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
            raise ModelError(f"{folder}: its files do not belong together: run `frontdesk train`")
        return cls(
            stored.passages,
            stored.vectors,
            stored.many,
            articles=stored.articles,
            conversions=stored.conversions,
        )


def _exchange_rate(first: NDArray[np.float32], many: NDArray[np.float32]) -> float:
    """Return what a point of the second encoder is worth in the first one's scale, for a question.

    Both have seen the same passages: what the second says of others can be put beside them, so
    that neither an answer nor its translation is always first. It is never worth more than by
    itself.

    Args:
        first: What the first encoder sees in passages of its own language, shape (n,).
        many: What the second one sees in the same.
    """
    usual = 1.0 / _TRANSLATED
    best, own = float(many.max(initial=0.0)), float(first.max(initial=0.0))
    return min(own / best, usual) if best > 0.0 and own > 0.0 else usual


def _many(
    passages: Sequence[IndexedPassage], encoders: Encoders, earlier: KnowledgeIndex | None
) -> Vectors | None:
    """Embed passages for questions in other languages, where there is an encoder for it."""
    if encoders.many is None:
        return None
    known = earlier.known_to_many() if earlier else None
    return Vectors.build(passages, encoders.many, known, knows_languages=True)


def _version(passages: Sequence[IndexedPassage]) -> str:
    """Return a hash that changes with anything in the passages."""
    return hashlib.sha256(repr(list(passages)).encode("utf-8", "surrogatepass")).hexdigest()[:16]

"""The searchable form of the articles: built by training, kept in the model folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from bot.answering.knowledge.articles import Article, digest
from bot.answering.knowledge.passages import ArticlePassage, sentences
from bot.answering.knowledge.vectors import Embeddable, Embeds, Vectors
from bot.answering.knowledge.words import WordIndex
from bot.errors import ModelError

_FORMAT = 1
_VECTORS = "vectors.safetensors"
_PASSAGES = "passages.json"

_BY_WORDS = 0.35
"""Share of the word search. Source: the tuning half of tests/data/knowledge_questions.yaml."""

_OTHER_LANGUAGE = 0.9
"""Factor for passages in another language than the customer's."""


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A public passage.

    Attributes:
        heading: Heading path below the title, in one line; may be empty.
        valid_from, valid_until: First and last day, in ISO form; empty for no limit.
    """

    citation: str
    title: str
    url: str
    heading: str
    text: str
    language: str
    valid_from: str
    valid_until: str

    @property
    def subject(self) -> str:
        """Title and heading in one line."""
        return f"{self.title}: {self.heading}" if self.heading else self.title

    def holds(self, today: str) -> bool:
        """Tell whether the article is valid on a day, given in ISO form."""
        return self.valid_from <= today and (not self.valid_until or today <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage and its score in [0, 1]."""

    passage: IndexedPassage
    score: float


class KnowledgeIndex:
    """All public passages, searchable by meaning and by words.

    Attributes:
        articles: The `digest` of the articles that it was built from.
    """

    def __init__(self, passages: Sequence[IndexedPassage], vectors: Vectors, articles: str) -> None:
        self.passages = tuple(passages)
        self.articles = articles
        self._vectors = vectors
        self._words = WordIndex([f"{p.subject} {p.subject} {p.text}" for p in passages])

    @classmethod
    def build(cls, articles: Sequence[Article], encoder: Embeds) -> KnowledgeIndex:
        """Index the public articles; others are left out, so that nothing can reveal them."""
        passages = [
            p for article in articles if article.audience == "public" for p in _cite(article)
        ]
        embeddable = [
            Embeddable(p.language, p.subject, p.text, sentences(p.text) or [p.text])
            for p in passages
        ]
        return cls(passages, Vectors.build(embeddable, encoder), digest(articles))

    def search(
        self, text: str, query: NDArray[np.float32], *, today: date, language: str, limit: int
    ) -> list[Found]:
        """Return the passages that hold today and score above 0, best first.

        Args:
            text: What is asked.
            query: Its unit vector, shape (dimension,).
            today: Articles that are not valid on this day are left out.
            language: BCP 47 tag that is preferred; empty for none.
            limit: How many at most.
        """
        by_meaning = (1.0 - _BY_WORDS) * self._vectors.relatedness(query)
        scores = by_meaning + _BY_WORDS * self._words.scores(text)
        ranked = sorted(self._candidates(scores, today.isoformat(), language), key=_by_score)
        return ranked[: max(limit, 0)]

    def _candidates(
        self, scores: NDArray[np.float32], today: str, language: str
    ) -> Iterator[Found]:
        for passage, score in zip(self.passages, scores.tolist(), strict=True):
            if score <= 0 or not passage.holds(today):
                continue
            native = not language or _primary(passage.language) == _primary(language)
            yield Found(passage, score if native else score * _OTHER_LANGUAGE)

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own, as safetensors and JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        passages = [asdict(passage) for passage in self.passages]
        document = {"format": _FORMAT, "articles": self.articles, "passages": passages}
        (folder / _PASSAGES).write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        arrays = {
            f.name: np.ascontiguousarray(getattr(self._vectors, f.name)) for f in fields(Vectors)
        }
        save_file(arrays, folder / _VECTORS)

    @classmethod
    def load(cls, folder: Path) -> KnowledgeIndex:
        """Read what `save` wrote.

        Raises:
            ModelError: It is missing, damaged or from another version.
        """
        try:
            document = json.loads((folder / _PASSAGES).read_text("utf-8"))
            if document["format"] != _FORMAT:
                raise ModelError(
                    f"{folder}: written by another version of Frontdesk: run `frontdesk train`"
                )
            passages = [IndexedPassage(**each) for each in document["passages"]]
            articles = str(document["articles"])
            vectors = Vectors(**load_file(folder / _VECTORS))
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise ModelError(
                f"{folder}: the index of articles is damaged ({error}): run `frontdesk train`"
            ) from error
        if len(vectors.wholes) != len(passages):
            raise ModelError(f"{folder}: its files do not belong together: run `frontdesk train`")
        return cls(passages, vectors, articles)


def _cite(article: Article) -> Iterator[IndexedPassage]:
    """Give each passage of an article its citation."""
    seen: Counter[str] = Counter()
    for passage in article.passages:
        heading = " > ".join(passage.heading)
        place = f"{article.name}#{heading}" if heading else article.name
        seen[place] += 1
        citation = f"{place} ({seen[place]})" if seen[place] > 1 else place
        yield _indexed(article, passage, citation, heading)


def _indexed(
    article: Article, passage: ArticlePassage, citation: str, heading: str
) -> IndexedPassage:
    return IndexedPassage(
        citation=citation,
        title=article.title,
        url=article.url,
        heading=heading,
        text=passage.text,
        language=article.language,
        valid_from=article.valid_from.isoformat() if article.valid_from else "",
        valid_until=article.valid_until.isoformat() if article.valid_until else "",
    )


def _primary(tag: str) -> str:
    """Return the language of a tag without script and region."""
    return tag.partition("-")[0].lower()


def _by_score(found: Found) -> tuple[float, str]:
    return (-found.score, found.passage.citation)

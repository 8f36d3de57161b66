"""Indexed passage: its text with citation, audience, validity and place in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.knowledge.articles import Article
from bot.answering.knowledge.passages import ArticlePassage

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage of the index.

    Attributes:
        article: Name of its file below the folder of articles.
        place: File and line, page or paragraph, in words.
        heading: Heading path below the title, in one line; may be empty.
        audience: `public`, `internal`, `platform:channel` or `platform:role`.
        valid_from, valid_until: First and last day, in ISO form; empty for no limit.
        questions: What customers ask when they want its article; only search reads it.
    """

    article: str
    citation: str
    place: str
    title: str
    url: str
    heading: str
    text: str
    language: str
    audience: str
    valid_from: str
    valid_until: str
    questions: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Title and heading in one line."""
        return f"{self.title}: {self.heading}" if self.heading else self.title

    @property
    def primary_language(self) -> str:
        """The language without script and region."""
        return primary(self.language)


def index_passages(articles: Sequence[Article]) -> Iterator[IndexedPassage]:
    """Give each passage of each article its citation."""
    for article in articles:
        seen: Counter[str] = Counter()
        for passage in article.passages:
            heading = " > ".join(passage.heading)
            place = f"{article.name}#{heading}" if heading else article.name
            seen[place] += 1
            citation = f"{place} ({seen[place]})" if seen[place] > 1 else place
            yield _indexed(article, passage, citation, heading)


def primary(tag: str) -> str:
    """Return the language of a tag without script and region.

    >>> primary("pt-BR")
    'pt'
    """
    return tag.partition("-")[0].lower()


def _indexed(
    article: Article, passage: ArticlePassage, citation: str, heading: str
) -> IndexedPassage:
    return IndexedPassage(
        article=article.name,
        citation=citation,
        place=_place(article, passage),
        title=article.title,
        url=article.url,
        heading=heading,
        text=passage.text,
        language=article.language,
        audience=article.audience,
        valid_from=article.valid_from.isoformat() if article.valid_from else "",
        valid_until=article.valid_until.isoformat() if article.valid_until else "",
        questions=article.questions,
    )


def _place(article: Article, passage: ArticlePassage) -> str:
    """Return `returns.md:17`, which editors can open, or `returns.pdf, page 2`."""
    if article.unit == "line":
        return f"{article.name}:{passage.place}"
    return f"{article.name}, {article.unit} {passage.place}"

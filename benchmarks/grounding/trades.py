"""Other trades than the shop: articles, questions with the units that answer them, statements."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruamel.yaml import YAML

from benchmarks.grounding.desk import Shop
from bot.answering.knowledge.search import article_of
from bot.answering.selection.limits_and_warnings import limits, warnings
from bot.answering.selection.units import ArticleUnit, units_of
from bot.messages import Source
from bot.ports import Passage

FIELD = Path(__file__).parents[1] / "field"
PARTS = ("build", "judge")


@dataclass(frozen=True, slots=True)
class TradeQuestion:
    """A question over the articles of a trade.

    Attributes:
        articles: Names of those that treat it; none where no article does.
        units: What answers it, as it stands in the articles.
    """

    id: str
    language: str
    text: str
    articles: frozenset[str]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence about an article.

    Attributes:
        truth: Whether the article says so.
        kind: How it was made.
    """

    id: str
    language: str
    text: str
    article: str
    truth: bool
    kind: str


@dataclass(frozen=True)
class Trade:
    """The articles of a trade with what was written about them."""

    name: str
    shop: Shop
    questions: tuple[TradeQuestion, ...]
    statements: tuple[Statement, ...]

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All passages of the articles."""
        return tuple(
            Passage(p.citation, Source(p.title, p.url), p.heading, p.text, 1.0)
            for p in self.shop.retriever.index.passages
        )

    @cached_property
    def units(self) -> tuple[ArticleUnit, ...]:
        """All units of the articles."""
        found: list[ArticleUnit] = []
        for number, passage in enumerate(self.passages):
            found += [_of_passage(unit, number) for unit in units_of([passage])]
        return tuple(found)

    def article(self, unit: ArticleUnit) -> str:
        """Return the name of the article that a unit stands in."""
        return article_of(self.passages[unit.passage].citation).removesuffix(".md")

    def listed(self, question: TradeQuestion) -> list[ArticleUnit]:
        """Return the units that answer a question."""
        return [
            unit
            for unit in self.units
            if self.article(unit) in question.articles
            and any(is_unit(unit, text) for text in question.units)
        ]

    def along(self, chosen: Sequence[ArticleUnit]) -> list[ArticleUnit]:
        """Return units with what comes along with them."""
        found = list(chosen)
        for unit in chosen:
            beside = [each for each in self.units if each.passage == unit.passage]
            at = beside.index(unit)
            lead = units_of([self.passages[unit.passage]])[at].lead
            numbers = [*limits(at, beside), *_all_warnings(beside)]
            found += [beside[n] for n in (*numbers, *([] if lead is None else [lead]))]
        return found


def load_trades(part: str) -> list[Trade]:
    """Read and index all trades of a part."""
    return [_read(folder) for folder in sorted((FIELD / part / "trades").iterdir())]


def bare(text: str) -> str:
    """Return the letters and digits of a text, in one form."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in folded if character.isalnum())


def is_unit(unit: ArticleUnit, text: str) -> bool:
    """Return whether a unit is what a question lists: a sentence, an item, or a table row."""
    if not text.startswith("|"):
        return not unit.key and bare(text) in bare(unit.text)
    cells = [bare(cell) for cell in text.strip("| ").split("|")]
    return bare(unit.key) == cells[0] and all(cell in bare(unit.text) for cell in cells)


def _read(folder: Path) -> Trade:
    yaml = YAML(typ="safe")
    questions = [_question(entry) for entry in yaml.load(folder / "questions.yaml")]
    statements = [
        Statement(*(entry[key] for key in Statement.__dataclass_fields__))
        for entry in yaml.load(folder / "statements.yaml")
    ]
    shop = Shop.open(folder / "articles")
    return Trade(folder.name, shop, tuple(questions), tuple(statements))


def _question(entry: dict[str, object]) -> TradeQuestion:
    named = entry.get("articles") or [entry.get("article")]
    articles = named if isinstance(named, list) else []
    units = entry["units"] if isinstance(entry["units"], list) else []
    return TradeQuestion(
        str(entry["id"]),
        str(entry["language"]),
        str(entry["text"]),
        frozenset(str(each) for each in articles if each),
        tuple(str(each) for each in units),
    )


def _of_passage(unit: ArticleUnit, number: int) -> ArticleUnit:
    return ArticleUnit(unit.text, number, unit.block, unit.mark, unit.introductions, unit.key)


def _all_warnings(units: Sequence[ArticleUnit]) -> list[int]:
    return list(warnings(units[0].passage, units)) if units else []

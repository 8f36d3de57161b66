"""Questions in one language whose answer stands in an article in another: is it found?

    python -m benchmarks.cross_language

Asks tests/data/cross_language.yaml over the shipped articles; English questions over the Chinese
articles alone, and over all articles but the English returns.md and shipping.md.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from bot.answering.knowledge import Encoders, KnowledgeIndex, KnowledgeRetriever, load_articles
from bot.clock import SystemClock
from bot.ports import Passage
from bot.understanding.encoder import load_encoder_files
from bot.understanding.encoder_cache import exported_encoder
from bot.understanding.encoder_source import MULTILINGUAL

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "data" / "cross_language.yaml"
ARTICLES = ROOT / "intents" / "knowledge"
TRANSLATED = ("returns.md", "shipping.md")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many questions.

    Attributes:
        asked: In all.
        first: Whose best passage answers.
        among_four: With one that answers among the four that GPT reads.
        quoted_right, quoted_wrong: Whose best passage is near enough to be quoted without GPT.
    """

    asked: int = 0
    first: int = 0
    among_four: int = 0
    quoted_right: int = 0
    quoted_wrong: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add up, field by field."""
        return Counts(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )


@dataclass(frozen=True, slots=True)
class Shelves:
    """The retrievers that are asked."""

    whole: KnowledgeRetriever
    chinese: KnowledgeRetriever
    mixed: KnowledgeRetriever

    @classmethod
    def build(cls, encoders: Encoders) -> Shelves:
        """Index the shipped articles: all, the Chinese ones, all but what these translate."""
        chinese = [path for path in ARTICLES.iterdir() if path.name.endswith(".zh.md")]
        mixed = [path for path in ARTICLES.iterdir() if path.name not in TRANSLATED]
        return cls(
            *(_retriever(each, encoders) for each in ([*ARTICLES.iterdir()], chinese, mixed))
        )


def _retriever(paths: Sequence[Path], encoders: Encoders) -> KnowledgeRetriever:
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            shutil.copy(path, folder)
        index = KnowledgeIndex.build(load_articles(Path(folder), "en"), encoders)
    return KnowledgeRetriever(index, encoders, SystemClock())


async def measure(shelves: Shelves, part: str) -> dict[str, Counts]:
    """Ask all questions of a part of the file; return the counts by what was asked."""
    written = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))[part]
    english = {
        f"{language}, answered in English": await _ask(shelves.whole, language, questions)
        for language, questions in written["in_english"].items()
    }
    (questions,) = written["in_chinese"].values()
    return {
        **english,
        "en, Chinese articles alone": await _ask(shelves.chinese, "en", questions),
        "en, Chinese among English articles": await _ask(shelves.mixed, "en", questions),
        "off topic": await _off_topic(shelves.whole, written["off_topic"]),
    }


async def _ask(
    shelf: KnowledgeRetriever, language: str, questions: Sequence[Mapping[str, Any]]
) -> Counts:
    total = Counts()
    for each in questions:
        found = (await shelf.search(each["ask"], language=language, limit=4)).passages
        right = [_answers(passage, each) for passage in found]
        first, quoted = right[:1] == [True], _quoted(shelf, found)
        total += Counts(1, first, any(right), quoted and first, quoted and not first)
    return total


async def _off_topic(shelf: KnowledgeRetriever, questions: Mapping[str, Sequence[str]]) -> Counts:
    total = Counts()
    for language, texts in questions.items():
        for text in texts:
            found = (await shelf.search(text, language=language, limit=4)).passages
            total += Counts(asked=1, quoted_wrong=_quoted(shelf, found))
    return total


def _answers(passage: Passage, question: Mapping[str, Any]) -> bool:
    section = passage.citation.partition(" (")[0]
    if "sections" in question:
        return section in question["sections"]
    return section.partition("#")[0] in question["articles"]


def _quoted(shelf: KnowledgeRetriever, found: Sequence[Passage]) -> bool:
    return bool(found) and found[0].score >= shelf.threshold


def main() -> None:
    encoders = Encoders(
        load_encoder_files(exported_encoder("embedded")),
        load_encoder_files(exported_encoder(MULTILINGUAL)),
    )
    shelves = Shelves.build(encoders)
    for part in ("tuning", "held_out"):
        print(f"\n{part}: asked | first | among four | quoted right | quoted wrong")
        for name, each in asyncio.run(measure(shelves, part)).items():
            counts = " | ".join(str(getattr(each, field.name)) for field in fields(each))
            print(f"{name}: {counts}")


if __name__ == "__main__":
    main()

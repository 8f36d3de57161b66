"""Cross-lingual article search: questions in one language, articles in another.

    python -m benchmarks.cross_language

Asks tests/data/cross_language.yaml over the shipped articles; English questions over the Chinese
articles alone, and over all articles but the English ones of which there is a Chinese one. Then the
same of cross_language_more.yaml, where tests/data/chinese_articles join the Chinese ones.
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
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.encoder import load_encoder_files
from bot.understanding.encoders.source import MULTILINGUAL

HEAD = "asked | first | among four | quoted right | quoted wrong"
ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "data" / "cross_language.yaml"
MORE_QUESTIONS = QUESTIONS.with_stem("cross_language_more")
ARTICLES = ROOT / "intents" / "knowledge"
MORE_ARTICLES = ROOT / "tests" / "data" / "chinese_articles"


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
class Retrievers:
    """The retrievers that are asked."""

    whole: KnowledgeRetriever
    chinese: KnowledgeRetriever
    mixed: KnowledgeRetriever

    @classmethod
    def build(cls, encoders: Encoders, more: Sequence[Path] = ()) -> Retrievers:
        """Index the shipped articles: all, the Chinese ones, all but what these translate.

        Args:
            encoders: What with.
            more: Chinese articles that join the shipped ones, but for the first shelf.
        """
        shipped = sorted(ARTICLES.iterdir())
        chinese = [path for path in [*shipped, *more] if path.name.endswith(".zh.md")]
        translated = {path.name.replace(".zh.md", ".md") for path in chinese}
        mixed = [path for path in [*shipped, *more] if path.name not in translated]
        return cls(*(_retriever(each, encoders) for each in (shipped, chinese, mixed)))


def _retriever(paths: Sequence[Path], encoders: Encoders) -> KnowledgeRetriever:
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            shutil.copy(path, folder)
        index = KnowledgeIndex.build(load_articles(Path(folder), "en"), encoders)
    return KnowledgeRetriever(index, encoders, SystemClock())


async def measure(shelves: Retrievers, part: str, file: Path = QUESTIONS) -> dict[str, Counts]:
    """Ask all questions of a part of a file; return the counts by what was asked."""
    written = yaml.safe_load(await asyncio.to_thread(file.read_text, "utf-8"))[part]
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
    for file, more in ((QUESTIONS, ()), (MORE_QUESTIONS, sorted(MORE_ARTICLES.iterdir()))):
        shelves = Retrievers.build(encoders, more)
        for part in ("tuning", "held_out"):
            print(f"\n{file.name}, {part}: {HEAD}")
            for name, each in asyncio.run(measure(shelves, part, file)).items():
                counts = " | ".join(str(getattr(each, field.name)) for field in fields(each))
                print(f"{name}: {counts}")


if __name__ == "__main__":
    main()

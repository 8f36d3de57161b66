"""Reads the admins' articles: Markdown files with front matter, checked and cut into passages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.answering.knowledge.frontmatter import FrontMatter, read_head
from bot.answering.knowledge.passages import ArticlePassage, cut
from bot.config import Config
from bot.errors import IntentsError, Problem

LARGEST_ARTICLE = 1_000_000
"""Bytes; a novel has about as many."""


@dataclass(frozen=True, slots=True)
class Article:
    """One file, whole and without mistakes.

    Attributes:
        path: As it was found, for messages to admins.
        name: Path below the folder of articles, with slashes: what citations begin with.
        language: BCP 47 tag.
        audience: `public`, `internal`, `slack:channel` or `discord:role`.
        valid_from: The first day on which it holds (UTC); None: since ever.
        valid_until: The last day; None: for ever.
    """

    path: Path
    name: str
    title: str
    url: str
    language: str
    audience: str
    valid_from: date | None
    valid_until: date | None
    passages: tuple[ArticlePassage, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a folder."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]


def knowledge_folder(config: Config) -> Path | None:
    """Return the folder of articles, or None when there is none and none was asked for."""
    if config.knowledge.path is not None:
        return config.knowledge.path
    beside = config.intents / "knowledge"
    return beside if beside.is_dir() else None


def load_articles(folder: Path, default_language: str) -> tuple[Article, ...]:
    """Return all articles of a folder and its subfolders, in the order of their names.

    Raises:
        IntentsError: With every mistake in every file.
    """
    reading = read_articles(folder, default_language)
    if reading.problems:
        raise IntentsError(reading.problems)
    return reading.articles


def read_articles(folder: Path, default_language: str) -> Reading:
    """Return the articles that are sound, and the mistakes of those that are not."""
    if not folder.is_dir():
        problem = _whole(folder, "no such folder", "create it, or mend knowledge.path in config")
        return Reading((), (problem,))
    found = [_read_article(path, folder, default_language) for path in _files(folder)]
    return Reading(
        tuple(item for item in found if isinstance(item, Article)),
        tuple(problem for item in found if not isinstance(item, Article) for problem in item),
    )


def digest(articles: Sequence[Article]) -> str:
    """Return a SHA-256 that changes with anything in the articles, in hexadecimal."""
    content = repr([replace(article, path=Path()) for article in articles])
    return hashlib.sha256(content.encode()).hexdigest()


def _files(folder: Path) -> list[Path]:
    """List Markdown files; hidden files and folders are no articles, symlinked folders neither."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in {".md", ".markdown"})
    return sorted(
        path
        for path in found
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _read_article(path: Path, folder: Path, language: str) -> Article | Sequence[Problem]:
    text = _read_text(path)
    if isinstance(text, Problem):
        return (text,)
    head = read_head(path, text)
    if head.problems:
        return head.problems
    first_line = text.count("\n", 0, head.length) + 1
    outline = cut(text[head.length :], first_line=first_line)
    front = head.front_matter
    title = front.title or outline.title
    problems = [*_missing(path, title, outline.passages)]
    if problems:
        return problems
    name = path.relative_to(folder).as_posix()
    return _article(path, name, title, front, language, outline.passages)


def _article(
    path: Path,
    name: str,
    title: str,
    front: FrontMatter,
    language: str,
    passages: tuple[ArticlePassage, ...],
) -> Article:
    return Article(
        path=path,
        name=name,
        title=title,
        url=front.url,
        language=front.language or language,
        audience=front.audience,
        valid_from=front.valid_from,
        valid_until=front.valid_until,
        passages=passages,
    )


def _missing(path: Path, title: str, passages: Sequence[ArticlePassage]) -> list[Problem]:
    problems = []
    if not title:
        remedy = "begin it with a line such as # Returns, or give a title in the front matter"
        problems.append(_whole(path, "no title", remedy))
    if not passages:
        problems.append(_whole(path, "no text", "write the article, or remove the file"))
    return problems


def _read_text(path: Path) -> str | Problem:
    """Return a file's text with plain line ends, or what is wrong with it."""
    try:
        if path.stat().st_size > LARGEST_ARTICLE:
            return _whole(path, f"larger than {LARGEST_ARTICLE:,} bytes", "split the article")
        data = path.read_bytes()
    except OSError as error:
        return _whole(path, f"cannot be read ({error.strerror})", "mend its permissions")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        return Problem(path, line, column, "", "not UTF-8", "save the file in the encoding UTF-8")
    if "\0" in text:
        return _whole(path, "not a text", "remove the file, or save it as Markdown")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _whole(path: Path, wrong: str, remedy: str) -> Problem:
    """Describe a mistake of a file as a whole."""
    return Problem(path, 0, 0, "", wrong, remedy)

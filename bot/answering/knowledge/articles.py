"""Reader of the admins' articles: checks, converts and splits them into passages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from bot.answering.knowledge.content import FileContent, read_content
from bot.answering.knowledge.conversion import Converted, Unreadable
from bot.answering.knowledge.credential_checks import pasted_credentials
from bot.answering.knowledge.files import ArticleFile, list_files
from bot.answering.knowledge.frontmatter import (
    FrontMatter,
    ParsedFrontMatter,
    leaves_readers_open,
    merge,
    read_defaults,
    read_sidecar,
)
from bot.answering.knowledge.injection import suspicion
from bot.answering.knowledge.passages import ArticlePassage, SkippedBlock, cut
from bot.config.schema import Config
from bot.errors import IntentsError, Problem
from bot.files.symlinks import leads_out, refusal
from bot.understanding.model.planted_head import LEARNED_FROM
from bot.understanding.model.shipped_examples import examples_hash
from bot.yamlfile import Key

_UNITS = {"pdf": "page", "docx": "paragraph"}

_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Article:
    """One file without mistakes.

    Attributes:
        name: Path below the folder of articles, with slashes: the beginning of its citations.
        language: BCP 47 tag.
        audience: `public`, `internal`, `platform:channel` or `platform:role`.
        valid_from, valid_until: First and last day (UTC); None: since ever, for ever.
        unit: What the places of its passages count: `line`, `page` or `paragraph`.
        questions: What customers ask when they want it.
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
    unit: str = "line"
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleFolder:
    """The result of reading a folder.

    Attributes:
        unread: Names of articles and folders that cannot be read now: their earlier passages may
            stay. An article that holds a credential, or whose audience is unknown, is not listed.
        conversions: Converted files by the hash of the file, so that the next reading reuses them.
    """

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...] = ()
    conversions: Mapping[str, Converted] = field(default_factory=dict)

    def checked(self) -> tuple[Article, ...]:
        """Return the articles, if none has a mistake.

        Raises:
            IntentsError: With every mistake in every file.
        """
        if any(problem.severity == "error" for problem in self.problems):
            raise IntentsError(self.problems)
        return self.articles

    def keeps(self, name: str) -> bool:
        """Return whether the earlier passages of an article may stay."""
        return any(each in ("", name) or name.startswith(f"{each}/") for each in self.unread)


@dataclass(frozen=True, slots=True)
class _FileResult:
    """The result of reading one file: an article, or what is wrong with it.

    Attributes:
        withheld: Whether its earlier passages must not be used either.
    """

    file: ArticleFile
    article: Article | None = None
    problems: tuple[Problem, ...] = ()
    withheld: bool = False
    conversion: tuple[str, Converted] | None = None
    unknown: tuple[Key, ...] = ()


def knowledge_folder(config: Config) -> Path | None:
    """Return the folder of articles, or None when there is none and config names none."""
    if config.knowledge.path is not None:
        return config.knowledge.path
    usual = config.intents / "knowledge"
    return usual if usual.is_dir() else None


def load_articles(folder: Path, default_language: str) -> tuple[Article, ...]:
    """Return all articles of a folder and its subfolders, in the order of their names.

    Raises:
        IntentsError: With every mistake in every file.
    """
    return read_articles(folder, default_language).checked()


def read_articles(
    folder: Path, default_language: str, known: Mapping[str, Converted] | None = None
) -> ArticleFolder:
    """Read the articles without mistakes, and the mistakes of the others.

    Args:
        folder: Their folder.
        default_language: Of articles that name none.
        known: The `conversions` of an earlier reading.
    """
    if not folder.is_dir():
        problem = _whole(folder, "no such folder", "create it, or correct knowledge.path in config")
        return ArticleFolder((), (problem,), unread=("",))
    listing = list_files(folder)
    read_one = partial(_read_file, language=default_language, known=known or {})
    with ThreadPoolExecutor(_AT_ONCE) as threads:  # conversions run in child processes
        read = list(threads.map(read_one, listing.files))
    faulty = [each.file.name for each in read if each.article is None and not each.withheld]
    return ArticleFolder(
        articles=tuple(each.article for each in read if each.article is not None),
        problems=tuple(
            dict.fromkeys(
                [
                    *listing.problems,
                    *(p for each in read for p in each.problems),
                    *_unread_keys(read),
                ]
            )
        ),
        unread=(*listing.unread, *faulty),
        conversions=dict(each.conversion for each in read if each.conversion is not None),
    )


def digest(articles: Sequence[Article]) -> str:
    """Return a SHA-256 of the articles and of what screens them, in hexadecimal."""
    content = examples_hash(LEARNED_FROM) + repr(
        [replace(article, path=Path()) for article in articles]
    )
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _read_file(file: ArticleFile, language: str, known: Mapping[str, Converted]) -> _FileResult:
    """Read one file: first its audience, then its content."""
    around = list(_heads_around(file))
    if any(head.problems for head in around):
        return _faulty(file, around)
    try:
        body = read_content(file, known)
    except Unreadable as error:
        problem = Problem(file.path, error.line, error.column, "", error.wrong, error.remedy)
        return _FileResult(file, problems=(problem,))
    head = merge(file.path, [each.front_matter for each in (*around, body.head)])
    if body.head.problems or head.problems:
        return _faulty(file, [body.head, head])
    if body.head.unpublished:
        return _FileResult(file, problems=body.head.unpublished, withheld=True)
    read = _checked(file, head.front_matter, body, language)
    problems = (*body.head.warnings, *read.problems)
    read = replace(read, problems=problems, unknown=body.head.unknown)
    return read if read.withheld else replace(read, conversion=body.conversion)


def _heads_around(file: ArticleFile) -> Iterator[ParsedFrontMatter]:
    """Yield the settings for a file from other files, the least specific first."""
    sidecar = [file.sidecar] if file.sidecar is not None else []
    for each in (*file.defaults, *sidecar):
        if leads_out(each, file.root):  # then the audience is unknown
            yield ParsedFrontMatter(FrontMatter(), 0, (refusal(each),))
            return
    for defaults in file.defaults:
        yield read_defaults(defaults)
    if file.sidecar is not None and file.has_front_matter:
        remedy = f"move its lines to the beginning of {file.path.name}, between --- lines"
        yield ParsedFrontMatter(
            FrontMatter(), 0, (_whole(file.sidecar, "Markdown has front matter", remedy),)
        )
    elif file.sidecar is not None:
        yield read_sidecar(file.sidecar)


def _unread_keys(read: Sequence[_FileResult]) -> Iterator[Problem]:
    """Yield a warning for each unused key, once per key and folder."""
    found: dict[tuple[Path, str], list[tuple[Path, Key]]] = {}
    for each in read:
        for key in each.unknown:
            found.setdefault((each.file.path.parent, str(key)), []).append((each.file.path, key))
    for (_, name), places in found.items():
        path, key = places[0]
        wrong = "not read" if len(places) == 1 else f"not read, in {len(places)} articles here"
        yield Problem(
            path, key.line, key.column, name, wrong, "nothing needs to be done", "warning"
        )


def _faulty(file: ArticleFile, heads: Sequence[ParsedFrontMatter]) -> _FileResult:
    problems = tuple(problem for head in heads for problem in head.problems)
    return _FileResult(file, problems=problems, withheld=leaves_readers_open(problems))


def _checked(
    file: ArticleFile, front: FrontMatter, body: FileContent, language: str
) -> _FileResult:
    """Build an article, unless something that it needs is missing."""
    unit = _UNITS.get(file.kind, "line")
    if pasted := tuple(pasted_credentials(file, front, body, unit)):
        return _FileResult(file, problems=pasted, withheld=True)
    doubts = partial(suspicion, for_staff=front.audience == "internal")
    outline = cut(body.markdown, first_line=body.first_line, places=body.places, suspicion=doubts)
    title = front.title or outline.title or body.title or _called(file)
    doubted = tuple(_doubted(file, outline.left_out, unit))
    problems = tuple(_missing(file, title, outline.passages))
    if why := doubts(title):
        remedy = "write it for customers"
        wrong = f"left out because of its title: {why}"
        problems += (Problem(file.path, 0, 0, "", wrong, remedy, "warning"),)
    if problems:
        return _FileResult(file, problems=(*problems, *doubted))
    article = Article(
        path=file.path,
        name=file.name,
        title=title,
        url=front.url,
        language=front.language or language,
        audience=front.audience,
        valid_from=front.valid_from,
        valid_until=front.valid_until,
        passages=outline.passages,
        unit=unit,
        questions=front.questions,
    )
    return _FileResult(file, article, doubted)


def _doubted(file: ArticleFile, left_out: Sequence[SkippedBlock], unit: str) -> Iterator[Problem]:
    """Yield a warning for each part of an article that was left out."""
    remedy = "write it for customers, or put it into a comment"
    for each in left_out:
        line, key = (each.place, "") if unit == "line" else (0, f"{unit} {each.place}")
        wrong = f"left out, {each.why}"
        yield Problem(file.path, line, min(line, 1), key, wrong, remedy, "warning")


def _missing(
    file: ArticleFile, title: str, passages: Sequence[ArticlePassage]
) -> Iterator[Problem]:
    if not title:
        remedy = f"write `title: ...` into a file {file.path.name}.yaml next to it"
        yield _whole(file.path, "no title", remedy)
    if not passages:
        remedy = "write the article, or remove the file"
        yield Problem(file.path, 0, 0, "", "no text", remedy, "warning")


def _called(file: ArticleFile) -> str:
    """Return a title made from the file name.

    Notion appends 32 digits to the name; generators name the page of a folder index.
    """
    if not file.has_front_matter:
        return ""
    stem = re.sub(r"[ _-]+[0-9a-f]{32}$", "", file.path.stem)
    if stem.lower().strip("_") in {"index", "readme"}:
        stem = file.path.resolve().parent.name
    words = re.sub(r"^\d+[ ._-]+(?=\D)", "", stem) if stem else ""
    words = words if " " in words else words.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _whole(path: Path, wrong: str, remedy: str) -> Problem:
    """Return a problem that concerns a whole file."""
    return Problem(path, 0, 0, "", wrong, remedy)

"""Reads the admins' articles: checked, converted where they are no Markdown, cut into passages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from bot.answering.conversion import Converted, Unreadable, convert, decode
from bot.answering.knowledge.files import ArticleFile, list_files
from bot.answering.knowledge.frontmatter import (
    FrontMatter,
    Head,
    leaves_readers_open,
    merge,
    read_beside,
    read_defaults,
    read_head,
    read_meta,
)
from bot.answering.knowledge.passages import ArticlePassage, Outline, cut
from bot.config import Config
from bot.errors import IntentsError, Problem

LARGEST_TEXT_FILE = 1_000_000
"""Bytes of Markdown or text; a novel has about as many."""

LARGEST_FILE = 20_000_000
"""Bytes of HTML, PDF and DOCX, which may hold pictures."""

CONVERSION = 1
"""Counted up when the same file is converted to something else than before."""

_AT_ONCE = 2


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
        unit: What the places of its passages count: `line`, `page` or `paragraph`.
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


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a folder.

    Attributes:
        unread: Names of articles, and of folders of them, that cannot be read now: what is known
            of them from earlier may stay. An article of which it cannot be told who may read it
            is not among them.
        conversions: What was converted, by the hash of the file, to spare the next reading it.
    """

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...] = ()
    conversions: Mapping[str, Converted] = field(default_factory=dict)

    def checked(self) -> tuple[Article, ...]:
        """Return the articles, if all of them are sound.

        Raises:
            IntentsError: With every mistake in every file.
        """
        if any(problem.severity == "error" for problem in self.problems):
            raise IntentsError(self.problems)
        return self.articles

    def keeps(self, name: str) -> bool:
        """Tell whether an article of a name may stay as it was read earlier."""
        return any(each in ("", name) or name.startswith(f"{each}/") for each in self.unread)


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of one file: an article, or what is wrong with it."""

    file: ArticleFile
    article: Article | None = None
    problems: tuple[Problem, ...] = ()
    readers_open: bool = False
    conversion: tuple[str, Converted] | None = None


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
    return read_articles(folder, default_language).checked()


def read_articles(
    folder: Path, default_language: str, known: Mapping[str, Converted] | None = None
) -> Reading:
    """Read the articles that are sound, and the mistakes of those that are not.

    Args:
        folder: Where they stand.
        default_language: Of articles that name none.
        known: The `conversions` of an earlier reading.
    """
    if not folder.is_dir():
        problem = _whole(folder, "no such folder", "create it, or mend knowledge.path in config")
        return Reading((), (problem,), unread=("",))
    listing = list_files(folder)
    read_one = partial(_read_file, language=default_language, known=known or {})
    with ThreadPoolExecutor(_AT_ONCE) as threads:  # for what is converted in child processes
        read = list(threads.map(read_one, listing.files))
    faulty = [each.file.name for each in read if each.article is None and not each.readers_open]
    return Reading(
        articles=tuple(each.article for each in read if each.article is not None),
        problems=tuple(
            dict.fromkeys([*listing.problems, *(p for each in read for p in each.problems)])
        ),
        unread=(*listing.unread, *faulty),
        conversions=dict(each.conversion for each in read if each.conversion is not None),
    )


def digest(articles: Sequence[Article]) -> str:
    """Return a SHA-256 that changes with anything in the articles, in hexadecimal."""
    content = repr([replace(article, path=Path()) for article in articles])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _read_file(file: ArticleFile, language: str, known: Mapping[str, Converted]) -> _Read:
    """Read one file: who may read it first, then what it says."""
    around = list(_heads_around(file))
    if any(head.problems for head in around):
        return _faulty(file, around)
    try:
        data = _read_bytes(file)
        if file.kind == "markdown":
            text = decode(data)
            own = read_head(file.path, text) if file.has_front_matter else Head(FrontMatter(), 0)
            first_line = text.count("\n", 0, own.length) + 1
            outline, conversion = cut(text[own.length :], first_line=first_line), None
            if file.path.suffix.lower() == ".txt" and not outline.title:
                outline = replace(outline, title=_first_line(text))
        else:
            key = _key(file, data)
            converted = known.get(key) or convert(file.kind, data)
            own, conversion = read_meta(file.path, converted.meta), (key, converted)
            outline = cut(converted.markdown, places=converted.places)
            outline = replace(outline, title=outline.title or converted.title)
    except Unreadable as error:
        problem = Problem(file.path, error.line, error.column, "", error.wrong, error.remedy)
        return _Read(file, problems=(problem,))
    head = merge(file.path, [each.front_matter for each in (*around, own)])
    if own.problems or head.problems:
        return _faulty(file, [own, head])
    read = _checked(file, head.front_matter, outline, language)
    return replace(read, conversion=conversion)


def _heads_around(file: ArticleFile) -> Iterator[Head]:
    """Yield what is said of a file outside of it, the least specific first."""
    for defaults in file.defaults:
        yield read_defaults(defaults)
    if file.beside is not None and file.has_front_matter:
        remedy = f"write its lines between --- at the head of {file.path.name}"
        yield Head(FrontMatter(), 0, (_whole(file.beside, "Markdown has front matter", remedy),))
    elif file.beside is not None:
        yield read_beside(file.beside)


def _faulty(file: ArticleFile, heads: Sequence[Head]) -> _Read:
    problems = tuple(problem for head in heads for problem in head.problems)
    return _Read(file, problems=problems, readers_open=leaves_readers_open(problems))


def _checked(file: ArticleFile, front: FrontMatter, outline: Outline, language: str) -> _Read:
    """Make an article, unless something that it needs is missing."""
    title = front.title or outline.title
    problems = tuple(_missing(file, title, outline.passages))
    if problems:
        return _Read(file, problems=problems)
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
        unit={"pdf": "page", "docx": "paragraph"}.get(file.kind, "line"),
    )
    return _Read(file, article)


def _missing(
    file: ArticleFile, title: str, passages: Sequence[ArticlePassage]
) -> Iterator[Problem]:
    if not title and file.has_front_matter:
        remedy = "begin it with a line such as # Returns, or give a title in the front matter"
        yield _whole(file.path, "no title", remedy)
    elif not title:
        remedy = f"write `title: ...` into a file {file.path.name}.yaml beside it"
        yield _whole(file.path, "no title", remedy)
    if not passages:
        yield _whole(file.path, "no text", "write the article, or remove the file")


def _first_line(text: str) -> str:
    """Return the first line of a text, if it is short enough to be its title."""
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= 100 and not line.endswith((".", "。")) else ""


def _read_bytes(file: ArticleFile) -> bytes:
    """Return the bytes of a file.

    Raises:
        Unreadable: It cannot be read, or is too large.
    """
    most = LARGEST_TEXT_FILE if file.kind == "markdown" else LARGEST_FILE
    try:
        with file.path.open("rb") as opened:
            data = opened.read(most + 1)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise Unreadable(f"cannot be read ({reason})", "mend its permissions") from None
    if len(data) > most:
        raise Unreadable(f"larger than {most:,} bytes", "split the article")
    if not data.strip():
        raise Unreadable("empty", "write the article, or remove the file")
    return data


def _key(file: ArticleFile, data: bytes) -> str:
    return f"{CONVERSION}:{file.kind}:{hashlib.sha256(data).hexdigest()}"


def _whole(path: Path, wrong: str, remedy: str) -> Problem:
    """Describe a mistake of a file as a whole."""
    return Problem(path, 0, 0, "", wrong, remedy)

"""Front matter of an article: title, language, audience and validity.

Markdown has it between `---` lines at its beginning, HTML in meta tags, every other format in a
YAML file next to it; a folder may have defaults.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    model_validator,
)

from bot import yamlfile
from bot.answering.knowledge import frontmatter_keys
from bot.answering.knowledge.conversion import Meta
from bot.errors import Problem
from bot.understanding.language import tags

_BEGIN = re.compile(
    r"(?:(?:\s|<!--.*?-->)*^)?(?P<mark>---|\+\+\+)[ \t]*\n", re.MULTILINE | re.DOTALL
)
_JSON = re.compile(r"\s*(?=\{\s*\"[\w-]+\"\s*:)")
_END = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}


def _title(text: str) -> str:
    if not text.strip():
        raise yamlfile.mistake("the title is empty", "write it, or delete the line")
    return text.strip()


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S*", text):
        remedy = "write it whole, for example https://example.com/returns"
        raise yamlfile.mistake(f'"{text}" is no address of a page', remedy)
    return text


def _language(text: str) -> str:
    tag = tags.canonical(text)
    if tag is None:
        raise yamlfile.mistake(f'"{text}" is not a language tag', tags.suggestion(text))
    return tag


def _audience(text: str) -> str:
    if not re.fullmatch(r"public|internal|[a-z][a-z0-9_-]*:\S.*", text):
        remedy = "write public, internal, or PLATFORM:ID with the id of a channel or role there"
        raise yamlfile.mistake(f'"{text}" is no audience', remedy)
    return text


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        remedy = "write year-month-day, for example 2026-12-31"
        raise yamlfile.mistake(f'"{text}" is no day', remedy) from None


_SOFT = frozenset({"title", "url", "language", "questions"})
"""Keys whose mistakes leave the article readable to those who may read it, and to nobody else."""

Day = Annotated[date, BeforeValidator(_day)]


class Defaults(BaseModel):
    """What may be said of all articles in a folder."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    language: Annotated[str, AfterValidator(_language)] = ""
    """BCP 47 tag; absent: the default language."""

    audience: Annotated[str, AfterValidator(_audience)] = "public"
    """`public`, `internal`, or `PLATFORM:ID` with the id of a channel or role there."""

    valid_from: Day | None = None
    """The first day on which the article holds (UTC)."""

    valid_until: Day | None = None
    """The last day."""

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            wrong = f"valid_until, {self.valid_until}, is before valid_from, {self.valid_from}"
            raise yamlfile.mistake(wrong, "swap the two days")
        return self


class FrontMatter(Defaults):
    """The front matter of an article; empty and None where a key is missing."""

    title: Annotated[str, AfterValidator(_title)] = ""
    """What the article is called; absent: its first heading."""

    url: Annotated[str, AfterValidator(_url)] = ""
    """The page that customers can read on."""

    questions: tuple[str, ...] = ()
    """What customers ask when they want this article, in their words: only search reads it."""

    secrets: Literal["ok"] | None = None
    """`ok`: what looks like a credential in the article is none."""


@dataclass(frozen=True, slots=True)
class ParsedFrontMatter:
    """The head of a file, read.

    Attributes:
        length: Characters of the head with its marks; the article begins behind them.
        problems: For which the article is not read.
        warnings: In spite of which it is.
        unknown: Keys that nobody reads.
        unpublished: Why the article is not for everybody, as its generator has it; empty: it is.
    """

    front_matter: FrontMatter
    length: int
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    unknown: tuple[yamlfile.Key, ...] = ()
    unpublished: tuple[Problem, ...] = ()


def read_front_matter(path: Path, text: str) -> ParsedFrontMatter:
    r"""Read the front matter of a file, and find all its mistakes; none at all is fine.

    >>> read_front_matter(Path("a.md"), "---\ntitle: Returns\n---\nText").front_matter.title
    'Returns'
    """
    begin = _BEGIN.match(text)
    if begin is None:
        return _read_json(path, text)
    end = _END[begin["mark"]].search(text, begin.end())
    said = text[begin.end() : end.start() if end else len(text)]
    if not said.strip() and end is not None:
        return ParsedFrontMatter(FrontMatter(), end.end())
    if not frontmatter_keys.is_head(said, to_the_end=end is None):
        return ParsedFrontMatter(FrontMatter(), 0)  # a line between paragraphs
    line = text.count("\n", 0, begin.end())
    if end is None:
        remedy = f"close it with a line of {begin['mark']}"
        problem = Problem(path, line, 1, "", "the front matter has no end", remedy)
        return ParsedFrontMatter(FrontMatter(), len(text), (problem,))
    above = "\n" * line  # so that lines count as in the file
    parse = frontmatter_keys.from_toml if begin["mark"] == "+++" else yamlfile.parse
    return replace(_lenient(parse(path, f"{above}{said}".encode()), above + said), length=end.end())


def _read_json(path: Path, text: str) -> ParsedFrontMatter:
    """Read a head that is JSON, as Hugo allows; it has no marks."""
    if (begin := _JSON.match(text)) is None:
        return ParsedFrontMatter(FrontMatter(), 0)
    try:
        _, end = json.JSONDecoder().raw_decode(text, begin.end())
    except (ValueError, RecursionError):
        return ParsedFrontMatter(FrontMatter(), 0)
    return replace(_lenient(yamlfile.parse(path, text[:end].encode()), text[:end]), length=end)


def _lenient(document: yamlfile.Document, said: str) -> ParsedFrontMatter:
    """Take what is ours of a generator's head; only who may read it, and when, must be sound."""
    warnings: list[Problem] = []
    if document.problems or document.root is None:
        if any(frontmatter_keys.restricts(said)):
            return ParsedFrontMatter(FrontMatter(), 0, document.problems)
        warnings += [replace(problem, severity="warning") for problem in document.problems[:1]]
        document = frontmatter_keys.lines_of(document.path, said)
    sorted_ = frontmatter_keys.sort_keys(document, frozenset(FrontMatter.model_fields))
    front_matter, problems = _validated(_holding(document, sorted_.ours))
    if soft := {problem.key for problem in problems} & _SOFT:
        warnings += [replace(p, severity="warning") for p in problems if p.key in soft]
        kept = {key: node for key, node in sorted_.ours.items() if key not in soft}
        front_matter, problems = _validated(_holding(document, kept))
    return ParsedFrontMatter(
        front_matter,
        0,
        (*problems, *sorted_.mistaken),
        tuple(warnings),
        sorted_.unknown,
        sorted_.unpublished,
    )


def _holding(
    document: yamlfile.Document, content: dict[yamlfile.Key, yamlfile.Node]
) -> yamlfile.Document:
    return replace(document, root=yamlfile.Node(1, 1, content))


def refuse_front_matter(path: Path, text: str) -> ParsedFrontMatter:
    """Refuse front matter in a file that can have none; see `read_sidecar`."""
    head = read_front_matter(path, text)
    if not head.length and not head.problems:
        return ParsedFrontMatter(FrontMatter(), 0)
    remedy = f"save it as {path.stem}.md, or write the lines between --- into {path.name}.yaml"
    problem = Problem(path, 1, 1, "", "only Markdown files have front matter", remedy)
    return ParsedFrontMatter(FrontMatter(), 0, (problem,))


def read_meta(path: Path, meta: Mapping[str, Meta]) -> ParsedFrontMatter:
    """Check the metadata of a file of another format."""
    content = {
        yamlfile.Key(key, each.line, each.column): yamlfile.Node(
            each.line, each.column, each.value, "quoted"
        )
        for key, each in meta.items()
    }
    front_matter, problems = _validated(yamlfile.Document(path, yamlfile.Node(1, 1, content)))
    return ParsedFrontMatter(front_matter, 0, problems)


def read_sidecar(path: Path) -> ParsedFrontMatter:
    """Read the YAML file next to an article, which has the keys of front matter."""
    front_matter, problems = _validated(yamlfile.read(path))
    return ParsedFrontMatter(front_matter, 0, problems)


def read_defaults(path: Path) -> ParsedFrontMatter:
    """Read the defaults of a folder for its articles."""
    document = yamlfile.read(path)
    if document.problems or document.root is None:
        return ParsedFrontMatter(FrontMatter(), 0, document.problems)
    defaults, problems = yamlfile.validate(document, Defaults)
    said = defaults.model_dump(exclude_unset=True) if defaults else {}
    return ParsedFrontMatter(FrontMatter(**said), 0, problems)


def merge(path: Path, heads: Sequence[FrontMatter]) -> ParsedFrontMatter:
    """Join what several heads say of an article; the later ones win.

    >>> folder, own = FrontMatter(audience="internal"), FrontMatter(title="Discounts")
    >>> merge(Path("a.md"), [folder, own]).front_matter.audience
    'internal'
    """
    said = {key: value for head in heads for key, value in head if key in head.model_fields_set}
    try:
        return ParsedFrontMatter(FrontMatter(**said), 0)
    except ValidationError:  # each is sound by itself: only days can disagree
        remedy = "correct one of them, or the defaults of the folder"
        wrong = "valid_until is before valid_from"
        return ParsedFrontMatter(
            FrontMatter(), 0, (Problem(path, 0, 0, "valid_until", wrong, remedy),)
        )


def leaves_readers_open(problems: Sequence[Problem]) -> bool:
    """Return whether mistakes in front matter leave audience or validity of the article unknown.

    A key that nobody knows may be `audience`, misspelt; so may a head that is no YAML hold it.
    """
    return any(problem.key not in _SOFT for problem in problems)


def _validated(document: yamlfile.Document) -> tuple[FrontMatter, tuple[Problem, ...]]:
    if document.problems or document.root is None:
        return FrontMatter(), document.problems
    if document.root.content == {}:
        return FrontMatter(), ()
    front_matter, problems = yamlfile.validate(document, FrontMatter)
    return front_matter or FrontMatter(), tuple(problems)

"""The lines between `---` at the head of an article: what it is, for whom, and how long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from bot import yamlfile
from bot.errors import Problem
from bot.understanding import tags

_BEGIN = re.compile(r"---[ \t]*\n")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)


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
        raise yamlfile.mistake(f'"{text}" is no language tag', tags.suggestion(text))
    return tag


def _audience(text: str) -> str:
    if not re.fullmatch(r"public|internal|slack:\S+|discord:\S.*", text):
        remedy = "write public, internal, slack:CHANNEL or discord:ROLE"
        raise yamlfile.mistake(f'"{text}" is no audience', remedy)
    return text


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        remedy = "write year-month-day, for example 2026-12-31"
        raise yamlfile.mistake(f'"{text}" is no day', remedy) from None


Day = Annotated[date, BeforeValidator(_day)]


class FrontMatter(BaseModel):
    """What the head of an article says; empty and None where it says nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    title: Annotated[str, AfterValidator(_title)] = ""
    """What the article is called; absent: its first heading."""

    url: Annotated[str, AfterValidator(_url)] = ""
    """The page that customers can read on."""

    language: Annotated[str, AfterValidator(_language)] = ""
    """BCP 47 tag; absent: the default language."""

    audience: Annotated[str, AfterValidator(_audience)] = "public"
    """`public`, `internal`, `slack:CHANNEL` or `discord:ROLE`."""

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


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a file, read.

    Attributes:
        length: Characters of the head with its marks; the article begins behind them.
    """

    front_matter: FrontMatter
    length: int
    problems: tuple[Problem, ...] = ()


def read_head(path: Path, text: str) -> Head:
    r"""Read the front matter of a file, and find all its mistakes; none at all is fine.

    >>> read_head(Path("a.md"), "---\ntitle: Returns\n---\nText").front_matter.title
    'Returns'
    """
    begin = _BEGIN.match(text)
    if begin is None:
        return Head(FrontMatter(), 0)
    end = _END.search(text, begin.end())
    if end is None:
        remedy = "close it with a line of ---"
        problem = Problem(path, 1, 1, "", "the front matter has no end", remedy)
        return Head(FrontMatter(), len(text), (problem,))
    yaml = text[begin.end() : end.start()]
    if not yaml.strip():
        return Head(FrontMatter(), end.end())
    document = yamlfile.parse(path, b"\n" + yaml.encode())  # so that lines count as in the file
    if document.problems:
        return Head(FrontMatter(), end.end(), document.problems)
    front_matter, problems = yamlfile.validate(document, FrontMatter)
    return Head(front_matter or FrontMatter(), end.end(), problems)

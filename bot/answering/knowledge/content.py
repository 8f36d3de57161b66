"""Content of an article file: its front matter and its Markdown, whatever the format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.knowledge.conversion import Converted, Unreadable, convert, decode
from bot.answering.knowledge.conversion import Kind as Foreign
from bot.answering.knowledge.files import ArticleFile
from bot.answering.knowledge.frontmatter import (
    ParsedFrontMatter,
    read_front_matter,
    read_meta,
    refuse_front_matter,
)
from bot.answering.knowledge.markup import plain, settle_links

LARGEST_TEXT_FILE = 1_000_000
"""Most bytes of Markdown or text; a novel has about as many."""

LARGEST_FILE = 20_000_000
"""Most bytes of HTML, PDF and DOCX, which may hold pictures."""

CONVERSION = 2
"""Increase it whenever the same file is converted differently."""


@dataclass(frozen=True, slots=True)
class FileContent:
    """The content of a file.

    Attributes:
        title: Used when neither front matter nor a heading has one.
        first_line, places: See `cut`.
    """

    head: ParsedFrontMatter
    markdown: str
    title: str
    first_line: int = 1
    places: Sequence[int] = ()
    conversion: tuple[str, Converted] | None = None


def read_content(file: ArticleFile, known: Mapping[str, Converted]) -> FileContent:
    """Read a file.

    Args:
        file: Which one.
        known: Earlier conversions, by the hash of the file.

    Raises:
        Unreadable: It cannot be read or converted, is too large, empty, or no text.
    """
    return _markdown(file) if file.kind == "markdown" else _converted(file, file.kind, known)


def _markdown(file: ArticleFile) -> FileContent:
    """Read Markdown or text."""
    text = decode(_read_bytes(file))
    head = (read_front_matter if file.has_front_matter else refuse_front_matter)(file.path, text)
    title = _first_line(text) if file.path.suffix.lower() == ".txt" else ""
    markdown = plain(text[head.length :], head.front_matter.url)
    return FileContent(head, markdown, title, text.count("\n", 0, head.length) + 1)


def _converted(file: ArticleFile, kind: Foreign, known: Mapping[str, Converted]) -> FileContent:
    """Read a file of another format."""
    data = _read_bytes(file)
    key = _key(file, data)
    converted = known.get(key) or convert(kind, data)
    head = read_meta(file.path, converted.meta)
    return FileContent(
        head,
        settle_links(converted.markdown, head.front_matter.url),
        converted.title,
        places=converted.places,
        conversion=(key, converted),
    )


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
        raise Unreadable(f"cannot be read ({reason})", "correct its permissions") from None
    if len(data) > most:
        raise Unreadable(f"larger than {most:,} bytes", "split the article")
    if not data.strip():
        raise Unreadable("empty", "write the article, or remove the file")
    return data


def _key(file: ArticleFile, data: bytes) -> str:
    return f"{CONVERSION}:{file.kind}:{hashlib.sha256(data).hexdigest()}"

"""Credential check: an article that holds a credential is withheld, since it could be quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.answering.knowledge.content import FileContent
from bot.answering.knowledge.files import ArticleFile
from bot.answering.knowledge.frontmatter import FrontMatter
from bot.answering.knowledge.strip_hidden import visible
from bot.errors import Problem
from bot.text.credentials import credentials_in, is_example

_ESCAPED = re.compile(r"\\([_.*~=+-])")
"""Marks that converters escape, so that Markdown does not read them as emphasis."""

_REMEDY = (
    "remove and revoke it; if it is no secret, write `secrets: ok` into the front matter of the "
    "article, or into the YAML file next to it"
)


def pasted_credentials(
    file: ArticleFile, front: FrontMatter, body: FileContent, unit: str
) -> Iterator[Problem]:
    """Yield a warning for each credential that a reader of the article would see.

    Args:
        file: The article.
        front: Its front matter; with `secrets: ok` nothing is checked.
        body: Its text.
        unit: What its places count.
    """
    if front.secrets == "ok":
        return
    for key, text in (("title", front.title), ("url", front.url)):
        for kind, _ in _kinds(text):
            yield _withheld(file, 0, 0, key, kind)
    raw = body.markdown.splitlines()
    for number, line in enumerate(visible(body.markdown).splitlines()):
        for kind, column in _kinds(line, raw[number] if number < len(raw) else ""):
            place = body.places[number] if number < len(body.places) else body.first_line + number
            if unit == "line":
                yield _withheld(file, place, column, "", kind)
            else:
                yield _withheld(file, 0, 0, f"{unit} {place}", kind)


def _kinds(line: str, raw: str = "") -> Iterator[tuple[str, int]]:
    """Yield the kinds of credentials in a line, with their columns in the file."""
    plain = _ESCAPED.sub(r"\1", line)
    tokens: dict[str, tuple[str, int]] = {}
    for text in (line, plain):
        for each in credentials_in(text):
            tokens.setdefault(text[each.start : each.end], (each.kind, each.start))
    for token, (kind, start) in tokens.items():
        if not is_example(token):
            column = max(raw.find(token), line.find(token))
            yield kind, (column if column >= 0 else start) + 1


def _withheld(file: ArticleFile, line: int, column: int, key: str, kind: str) -> Problem:
    wrong = f"{kind}, so the article is withheld"
    return Problem(file.path, line, column, key, wrong, _REMEDY, "warning")

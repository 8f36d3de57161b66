"""Passages: splits an article along its headings into pieces that are short enough to quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.answering.knowledge.strip_hidden import visible
from bot.text.sentences import pieces

PASSAGE_WORDS = 200
"""Longer sections are split between paragraphs, longer paragraphs between sentences."""

HEADING_CHARACTERS = 500
"""Most characters of a heading that are read."""

_WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯]|\w+")


_BLOCKS = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])
"""Parses blocks only: inline markup matters in headings only."""

_RULE = re.compile(r"\|?[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)*(?:[ \t]*\|)?")
"""The second line of a table."""

_INLINE = MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True)
class ArticlePassage:
    """A piece of one section.

    Attributes:
        heading: Headings from the section's outermost to its own, without the article's title.
        place: Line of the file on which it begins, counted from 1; of PDF the page, of DOCX the
            paragraph.
        text: Markdown, as a reader sees it.
    """

    heading: tuple[str, ...]
    place: int
    text: str


@dataclass(frozen=True, slots=True)
class SkippedBlock:
    """A paragraph, list or table that is left out of the index.

    Attributes:
        place: Where it begins, as for passages.
        why: The reason, for admins.
    """

    place: int
    why: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of an article.

    Attributes:
        title: Its first heading of level 1; empty when there is none.
        left_out: The parts that are not among the passages.
    """

    title: str
    passages: tuple[ArticlePassage, ...]
    left_out: tuple[SkippedBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, list, table or the like."""

    heading: tuple[str, ...]
    line: int
    text: str


def cut(
    markdown: str,
    *,
    first_line: int = 1,
    places: Sequence[int] = (),
    suspicion: Callable[[str], str] = lambda _: "",
) -> Outline:
    r"""Split the visible text of Markdown into passages.

    >>> cut("# Returns\n\n## Costs\n\nNothing.").passages
    (ArticlePassage(heading=('Costs',), place=5, text='Nothing.'),)

    Args:
        markdown: The article below its front matter.
        first_line: Line of the file on which it begins.
        places: Place of each line in the original, when the Markdown was converted.
        suspicion: Returns why a paragraph, list, table or heading is left out; empty when it is
            kept. What follows a heading that is left out is left out as well.
    """
    text = visible(markdown)
    tokens = _BLOCKS.parse(text)
    title = next((_heading(tokens, n) for n, t in enumerate(tokens) if _opens(t, "h1")), "")
    blocks = list(_blocks(tokens, text.split("\n"), first_line))
    doubted = [_doubt(block, cache(suspicion)) for block in blocks]
    sound = [block for block, why in zip(blocks, doubted, strict=True) if not why]
    outline = Outline(
        title,
        tuple(_pack(iter(sound))),
        tuple(
            SkippedBlock(block.line, why) for block, why in zip(blocks, doubted, strict=True) if why
        ),
    )
    return _placed(outline, places, first_line) if places else outline


def _doubt(block: _Block, suspicion: Callable[[str], str]) -> str:
    """Return why a block is left out: it, or a heading above it, is suspicious."""
    return next(filter(None, map(suspicion, (*block.heading, block.text))), "")


def _placed(outline: Outline, places: Sequence[int], first_line: int) -> Outline:
    """Replace line numbers by the places in the original."""
    return replace(
        outline,
        passages=tuple(replace(p, place=places[p.place - first_line]) for p in outline.passages),
        left_out=tuple(replace(o, place=places[o.place - first_line]) for o in outline.left_out),
    )


def count_words(text: str) -> int:
    """Count words; in scripts without spaces, a character counts as one."""
    return len(_WORD.findall(text))


def _blocks(tokens: Sequence[Token], lines: Sequence[str], first_line: int) -> Iterator[_Block]:
    """Yield the outermost blocks in order, with the headings above them."""
    path: list[tuple[int, str]] = []
    titled = False
    for position, token in enumerate(tokens):
        if token.level != 0 or token.map is None or token.nesting < 0:
            continue
        if token.type == "heading_open":
            level = int(token.tag[1])
            path = [(depth, heading) for depth, heading in path if depth < level]
            if level == 1 and not titled:
                titled = True
            else:
                path.append((level, _heading(tokens, position)))
            continue
        start, end = token.map
        text = "\n".join(lines[start:end]).strip()
        if text and token.type != "hr":
            yield _Block(tuple(heading for _, heading in path), first_line + start, text)


def _opens(token: Token, tag: str) -> bool:
    return token.type == "heading_open" and token.level == 0 and token.tag == tag


def _heading(tokens: Sequence[Token], position: int) -> str:
    """Return the text of the heading that opens at a position, without its markup."""
    (inline,) = _INLINE.parseInline(tokens[position + 1].content[:HEADING_CHARACTERS])
    children = inline.children or ()
    return " ".join("".join(child.content for child in children).split())


def _pack(blocks: Iterator[_Block]) -> Iterator[ArticlePassage]:
    """Join neighbouring blocks of a section up to the limit."""
    pending: list[_Block] = []
    words = 0
    for block in (piece for whole in blocks for piece in _bounded(whole)):
        size = count_words(block.text)
        if pending and pending[0].heading != block.heading:
            yield _join(pending)
            pending, words = [], 0
        elif pending and words + size > PASSAGE_WORDS:
            lead = _lead(pending)
            if pending[: len(pending) - len(lead)]:
                yield _join(pending[: len(pending) - len(lead)])
            else:
                yield _join(pending)
                lead = []
            pending, words = lead, sum(count_words(each.text) for each in lead)
        pending.append(block)
        words += size
    if pending:
        yield _join(pending)


def _join(blocks: Sequence[_Block]) -> ArticlePassage:
    text = "\n\n".join(block.text for block in blocks)
    return ArticlePassage(blocks[0].heading, blocks[0].line, text)


def _lead(blocks: Sequence[_Block]) -> list[_Block]:
    """Return the last block where it introduces the next one: it ends with a colon."""
    return list(blocks[-1:]) if blocks[-1].text.rstrip().endswith((":", "：")) else []


def _bounded(block: _Block) -> Iterator[_Block]:
    """Split a block that is too long between lines and sentences; a table repeats its header."""
    if count_words(block.text) <= PASSAGE_WORDS:
        yield block
        return
    rows = block.text.split("\n")
    if len(rows) > 1 and _RULE.fullmatch(rows[1].strip()):
        yield from _rows(block, rows)
        return
    part, words, line = "", 0, block.line
    start = line
    for sentence in pieces(block.text):
        size = count_words(sentence)
        if part and words + size > PASSAGE_WORDS:
            yield _Block(block.heading, start, part.strip())
            part, words, start = "", 0, line
        part += sentence
        words += size
        line += sentence.count("\n")
    if part.strip():
        yield _Block(block.heading, start, part.strip())


def _rows(block: _Block, rows: Sequence[str]) -> Iterator[_Block]:
    """Split a table between its rows; each part begins with the header."""
    head = list(rows[:2])
    part, start, words = list(head), 0, count_words("\n".join(head))
    least = words
    for line, row in enumerate(rows[2:], start=2):
        size = count_words(row)
        if len(part) > len(head) and words + size > PASSAGE_WORDS:
            yield _Block(block.heading, block.line + start, "\n".join(part))
            part, start, words = list(head), line, least
        part.append(row)
        words += size
    yield _Block(block.heading, block.line + start, "\n".join(part))

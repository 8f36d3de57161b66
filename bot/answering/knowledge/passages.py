"""Cuts an article along its headings into passages that are short enough to quote."""

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
"""A longer section is cut between its paragraphs, a longer paragraph between its sentences."""

HEADING_CHARACTERS = 500
"""What is read of a heading."""

_WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯]|\w+")


_BLOCKS = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])
"""Finds blocks alone: what stands within them is of interest in headings only."""

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
class LeftOut:
    """A paragraph, list or table that is no knowledge.

    Attributes:
        place: Where it begins, as of passages.
        why: In words.
    """

    place: int
    why: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What an article consists of.

    Attributes:
        title: Its first heading of level 1; empty when there is none.
        left_out: What is not among the passages.
    """

    title: str
    passages: tuple[ArticlePassage, ...]
    left_out: tuple[LeftOut, ...] = ()


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
    r"""Cut Markdown into passages of what a reader sees of it.

    >>> cut("# Returns\n\n## Costs\n\nNothing.").passages
    (ArticlePassage(heading=('Costs',), place=5, text='Nothing.'),)

    Args:
        markdown: The article below its front matter.
        first_line: Where it begins in its file.
        places: Where each line comes from, when the Markdown was made from something else.
        suspicion: Tells of a paragraph, list, table or heading why it is no knowledge; empty when
            it is. What stands below such a heading is none either.
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
        tuple(LeftOut(block.line, why) for block, why in zip(blocks, doubted, strict=True) if why),
    )
    return _placed(outline, places, first_line) if places else outline


def _doubt(block: _Block, suspicion: Callable[[str], str]) -> str:
    """Return why a block is no knowledge, if it or what it stands under is suspicious."""
    return next(filter(None, map(suspicion, (*block.heading, block.text))), "")


def _placed(outline: Outline, places: Sequence[int], first_line: int) -> Outline:
    """Give everything the place that its line comes from."""
    return replace(
        outline,
        passages=tuple(replace(p, place=places[p.place - first_line]) for p in outline.passages),
        left_out=tuple(replace(o, place=places[o.place - first_line]) for o in outline.left_out),
    )


def count_words(text: str) -> int:
    """Count words; in scripts without spaces, a character counts as one."""
    return len(_WORD.findall(text))


def _blocks(tokens: Sequence[Token], lines: Sequence[str], first_line: int) -> Iterator[_Block]:
    """Yield the outermost blocks in order, under the headings that they stand below."""
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
        if pending and (pending[0].heading != block.heading or words + size > PASSAGE_WORDS):
            yield _join(pending)
            pending, words = [], 0
        pending.append(block)
        words += size
    if pending:
        yield _join(pending)


def _join(blocks: Sequence[_Block]) -> ArticlePassage:
    text = "\n\n".join(block.text for block in blocks)
    return ArticlePassage(blocks[0].heading, blocks[0].line, text)


def _bounded(block: _Block) -> Iterator[_Block]:
    """Cut a block that is too long by itself between its lines and sentences."""
    if count_words(block.text) <= PASSAGE_WORDS:
        yield block
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

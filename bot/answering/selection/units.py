"""Units: the sentences, list items and table rows of passages, which are shown word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.answering.grounding.parsing import plain
from bot.answering.grounding.tables import is_table
from bot.ports import Passage
from bot.text.phrases import leans
from bot.text.sentences import split

_ITEM = re.compile(r"([ \t]*)([-*+•]|\d{1,3}[.)])[ \t]+(.*)")
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_HAN = re.compile(r"[　-〿぀-ヿ㐀-鿿！-～]")
_CELL = re.compile(r"(?<!\\)\|")
_INTRODUCES = (":", "：")

MOST = 120
"""Most units that are offered: what a model reads of them must fit into its prompt."""

LONGEST = 1_500
"""Characters of a unit; a longer one is not offered."""


@dataclass(frozen=True, slots=True)
class ArticleUnit:
    """A sentence, a list item or a table row of an article, as it is shown.

    Attributes:
        text: Markdown, without the mark of a list item; a row as `head: cell; head: cell`.
        passage: It stands in this one of the passages, counted from 0.
        block: Its paragraph, list or table, counted from 0 over all passages.
        mark: Of a list item or row; empty for a sentence.
        introductions: What introduces it: the sentence before its list, the items above it.
        key: First cell of a row; else empty.
        lead: Number of the unit that it leans on; None when it stands by itself.
    """

    text: str
    passage: int
    block: int
    mark: str = ""
    introductions: tuple[str, ...] = ()
    key: str = ""
    lead: int | None = None

    @property
    def whole(self) -> str:
        """It with what introduces it, in plain words."""
        return " ".join(plain(each) for each in (*self.introductions, self.text))


@dataclass
class _Cutter:
    """Cuts one passage after the other into units.

    Attributes:
        passage: The number of the passage.
        block: The number of the block.
    """

    passage: int = 0
    block: int = 0
    units: list[ArticleUnit] = field(default_factory=list)
    _introduction: str = ""

    def cut(self, text: str) -> None:
        """Add the units of the next passage."""
        self._introduction = ""
        for lines in _blocks(text):
            self._add(lines)
            self.block += 1
        self.passage += 1

    def _add(self, lines: Sequence[str]) -> None:
        above = self._introduction
        self._introduction = ""
        if _FENCE.match(lines[0]):
            self._unit("\n".join(lines), introductions=_given(above))
        elif is_table(lines):
            self._table(lines, above)
        else:
            self._prose(lines, above)

    def _table(self, lines: Sequence[str], above: str) -> None:
        heads = _cells(lines[0])
        for line in lines[2:]:
            cells = _cells(line)
            named = [
                f"{head}: {cell}" if head else cell
                for head, cell in zip(heads, cells, strict=False)
                if cell
            ]
            if named:
                row = "; ".join(named)
                self._unit(row, mark="-", introductions=_given(above), key=cells[0])

    def _prose(self, lines: Sequence[str], above: str) -> None:
        """Add a paragraph, and the list items in it."""
        open_items: list[tuple[int, str]] = []
        for indent, mark, text in _paragraphs(lines):
            if not mark:
                above = self._sentences(text)
                open_items = []
                continue
            open_items = [each for each in open_items if each[0] < indent]
            over = tuple(each for _, each in open_items)
            self._unit(text, mark=mark, introductions=(*_given(above), *over))
            open_items.append((indent, text))
            if text.endswith(_INTRODUCES):
                self.units.pop()
        self._introduction = above if not open_items else ""
        if open_items and open_items[-1][1].endswith(_INTRODUCES):
            self._introduction = open_items[-1][1]

    def _sentences(self, text: str) -> str:
        """Add the sentences of a paragraph; return the last one if it introduces what follows."""
        found = split(text)
        last = found.pop() if found and found[-1].endswith(_INTRODUCES) else ""
        for at, sentence in enumerate(found):
            lead = len(self.units) - 1 if at and leans(plain(sentence)) else None
            self._unit(sentence, lead=lead)
        return last

    def _unit(
        self,
        text: str,
        *,
        mark: str = "",
        introductions: tuple[str, ...] = (),
        key: str = "",
        lead: int | None = None,
    ) -> None:
        unit = ArticleUnit(text, self.passage, self.block, mark, introductions, plain(key), lead)
        self.units.append(unit)


def units_of(passages: Sequence[Passage]) -> list[ArticleUnit]:
    r"""Cut passages into units.

    >>> from bot.messages import Source
    >>> text = "Pay per visit:\n\n- Pool: €5"
    >>> [unit.whole for unit in units_of([Passage("a.md", Source("A"), "", text, 1.0)])]
    ['Pay per visit: Pool: €5']
    """
    cutter = _Cutter()
    for passage in passages:
        cutter.cut(passage.text)
    return [_bounded(unit) for unit in cutter.units][:MOST]


def _bounded(unit: ArticleUnit) -> ArticleUnit:
    return unit if len(unit.text) <= LONGEST else replace(unit, text="")


def _given(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _blocks(text: str) -> Iterator[list[str]]:
    """Yield the lines between blank ones, without the marks of quotations."""
    block: list[str] = []
    fenced = False
    for raw in text.splitlines():
        quoted = None if fenced else _QUOTE.match(raw)
        line = raw[quoted.end() :] if quoted else raw
        if _FENCE.match(line):
            fenced = not fenced
        if line.strip() or fenced:
            block.append(line.rstrip())
        elif block:
            yield block
            block = []
    if block:
        yield block


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Yield indent, mark and text of each paragraph and list item; lines that go on are joined."""
    found: list[tuple[int, str, str]] = []
    for line in lines:
        item = _ITEM.match(line)
        if item is not None:
            found.append((len(item[1].expandtabs(4)), item[2], item[3].strip()))
        elif found:
            indent, mark, text = found[-1]
            found[-1] = (indent, mark, _joined(text, line.strip()))
        else:
            found.append((0, "", line.strip()))
    yield from found


def _joined(text: str, more: str) -> str:
    """Join two lines of a paragraph; between Chinese characters no space is put."""
    if not text or not more:
        return text + more
    apart = not (_HAN.match(text[-1]) and _HAN.match(more[0]))
    return f"{text}{' ' if apart else ''}{more}"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELL.split(line.strip().strip("|"))]

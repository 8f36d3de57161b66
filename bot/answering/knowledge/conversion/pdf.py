"""PDF to Markdown: lines by page, headings by the size of their letters."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from bot.answering.knowledge.conversion.result import LARGEST_TEXT, Converted, Unreadable, joined

MOST_PAGES = 2_000
_HEADING_CHARACTERS = 120
_LARGER = 1.15
"""Letters so much larger than most are a heading."""

_APART = 1.7
"""Lines so many letter heights apart belong to different paragraphs."""

_ENDS = (".", ",", ";", ":", "!", "?", "。", "，", "；")


@dataclass(slots=True)
class _Line:
    """A line of a page.

    Attributes:
        size: Of its letters, in points; 0 when the file does not say.
        height: Where it stands on the page, from below.
    """

    page: int
    text: str
    size: float
    height: float
    bold: bool


def convert(data: bytes) -> Converted:
    """Convert a document.

    Raises:
        Unreadable: It is damaged, encrypted, no PDF, or holds pictures alone.
    """
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("no PDF", "export it again as PDF")
    if b"%%EOF" not in data[-2048:]:
        raise Unreadable("cut short", "fetch or export the file again")
    try:
        reader = PdfReader(io.BytesIO(data))
        _unlock(reader)
        lines = list(_lines(reader))
        title = (reader.metadata.title if reader.metadata else "") or ""
    except DependencyError:
        raise Unreadable("encrypted", "save it without a password") from None
    except LimitReachedError as error:
        raise Unreadable(f"unpacks to more than it may ({error})", "export it again") from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unreadable(f"damaged ({error})", "export it again as PDF") from None
    if not any(line.text.strip() for line in lines):
        remedy = "recognise its text (OCR), for example with ocrmypdf, or rewrite the article"
        raise Unreadable("no text in it, only pictures", remedy)
    markdown, places = joined(_markdown(_without_repeated(lines)))
    return Converted(markdown, places, title=title.strip())


def _unlock(reader: PdfReader) -> None:
    """Open what only restricts printing and the like; refuse what needs a password."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("encrypted", "save it without a password")
    if len(reader.pages) > MOST_PAGES:
        raise Unreadable(f"more than {MOST_PAGES:,} pages", "split the document")


def _lines(reader: PdfReader) -> Iterator[_Line]:
    """Yield the lines of all pages."""
    characters = 0
    for number, page in enumerate(reader.pages, start=1):
        collected = _Collector(number)
        page.extract_text(visitor_text=collected.visit)
        yield from collected.lines()
        characters += collected.characters
        if characters > LARGEST_TEXT:
            raise Unreadable(f"more than {LARGEST_TEXT:,} characters", "split the document")


class _Collector:
    """Takes the pieces of text of a page as pypdf finds them, with their letters' size."""

    def __init__(self, page: int) -> None:
        self._page = page
        self._lines: list[_Line] = []
        self._open: _Line | None = None
        self.characters = 0

    def visit(
        self,
        text: str,
        cm: Sequence[float],
        tm: Sequence[float],
        font: dict[str, object] | None,
        size: float,
    ) -> None:
        """Take a piece; its line ends are those of the page."""
        self.characters += len(text)
        scale = abs(tm[3] * cm[3]) or abs(tm[0] * cm[0]) or 1.0
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        height = tm[5] * cm[3] + cm[5]
        for n, piece in enumerate(text.split("\n")):
            if n:
                self._close()
            if not piece.strip() and self._open is None:
                continue
            if self._open is None:
                self._open = _Line(self._page, piece, size * scale, height, bold)
            else:
                self._open.text += piece
                self._open.bold = self._open.bold and (bold or not piece.strip())
                self._open.size = max(self._open.size, size * scale if piece.strip() else 0)

    def lines(self) -> list[_Line]:
        """Return what was taken."""
        self._close()
        return self._lines

    def _close(self) -> None:
        if self._open is not None:
            self._open.text = " ".join(self._open.text.split())
            self._lines.append(self._open)
        self._open = None


def _without_repeated(lines: Sequence[_Line]) -> list[_Line]:
    """Leave out page numbers, and what stands at the head or foot of most pages."""
    pages = {line.page for line in lines}
    seen = Counter(key for key, _ in {(_shape(line.text), line.page) for line in lines})
    often = max(3, round(0.6 * len(pages)))
    return [line for line in lines if _shape(line.text) != "0" and seen[_shape(line.text)] < often]


def _shape(text: str) -> str:
    """Return a text with its numbers made equal: `Page 3 of 9` and `Page 4 of 9` are."""
    return re.sub(r"\d+", "0", text.strip())


def _markdown(lines: Sequence[_Line]) -> list[tuple[int, str]]:
    """Render lines: paragraphs with empty lines between them, headings with their level."""
    levels = _levels(lines)
    made: list[tuple[int, str]] = []
    before: _Line | None = None
    for line in lines:
        level = levels.get(_look(line), 0) if _may_head(line) else 0
        if before is None or level or _look(before) in levels or _begins_paragraph(before, line):
            made.append((line.page, ""))
        elif made[-1][1].endswith("-") and line.text[:1].islower():
            made[-1] = (made[-1][0], made[-1][1][:-1] + line.text)
            before = line
            continue
        made.append((line.page, f"{'#' * level} {line.text}" if level else _plain(line.text)))
        before = line
    return made


def _levels(lines: Sequence[_Line]) -> dict[tuple[float, bool], int]:
    """Return the level of each look that is a heading's, the largest first."""
    letters: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        letters[_look(line)] += len(line.text)
    if not letters:
        return {}
    (body, body_bold), _ = letters.most_common(1)[0]
    looks = {
        (size, bold)
        for size, bold in letters
        if size >= body * _LARGER or (bold and not body_bold and size >= body)
    }
    return {look: min(n, 6) for n, look in enumerate(sorted(looks, reverse=True), start=1)}


def _look(line: _Line) -> tuple[float, bool]:
    return round(line.size * 2) / 2, line.bold


def _may_head(line: _Line) -> bool:
    return len(line.text) <= _HEADING_CHARACTERS and not line.text.endswith(_ENDS[:4])


def _begins_paragraph(before: _Line, line: _Line) -> bool:
    """Return whether a line stands apart from the one before it."""
    if line.page != before.page:
        return before.text.endswith(_ENDS)
    apart = before.height - line.height
    return bool(line.size) and (apart < 0 or apart > _APART * line.size)


def _plain(text: str) -> str:
    """Keep text from being taken for a heading or a quote; bullets become Markdown's."""
    bullet = re.sub(r"^[•▪◦●‣\uf0b7\x7f]\s*", "- ", text)
    return re.sub(r"^([#>]|={2,}$|-{2,}$)", r"\\\1", bullet)

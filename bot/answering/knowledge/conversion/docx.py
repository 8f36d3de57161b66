"""Word (DOCX) to Markdown, via HTML, with the numbers of paragraphs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import mammoth
from mammoth import documents, transforms

from bot.answering.knowledge.conversion.html import convert_text
from bot.answering.knowledge.conversion.result import Converted, Unreadable, mark, unmarkable

if TYPE_CHECKING:
    from collections.abc import Callable

UNPACKED = 100_000_000
"""Bytes that a document may have when it is unpacked; most of them are pictures."""

TEXT_UNPACKED = 30_000_000
"""Bytes that its text may have, as XML."""

_TEXT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def convert(data: bytes) -> Converted:
    """Convert a document.

    Raises:
        Unreadable: It is damaged, encrypted, no DOCX, or unpacks to more than it may.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        remedy = "open it in Word, remove its password, and save it as .docx"
        raise Unreadable("encrypted, or of Word before 2007", remedy)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _bound(archive)
            visible = _without_hidden_text(archive)
        page = mammoth.convert_to_html(
            visible,
            transform_document=_marking_paragraphs(),
            convert_image=lambda _image: [],
            style_map="p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh",
        )
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise _damaged(error) from None
    except (KeyError, ValueError, AttributeError, ElementTree.ParseError, OSError) as error:
        raise _damaged(error) from None
    return convert_text(page.value)


def _damaged(error: Exception) -> Unreadable:
    return Unreadable(f"damaged, or no DOCX ({error})", "save it again in Word, as .docx")


def _bound(archive: zipfile.ZipFile) -> None:
    """Refuse what would unpack to more than fits; zipfile stops at the sizes that are declared."""
    sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    if sum(sizes.values()) > UNPACKED or sizes.get(_TEXT, 0) > TEXT_UNPACKED:
        remedy = "split the document, or make its pictures smaller"
        raise Unreadable(f"unpacks to {sum(sizes.values()):,} bytes", remedy)
    if any(entry.flag_bits & 0x1 for entry in archive.infolist()):
        raise Unreadable("encrypted", "save it without a password")


def _without_hidden_text(archive: zipfile.ZipFile) -> io.BytesIO:
    """Return the document without hidden text and without our own marks."""
    root = ElementTree.fromstring(archive.read(_TEXT))  # noqa: S314  # expat bounds entities, we the size
    for paragraph in root.iter():
        for run in [child for child in paragraph if child.tag == f"{_W}r"]:
            if run.find(f"{_W}rPr/{_W}vanish") is not None:
                paragraph.remove(run)
    for text in root.iter(f"{_W}t"):
        text.text = unmarkable(text.text or "")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as copy:
        for entry in archive.infolist():
            if entry.filename == _TEXT:
                copy.writestr(_TEXT, ElementTree.tostring(root, "utf-8"))
            elif entry.filename.endswith((".xml", ".rels")):
                copy.writestr(entry.filename, archive.read(entry))
    made.seek(0)
    return made


def _marking_paragraphs() -> Callable[[documents.Document], documents.Document]:
    """Return a transformation that marks each paragraph with text with its number."""
    numbers: Iterator[int] = count(1)

    def number(paragraph: documents.Paragraph) -> documents.Paragraph:
        place = next(numbers)
        if not paragraph.children:
            return paragraph
        marker = documents.run([documents.text(mark(place))])
        return paragraph.copy(children=[marker, *paragraph.children])

    marking: Callable[[documents.Document], documents.Document] = transforms.paragraph(number)
    return marking

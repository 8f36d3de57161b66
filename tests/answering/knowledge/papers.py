"""Real PDF and Word files, made by the libraries that make them elsewhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import docx
from pypdf import PdfReader, PdfWriter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

Page = Sequence[tuple[str, str]]
"""Paragraphs of a page: style and text."""


def pdf(*pages: Page, footer: str = "") -> bytes:
    """Print a PDF."""
    styles = getSampleStyleSheet()
    story: list[Flowable] = []
    for page in pages:
        story += [Paragraph(text, styles[style]) for style, text in page]
        story.append(PageBreak())

    def foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.drawString(50, 30, footer)
        canvas.drawString(500, 30, f"Page {document.page}")

    made = io.BytesIO()
    SimpleDocTemplate(made).build(story, onFirstPage=foot, onLaterPages=foot)
    return made.getvalue()


def picture_pdf() -> bytes:
    """Print a PDF that holds a drawing and no text, as a scanner does."""
    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.save()
    return made.getvalue()


def encrypted(data: bytes, password: str) -> bytes:
    """Encrypt a PDF."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def word(*paragraphs: tuple[str, str], hidden: str = "") -> bytes:
    """Write a Word document: style and text of each paragraph, and text that Word hides."""
    document = docx.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if hidden:
        document.add_paragraph("Seen. ").add_run(hidden).font.hidden = True
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def bomb() -> bytes:
    """Pack a Word document that would unpack to 200 MB."""
    made = io.BytesIO(word(("Normal", "Boom.")))
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("word/media/image1.png", "w", force_zip64=True) as picture,
    ):
        for _ in range(200):
            picture.write(b"\0" * 1_000_000)
    return made.getvalue()

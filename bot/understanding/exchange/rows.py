"""Reads rows, each with a text and a label, from CSV, JSON Lines and JSON files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import IntentsError
from bot.understanding.exchange.columns import ColumnChoice, find_columns
from bot.understanding.exchange.files import Row, parsed_json, read_text, refusal
from bot.understanding.language.tags import canonical, suggestion

_DELIMITERS = ",;\t|"
_TEXTS = ("text", "utterance", "sentence", "query", "message")
_LABELS = ("label", "intent", "category")
"""Keys of texts and labels in JSON."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table.

    Attributes:
        labelled: Whether there is a column of labels; else the rows are questions with answers.
    """

    rows: list[Row]
    labelled: bool


def csv_table(file: Path, chosen: ColumnChoice | None = None, *, questions: bool = False) -> Table:
    """Read a CSV file with a header.

    Args:
        file: UTF-8 or UTF-16; separated by commas, semicolons, tabs or bars.
        chosen: Column names given by an admin.
        questions: Whether questions with answers need no label.

    Raises:
        IntentsError: The file cannot be read as such.
    """
    text = read_text(file, "CSV")
    first, _, rest = text.partition("\n")
    named = first.strip().removeprefix("sep=") if first.startswith("sep=") else ""
    delimiter = named if len(named) == 1 else max(_DELIMITERS, key=first.count)
    content = io.StringIO("\n" + rest if named else text, newline="")
    reader = csv.reader(content, delimiter=delimiter, strict=True)
    try:
        if named:
            next(reader)  # Excel writes the separator on a line of its own
        header = [name.strip().lower() for name in next(reader, [])]
        columns = find_columns(file, header, chosen or ColumnChoice(), questions=questions)
        rows = []
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                language = columns.cell(cells, columns.language)
                rows.append(
                    Row(
                        columns.cell(cells, columns.text),
                        columns.cell(cells, columns.label),
                        line,
                        _language(file, line, language),
                        columns.cell(cells, columns.reply),
                    )
                )
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = "put texts with commas or line breaks in quotes, and double the quotes in them"
        raise refusal(file, reader.line_num, f"not valid CSV ({error})", remedy) from error
    return Table(rows, columns.label is not None)


def jsonl_rows(file: Path) -> Iterator[Row]:
    """Yield the rows of a file with one JSON object per line: `text`, and one of `_LABELS`.

    Raises:
        IntentsError: The file cannot be read as such.
    """
    for number, line in enumerate(read_text(file, "text,").split("\n"), start=1):
        if line.strip():
            yield _row(file, number, f"line {number}", parsed_json(file, line, number))


def json_rows(file: Path, document: object) -> Iterator[Row]:
    """Yield the rows of a list of JSON objects: `text`, and one of `_LABELS`.

    Raises:
        IntentsError: The document is not such a list.
    """
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        document = lists[0] if len(lists) == 1 else document
    if not isinstance(document, list):
        remedy = 'write [{"text": "...", "label": "..."}, ...]'
        raise refusal(file, 0, "not a list of messages", remedy)
    for number, item in enumerate(document, start=1):
        yield _row(file, 0, f"item {number}", item)


def _row(file: Path, line: int, what: str, document: Any) -> Row:  # noqa: ANN401 - as JSON holds
    remedy = 'write {"text": "...", "label": "..."}'
    where = "" if line else f"{what}: "
    if not isinstance(document, dict):
        raise refusal(file, line, f"{where}not a JSON object", remedy)
    text = next((document[key] for key in _TEXTS if key in document), None)
    label = next((document[key] for key in _LABELS if key in document), None)
    if not isinstance(text, str) or not isinstance(label, str):
        raise refusal(file, line, f"{where}`text` and `label` must both be texts", remedy)
    reply = document.get("reply")
    language = _language(file, line, str(document.get("language") or ""))
    return Row(text, label, line, language, reply if isinstance(reply, str) else "")


def _language(file: Path, line: int, written: str) -> str:
    """Return a language tag in its canonical spelling; empty for a blank one.

    Raises:
        IntentsError: It is not a language tag.
    """
    tag = written.strip().replace("_", "-")
    if not tag:
        return ""
    found = canonical(tag)
    if found is None:
        raise _no_tag(file, line, written)
    return found


def _no_tag(file: Path, line: int, written: str) -> IntentsError:
    return refusal(file, line, f'"{written}" is not a language tag', suggestion(written.strip()))

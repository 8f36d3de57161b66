"""Rows of CSV and JSON Lines files: a text and a label each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.understanding.exchange.cells import from_cell
from bot.understanding.exchange.files import Row, read_text, refusal

_DELIMITERS = ",;\t"
_TEXT = "text"
_LABELS = ("label", "intent", "category")
"""What the label may be called."""


def csv_rows(file: Path) -> Iterator[Row]:
    """Yield the rows of a CSV file whose header names the columns `text` and one of `_LABELS`.

    Raises:
        IntentsError: It is no such file.
    """
    text = read_text(file, "CSV")
    first_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        wanted = (_TEXT, next((name for name in _LABELS if name in header), _LABELS[0]))
        missing = [name for name in wanted if name not in header]
        if missing:
            found = ", ".join(header) or "nothing"
            wrong = f"no column {' and no column '.join(missing)} (found: {found})"
            raise refusal(file, 1, wrong, "begin the file with the line text,label")
        columns = [header.index(name) for name in wanted]
        line = reader.line_num + 1
        for cells in reader:
            text, label = (cells[column] if column < len(cells) else "" for column in columns)
            if cells:
                yield Row(from_cell(text), from_cell(label), line)
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = "put texts with commas or line breaks in quotes, and double the quotes in them"
        raise refusal(file, reader.line_num, f"no CSV ({error})", remedy) from error


def jsonl_rows(file: Path) -> Iterator[Row]:
    """Yield the rows of a file with one JSON object a line: `text`, and one of `_LABELS`.

    Raises:
        IntentsError: It is no such file.
    """
    for number, line in enumerate(read_text(file, "text,").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except (ValueError, RecursionError) as error:
            remedy = "write one JSON object a line"
            raise refusal(file, number, f"no JSON ({_reason(error)})", remedy) from error
        yield _row(file, number, document)


def _row(file: Path, number: int, document: Any) -> Row:  # noqa: ANN401 - whatever JSON holds
    remedy = 'write {"text": "...", "label": "..."}'
    if not isinstance(document, dict):
        raise refusal(file, number, "no JSON object", remedy)
    label = next((document[key] for key in _LABELS if key in document), None)
    if not isinstance(document.get("text"), str) or not isinstance(label, str):
        raise refusal(file, number, "`text` and `label` are not both texts", remedy)
    return Row(document["text"], label, number)


def _reason(error: ValueError | RecursionError) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"

"""Reads labelled messages: from CSV, JSON Lines, or the training data of Rasa."""

from __future__ import annotations

from pathlib import Path

from bot.understanding.evaluation import LabelledText
from bot.understanding.exchange.drafts import ImportReport, write_drafts
from bot.understanding.exchange.files import refusal
from bot.understanding.exchange.rasa import read_rasa
from bot.understanding.exchange.rows import csv_rows, jsonl_rows


def read_labelled(file: Path) -> list[LabelledText]:
    """Read labelled messages from a CSV file, as `import_csv` does; rows without a label wait.

    Raises:
        IntentsError: The file cannot be read, or has no row with a label.
    """
    labelled = ((row.text, row.label.strip()) for row in csv_rows(file))
    rows = [LabelledText(text, label) for text, label in labelled if label]
    if not rows:
        raise refusal(file, 0, "holds no labelled message", "fill in the column label")
    return rows


def import_csv(file: Path, into: Path) -> ImportReport:
    """Write the rows of a CSV file as intent files.

    Args:
        file: UTF-8, with a header that names the columns `text` and `label` (or `intent`, or
            `category`); others are ignored.
        into: Folder for the files; made where there is none.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import are in the way.
    """
    return write_drafts(list(csv_rows(file)), file, into)


def import_jsonl(file: Path, into: Path) -> ImportReport:
    """Write the rows of a JSON Lines file as intent files.

    Args:
        file: UTF-8, one object a line with `text` and `label` (or `intent`, or `category`);
            others are ignored.
        into: Folder for the files; made where there is none.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import are in the way.
    """
    return write_drafts(list(jsonl_rows(file)), file, into)


def import_rasa(path: Path, into: Path) -> ImportReport:
    """Write the training data of a Rasa 3 project as intent files.

    Annotated entities become slots: a lookup its choices, a regular expression its pattern.

    Args:
        path: A file such as nlu.yml, or a folder of such files.
        into: Folder for the files; made where there is none.

    Raises:
        IntentsError: A file cannot be read, or files of an earlier import are in the way.
    """
    data = read_rasa(path)
    return write_drafts(data.rows, path, into, slots=data.slots(), left_out=data.left_out)

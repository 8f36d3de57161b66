"""Reads labelled messages: tables, JSON, and the projects of other programs."""

from __future__ import annotations

from pathlib import Path

from bot.understanding.evaluation.evaluate import LabelledText
from bot.understanding.exchange.columns import Chosen
from bot.understanding.exchange.content import Imported
from bot.understanding.exchange.dialogflow import read_dialogflow
from bot.understanding.exchange.drafts import write_drafts
from bot.understanding.exchange.files import parsed_json, read_text, refusal
from bot.understanding.exchange.luis import is_luis, read_luis
from bot.understanding.exchange.patterns import has_patterns, read_patterns
from bot.understanding.exchange.questions import questions_with_answers
from bot.understanding.exchange.rasa import is_rasa_json, read_rasa
from bot.understanding.exchange.report import ImportReport
from bot.understanding.exchange.rows import csv_table, json_rows, jsonl_rows


def read_labelled(file: Path) -> list[LabelledText]:
    """Read labelled messages from a CSV file, as `import_csv` does; rows without a label wait.

    Raises:
        IntentsError: The file cannot be read, or has no row with a label.
    """
    labelled = ((row.text, row.label.strip()) for row in csv_table(file).rows)
    rows = [LabelledText(text, label) for text, label in labelled if label]
    if not rows:
        raise refusal(file, 0, "holds no labelled message", "fill in the column label")
    return rows


def import_csv(
    file: Path,
    into: Path,
    *,
    text: str | None = None,
    label: str | None = None,
    reply: str | None = None,
    language: str = "",
) -> ImportReport:
    """Write the rows of a CSV file as intent files.

    Args:
        file: A header names the columns: `text` and `label`, or `question` and `answer`, or what
            these are commonly called; also `reply` and `language`. Others are ignored.
        into: Folder for the files; made where there is none.
        text: What the column of messages is called in this file.
        label: What the column of labels is called.
        reply: What the column of replies is called.
        language: Language tag of rows that name none; empty: the default language.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import are in the way.
    """
    _refuse_lu(file)
    table = csv_table(file, Chosen(text, label, reply), questions=True)
    found = Imported(rows=table.rows) if table.labelled else questions_with_answers(table.rows)
    return _written(found, file, into, language)


def import_jsonl(file: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write the rows of a JSON Lines file as intent files.

    Args:
        file: UTF-8, one object a line with `text` and `label` (or `intent`, or `category`), and
            perhaps `reply` and `language`; others are ignored.
        into: Folder for the files; made where there is none.
        language: Language tag of rows that name none; empty: the default language.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import are in the way.
    """
    _refuse_lu(file)
    return _written(Imported(rows=list(jsonl_rows(file))), file, into, language)


def import_json(file: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write what a JSON file holds as intent files.

    Args:
        file: A list of objects with `text` and `label` (or `intent`, or `category`); or training
            data of Rasa 1, an app of LUIS, or intents with `tag`, `patterns` and `responses`.
        into: Folder for the files; made where there is none.
        language: Language tag of rows that name none; empty: the default language.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import are in the way.
    """
    _refuse_lu(file)
    document = parsed_json(file, read_text(file, "JSON,"))
    if is_rasa_json(document):
        return import_rasa(file, into, language=language)
    if is_luis(document):
        return import_luis(file, into, language=language)
    if has_patterns(document):
        return _written(_without_repeated(read_patterns(file, document)), file, into, language)
    return _written(Imported(rows=list(json_rows(file, document))), file, into, language)


def import_rasa(path: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write a Rasa project as intent files.

    What one turn of a rule or story answers to an intent becomes its reply. Annotated entities of
    intents without one become slots: a lookup its choices, a regular expression its pattern.

    Args:
        path: A project, or a file of its training data: YAML (Rasa 2 and 3), Markdown or JSON
            (Rasa 1).
        into: Folder for the files; made where there is none.
        language: Language tag of what the project names none for.

    Raises:
        IntentsError: A file cannot be read, or files of an earlier import are in the way.
    """
    _refuse_lu(path)
    return _written(_without_repeated(read_rasa(path)), path, into, language)


def import_luis(file: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write an app of LUIS, or a project of its successor CLU, as intent files.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import are in the way.
    """
    _refuse_lu(file)
    document = parsed_json(file, read_text(file, "JSON,"))
    return _written(_without_repeated(read_luis(file, document)), file, into, language)


def import_dialogflow(path: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write an agent of Dialogflow ES, a folder or a zip file, as intent files.

    Raises:
        IntentsError: It cannot be read, or files of an earlier import are in the way.
    """
    _refuse_lu(path)
    return _written(_without_repeated(read_dialogflow(path)), path, into, language)


def _written(found: Imported, source: Path, into: Path, language: str) -> ImportReport:
    if language:
        found.with_language(language)
    elif any(row.language for row in found.rows):
        for row in found.rows:
            if not row.language and row.text.strip():
                wrong = "no language, though other rows have one"
                remedy = "fill it in, or name it with --language"
                raise refusal(row.file or source, row.line, wrong, remedy)
    found.take_replies()
    return write_drafts(found, source, into)


def _without_repeated(found: Imported) -> Imported:
    found.drop_repeated()
    return found


def _refuse_lu(path: Path) -> None:
    if path.suffix.lower() in (".lu", ".qna"):
        wrong = f"{path.suffix} files of the Bot Framework cannot be read"
        remedy = "convert it: `bf luis:convert --in FILE --out luis.json`, then `import luis`"
        raise refusal(path, 0, wrong, remedy)

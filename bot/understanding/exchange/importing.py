"""The imports: CSV, JSON, JSON Lines, Rasa, LUIS and Dialogflow."""

from __future__ import annotations

from pathlib import Path

from bot.understanding.evaluation.evaluate import LabelledText
from bot.understanding.exchange.columns import ColumnChoice
from bot.understanding.exchange.content import ImportedContent
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
    """Read labelled messages from a CSV file, as `import_csv` does; skip rows without a label.

    Raises:
        IntentsError: The file cannot be read, or has no row with a label.
    """
    labelled = ((row.text, row.label.strip()) for row in csv_table(file).rows)
    rows = [LabelledText(text, label) for text, label in labelled if label]
    if not rows:
        raise refusal(file, 0, "contains no labelled message", "fill in the column label")
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
        file: CSV with a header: `text` and `label`, or `question` and `answer`, or common
            synonyms of these; optionally `reply` and `language`. Other columns are ignored.
        into: Folder for the files; created if necessary.
        text: Name of the column of messages.
        label: Name of the column of labels.
        reply: Name of the column of replies.
        language: Language tag of rows without one; empty: the default language.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import exist.
    """
    _refuse_lu(file)
    table = csv_table(file, ColumnChoice(text, label, reply), questions=True)
    found = (
        ImportedContent(rows=table.rows) if table.labelled else questions_with_answers(table.rows)
    )
    return _written(found, file, into, language)


def import_jsonl(file: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write the rows of a JSON Lines file as intent files.

    Args:
        file: UTF-8, one object per line with `text` and `label` (or `intent`, or `category`), and
            optionally `reply` and `language`; other keys are ignored.
        into: Folder for the files; created if necessary.
        language: Language tag of rows without one; empty: the default language.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import exist.
    """
    _refuse_lu(file)
    return _written(ImportedContent(rows=list(jsonl_rows(file))), file, into, language)


def import_json(file: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write the content of a JSON file as intent files.

    Args:
        file: A list of objects with `text` and `label` (or `intent`, or `category`); or Rasa 1
            training data, a LUIS app, or intents with `tag`, `patterns` and `responses`.
        into: Folder for the files; created if necessary.
        language: Language tag of rows without one; empty: the default language.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import exist.
    """
    _refuse_lu(file)
    document = parsed_json(file, read_text(file, "JSON,"))
    if is_rasa_json(document):
        return import_rasa(file, into, language=language)
    if is_luis(document):
        return import_luis(file, into, language=language)
    if has_patterns(document):
        return _written(_without_repeated(read_patterns(file, document)), file, into, language)
    return _written(ImportedContent(rows=list(json_rows(file, document))), file, into, language)


def import_rasa(path: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write a Rasa project as intent files.

    The response to an intent in a rule or a one-turn story becomes its reply. If an intent has
    none, its annotated entities become slots: lookups become choices, regular expressions patterns.

    Args:
        path: A project, or a file of its training data: YAML (Rasa 2 and 3), Markdown or JSON
            (Rasa 1).
        into: Folder for the files; created if necessary.
        language: Language tag of texts without one.

    Raises:
        IntentsError: A file cannot be read, or files of an earlier import exist.
    """
    _refuse_lu(path)
    return _written(_without_repeated(read_rasa(path)), path, into, language)


def import_luis(file: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write a LUIS app, or a project of its successor CLU, as intent files.

    Raises:
        IntentsError: The file cannot be read, or files of an earlier import exist.
    """
    _refuse_lu(file)
    document = parsed_json(file, read_text(file, "JSON,"))
    return _written(_without_repeated(read_luis(file, document)), file, into, language)


def import_dialogflow(path: Path, into: Path, *, language: str = "") -> ImportReport:
    """Write a Dialogflow ES agent, a folder or a zip file, as intent files.

    Raises:
        IntentsError: It cannot be read, or files of an earlier import exist.
    """
    _refuse_lu(path)
    return _written(_without_repeated(read_dialogflow(path)), path, into, language)


def _written(found: ImportedContent, source: Path, into: Path, language: str) -> ImportReport:
    if language:
        found.with_language(language)
    elif any(row.language for row in found.rows):
        for row in found.rows:
            if not row.language and row.text.strip():
                wrong = "no language, although other rows have one"
                remedy = "fill it in, or set it with `--language`"
                raise refusal(row.file or source, row.line, wrong, remedy)
    found.take_replies()
    return write_drafts(found, source, into)


def _without_repeated(found: ImportedContent) -> ImportedContent:
    found.drop_repeated()
    return found


def _refuse_lu(path: Path) -> None:
    if path.suffix.lower() in (".lu", ".qna"):
        wrong = f"{path.suffix} files of the Bot Framework are not supported"
        remedy = "convert it: `bf luis:convert --in FILE --out luis.json`, then `import luis`"
        raise refusal(path, 0, wrong, remedy)

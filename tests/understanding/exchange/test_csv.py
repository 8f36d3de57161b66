"""Importing CSV files: nothing is lost, and what is doubtful is said."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import IntentsError
from bot.understanding.exchange import ImportReport, export_csv, import_csv
from bot.understanding.exchange.cells import from_cell, to_cell
from bot.understanding.intents import inspect_intents, load_intents
from bot.understanding.intents.names import is_name, slug, unique_slug
from bot.yamlfile import MAX_BYTES

Rows = Sequence[tuple[str, str]]


def table(folder: Path, rows: Rows, name: str = "messages") -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([("text", "label"), *rows])
    path = folder / f"{name}.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def taken_in(folder: Path, data: bytes) -> ImportReport:
    (folder / "messages.csv").write_bytes(data)
    return import_csv(folder / "messages.csv", folder / "out")


def exported(folder: Path) -> Counter[tuple[str, str]]:
    return Counter(
        (example.text, intent.label)
        for intent in load_intents(folder).corpus().intents
        for example in intent.examples
    )


def refusal(folder: Path, data: bytes) -> str:
    with pytest.raises(IntentsError) as caught:
        taken_in(folder, data)
    return str(caught.value).replace(f"{folder}/", "")


TWO = [("where is my order", "order_status"), ("any news?", "order_status")]


def test_rows_become_drafts(tmp_path: Path) -> None:
    report = import_csv(table(tmp_path, [*TWO, ("my money!", "refund")]), tmp_path / "out")
    assert (report.intents, report.examples) == (2, 3)
    assert report.files == (tmp_path / "out" / "messages.yaml",)
    intents = load_intents(tmp_path / "out")
    assert [(intent.name, intent.entry.draft) for intent in intents.intents] == [
        ("order_status", True),
        ("refund", True),
    ]


def test_a_label_that_is_no_name_is_kept_beside_one(tmp_path: Path) -> None:
    rows = [("a b", "Refund!"), ("c d", "refund"), ("e f", "退款"), ("g h", "Refund?")]
    report = import_csv(table(tmp_path, rows), tmp_path / "out")
    assert report.renamed == {"Refund!": "refund_2", "退款": "intent", "Refund?": "refund_3"}
    corpus = load_intents(tmp_path / "out").corpus()
    assert {intent.name: intent.label for intent in corpus.intents} == {
        "refund": "refund",
        "refund_2": "Refund!",
        "refund_3": "Refund?",
        "intent": "退款",
    }


traps = st.sampled_from(["no", "~", "12:30", "a: b", "- x", "#", '"', "'", "{x}", "a\n\n b", "*a"])
texts = (st.text(min_size=1, max_size=30) | traps).filter(str.strip)


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=12))
def test_csv_to_yaml_to_csv_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows
) -> None:
    folder = tmp_path_factory.mktemp("import")
    import_csv(table(folder, rows), folder / "out")
    written = export_csv(load_intents(folder / "out"))
    read = csv.reader(io.StringIO(written, newline=""))
    found = Counter((from_cell(text), from_cell(label)) for text, label, _ in list(read)[1:])
    assert found == Counter((from_cell(text), from_cell(label)) for text, label in rows)


FORMULAS = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "'", "'=", " =", "＝", "''@"])


@given(st.builds("".join, st.tuples(FORMULAS | st.just(""), st.text(max_size=20))))
def test_a_cell_is_never_computed_and_reads_back_as_it_was(text: str) -> None:
    cell = to_cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("\t", "\r", "\n"))
    assert from_cell(cell) == text


@pytest.mark.parametrize("text", ["=1+1", "+49 30 1", "-5 off", "@all", "\tx", "\rx", "'=1", "' x"])
def test_exported_examples_are_no_formulas_and_import_as_they_were(
    tmp_path: Path, text: str
) -> None:
    import_csv(table(tmp_path, [*TWO, (to_cell(text), "=label()")]), tmp_path / "first")
    written = export_csv(load_intents(tmp_path / "first"))
    for row in csv.reader(io.StringIO(written, newline="")):
        assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row)
    (tmp_path / "again.csv").write_text(written, encoding="utf-8", newline="")
    import_csv(tmp_path / "again.csv", tmp_path / "second")
    assert exported(tmp_path / "second") == exported(tmp_path / "first")
    assert (text, "=label()") in exported(tmp_path / "first")


@given(st.lists(st.text(max_size=80), unique=True))
def test_every_label_gets_a_name_of_its_own(labels: list[str]) -> None:
    taken: set[str] = set()
    for label in labels:
        name = unique_slug(label, taken)
        assert is_name(name)
        assert name not in taken
        taken.add(name)


@given(st.text())
def test_a_slug_is_a_name(label: str) -> None:
    assert is_name(slug(label))


def test_repeated_rows_and_rows_without_text_or_label_are_told(tmp_path: Path) -> None:
    rows = [*TWO, TWO[0], ("", "order_status"), ("  ", "x"), ("lonely", " ")]
    report = import_csv(table(tmp_path, rows), tmp_path / "out")
    assert report.repeated == (4,)
    assert report.without_text == (5, 6)
    assert report.without_label == (7,)
    assert report.examples == 3
    assert list(report.remarks()) == [
        "2 rows without a text, left out: line 5, 6",
        "1 row without a label, left out: line 7",
        "1 row repeated, kept: line 4",
    ]


def test_a_text_under_two_labels_is_told_and_kept_under_both(tmp_path: Path) -> None:
    report = import_csv(table(tmp_path, [*TWO, ("any news?", "news")]), tmp_path / "out")
    (conflict,) = report.conflicts
    assert (conflict.labels, conflict.lines) == (("order_status", "news"), (3, 4))
    assert list(report.remarks()) == [
        (
            '"any news?" has several labels: order_status, news (line 3, 4); '
            "kept for each of them: choose one"
        )
    ]
    intents, problems = inspect_intents(tmp_path / "out")
    assert intents is not None
    assert {problem.severity for problem in problems} == {"warning"}


def test_line_breaks_within_a_text_keep_the_count_of_lines(tmp_path: Path) -> None:
    report = taken_in(tmp_path, b'text,label\r\n"one\ntwo",a\r\n,a\r\nthree,a\r\n')
    assert report.without_text == (4,)
    assert exported(tmp_path / "out")["one\ntwo", "a"] == 1


@pytest.mark.parametrize(
    "data",
    [
        b"id;Label ;TEXT\n1;wo;wo ist, was\n2;wo;da\n",
        b"text\tlabel\nwo ist, was\two\nda\two\n",
        '\ufefftext,label\n"wo ist, was",wo\nda,wo\n'.encode(),
        "text\tlabel\r\nwo ist, was\two\r\nda\two\r\n".encode("utf-16"),
        b'label,text,extra\nwo,"wo ist, was",x\n\nwo,da\n',
    ],
)
def test_columns_separators_and_encodings_vary(tmp_path: Path, data: bytes) -> None:
    assert taken_in(tmp_path, data).examples == 2
    assert set(exported(tmp_path / "out")) == {("wo ist, was", "wo"), ("da", "wo")}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"",
            "messages.csv:1:1: no column text and no column label (found: nothing): make",
        ),
        (b"words,label\na,b\n", "messages.csv:1:1: no column text (found: words, label)"),
        (b"text,label\n", "messages.csv: no row has a text and a label"),
        (b"text,label\ncaf\xe9,a\n", "messages.csv:2:1: not UTF-8 (byte 0xE9): save it as CSV UTF"),
        (b'text,label\n"a"b,c\n', "messages.csv:2:1: not valid CSV"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    assert refusal(tmp_path, data).startswith(said)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(IntentsError, match="cannot be read"):
        import_csv(tmp_path / "none.csv", tmp_path)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = table(tmp_path, TWO)
    import_csv(file, tmp_path / "out")
    before = (tmp_path / "out" / "messages.yaml").read_bytes()
    with pytest.raises(IntentsError, match="already exists: move it"):
        import_csv(file, tmp_path / "out")
    assert (tmp_path / "out" / "messages.yaml").read_bytes() == before


def test_a_name_that_means_something_else_is_not_taken(tmp_path: Path) -> None:
    report = import_csv(table(tmp_path, TWO, "catalogue"), tmp_path / "out")
    assert report.files == (tmp_path / "out" / "imported_catalogue.yaml",)
    assert load_intents(tmp_path / "out").intents


def test_a_large_import_is_split_into_files_that_can_be_read(tmp_path: Path) -> None:
    rows = [(f"{number} {'word ' * 50}", f"intent_{number % 90}") for number in range(9000)]
    report = import_csv(table(tmp_path, rows), tmp_path / "out")
    assert len(report.files) > 1
    assert all(path.stat().st_size < MAX_BYTES for path in report.files)
    assert exported(tmp_path / "out") == Counter(rows)


def test_an_intent_that_no_file_can_hold_is_refused(tmp_path: Path) -> None:
    rows = [(f"{number} {'word ' * 200}", "all") for number in range(2200)]
    with pytest.raises(IntentsError, match="all has too many examples for a file"):
        import_csv(table(tmp_path, rows), tmp_path / "out")

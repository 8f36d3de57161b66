"""Labelled messages from a CSV file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import IntentsError
from bot.understanding.evaluation.evaluate import LabelledText
from bot.understanding.exchange import read_labelled


@pytest.mark.parametrize(
    "content",
    [
        b"text,label\nhi,greeting\n",
        b"label,more,text\ngreeting,x,hi\n",
        b"text,intent\nhi,greeting\n",
        b"category;text\ngreeting;hi\n",
        b"\xef\xbb\xbfText, Label\r\nhi, greeting\r\n",
        b'text,label\n"hi","greeting"',
    ],
)
def test_columns_are_found_by_their_headings(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    assert read_labelled(path) == [LabelledText("hi", "greeting")]


def test_text_may_have_commas_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('text,label\n"one, two\nthree",x\n')
    assert read_labelled(path) == [LabelledText("one, two\nthree", "x")]


def test_rows_that_nobody_has_labelled_yet_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("text,label,understood\nhi,greeting,greeting\nhm, ,refund\n")
    assert read_labelled(path) == [LabelledText("hi", "greeting")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"question,answer\nhi,x\n", "rows.csv:1:1: no column label (found: question, answer)"),
        (b"text,label\n", "rows.csv: contains no labelled message: "),
        (b"", "rows.csv:1:1: no column text and no column label (found: nothing): "),
        (
            b"text,label\n\xff,greeting\n",
            "rows.csv:2:1: not UTF-8 (byte 0xFF): save it",
        ),
        (b'text,label\n"' + b"a" * 200_000 + b'",x\n', "rows.csv:2:1: not valid CSV "),
    ],
)
def test_other_files_are_refused_with_the_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    with pytest.raises(IntentsError) as refusal:
        read_labelled(path)
    assert str(refusal.value).startswith(f"{tmp_path}/{said}")

"""The file of approved messages: what is written is read back, and mistakes have places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import IntentsError
from bot.understanding.traffic.learned_file import (
    MOST,
    Learned,
    LearnedMessages,
    by_intent,
    change_learned,
    fingerprint,
    inspect_learned,
    read_learned,
    write_learned,
)

DAY = date(2026, 11, 20)
MARK = "0123456789abcdef"


def row(text: str, intent: str = "refund", written: date = DAY, author: str = MARK) -> Learned:
    return Learned(intent, text, written, author)


def written(folder: Path, *rows: Learned) -> Path:
    path = folder / "learned.yaml"
    write_learned(path, LearnedMessages("feedfeedfeedfeed", rows))
    return path


def without_lines(learned: LearnedMessages) -> list[Learned]:
    return [replace(each, line=0) for each in learned.rows]


@settings(max_examples=200)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip),
        min_size=1,
        unique=True,
    )
)
def test_any_text_is_read_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = written(tmp_path_factory.mktemp("learned"), *map(row, texts))
    assert sorted(each.text for each in read_learned(path).rows) == sorted(texts)


def test_a_message_knows_its_line_intent_day_and_author(tmp_path: Path) -> None:
    path = written(tmp_path, row("my money, please", author="1234567890123456"))

    (found,) = read_learned(path).rows

    assert found == Learned("refund", "my money, please", DAY, "1234567890123456", found.line)
    assert "my money, please" in path.read_text().splitlines()[found.line - 1]


def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    assert written(tmp_path, row("hello")).stat().st_mode & 0o077 == 0


def test_without_messages_there_is_no_file(tmp_path: Path) -> None:
    path = written(tmp_path, row("hello"))

    change_learned(path, lambda learned: replace(learned, rows=()))

    assert not path.exists()
    assert read_learned(path) == LearnedMessages()
    assert fingerprint(path) == ""


def test_the_latest_are_kept_and_each_text_once() -> None:
    old = [row(f"old {number}", written=DAY - timedelta(days=1)) for number in range(MOST)]

    merged = LearnedMessages("l", tuple(old)).merged([row("new"), row("new"), row("old 7")])

    assert len(merged.rows) == MOST
    assert {each.text for each in merged.rows if each.written == DAY} == {"new", "old 7"}


def test_a_full_file_can_be_read(tmp_path: Path) -> None:
    rows = [row(f"{number} " + "é" * 190) for number in range(MOST)]
    assert len(read_learned(written(tmp_path, *rows)).rows) == MOST


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "author: ",
            "athor: ",
            '9:44: intents.refund[1].athor: unknown key: did you mean "author"',
        ),
        ("2026-11-20", "soon", '"soon" is not a date: write it like 2026-11-20'),
        ("version: 1", "version: 2", 'version: unknown version "2": write `version: 1`'),
        ("0123456789abcdef", "ann", 'author: "ann" is no mark of an author: delete this line'),
        ("intents:", "intents: [", "learned.yaml:"),
    ],
)
def test_a_mistake_is_reported_at_its_place(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    path = written(tmp_path, row("hello"))
    path.write_text(path.read_text().replace(old, new))

    _, problems = inspect_learned(path)

    assert any(problem in str(each) for each in problems), [str(each) for each in problems]


def test_a_file_with_mistakes_is_not_changed(tmp_path: Path) -> None:
    path = written(tmp_path, row("hello"))
    path.write_text(path.read_text() + "oops: 1\n")
    before = path.read_bytes()

    with pytest.raises(IntentsError, match="oops"):
        change_learned(path, lambda learned: learned.merged([row("more")]))

    assert path.read_bytes() == before


def test_an_empty_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "learned.yaml").touch()
    with pytest.raises(IntentsError, match="the file is empty"):
        read_learned(tmp_path / "learned.yaml")


def test_messages_are_grouped_by_intent_the_latest_first() -> None:
    rows = [row("b"), row("a", "greeting"), row("c", written=DAY + timedelta(days=1))]
    assert {name: [each.text for each in group] for name, group in by_intent(rows).items()} == {
        "greeting": ["a"],
        "refund": ["c", "b"],
    }

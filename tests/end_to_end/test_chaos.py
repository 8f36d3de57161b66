"""A small chaos: after faults, kills, edits and deletions one answer covers what still stands."""

from __future__ import annotations

from pathlib import Path

from benchmarks.chaos import parsed, play, report


async def test_after_chaos_one_complete_answer_covers_each_question_that_stands(
    tmp_path: Path,
) -> None:
    options = parsed(["--events", "200", "--conversations", "24", "--kills", "1", "--seed", "7"])
    url = f"sqlite:///{tmp_path / 'desk.db'}"

    assert report(*await play(url, options))

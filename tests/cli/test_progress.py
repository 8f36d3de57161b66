from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from bot.cli import progress
from bot.cli.progress import Lines


def test_a_long_stage_says_how_long_it_may_still_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SILENT", 0.0)
    written = StringIO()
    lines = Lines(Console(file=written))

    lines.stage("fine-tuning", 4)
    lines.advance(3)
    lines.stage("export", None)
    lines.advance()
    lines.close()

    first, *done = written.getvalue().splitlines()
    assert first.startswith("fine-tuning: 3 of 4, about 0 s left")
    assert [line.partition(":")[0] for line in done] == ["fine-tuning", "export"]


def test_a_short_stage_is_one_line() -> None:
    written = StringIO()
    lines = Lines(Console(file=written))

    lines.stage("intents", 2)
    lines.advance(2)
    lines.close()

    assert len(written.getvalue().splitlines()) == 1

"""`eval`: on labelled messages, and on the examples themselves."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Frontdesk

ROWS = "text,label\nare you open on sundays,opening_hours\nthe weather is nice,NONE\n"


def test_examples_are_cross_validated_without_a_file(trained: Frontdesk, tmp_path: Path) -> None:
    ran = trained("eval", "--report", str(tmp_path / "out"))
    assert ran.code == 0
    assert ran.out.startswith("53 examples; ")
    assert ran.out.endswith("report.html written\n")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "each predicted by a model that had not seen it" in page


def test_messages_are_judged_by_the_model(trained: Frontdesk, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROWS)
    file = str(tmp_path / "rows.csv")
    ran = trained("eval", file, "--out-of-scope", "NONE", "--report", str(tmp_path), "--json")
    assert ran.code == 0
    document = ran.json()
    assert (document["n"], document["source"]["name"]) == (2, "rows.csv")
    assert document["source"]["model"]
    assert {"intents", "confusions", "today", "accuracy"} <= set(document)
    assert "on the 2 labelled messages of rows.csv" in (tmp_path / "report.html").read_text()

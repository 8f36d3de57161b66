"""A seeded copy of `benchmarks.form_kills`: kill -9 around posts and the mail with a code."""

from __future__ import annotations

import pytest

from benchmarks.form_kills import Scene, measure
from benchmarks.form_kills_process import Walk
from tests.databases import BACKENDS

CHOSEN = [
    Walk(dies="posted 2"),
    Walk(dies="mailing 4"),
    Walk(dies="mailed 4"),
    Walk(dies="posted 5"),
    Walk(public=True, dies="posted 0"),
    Walk(public=True, dies="delivered 0"),
]


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_kill_asks_no_question_and_mails_no_code_twice_and_loses_none(backend: str) -> None:
    results = await measure(backend, [Scene(each) for each in CHOSEN])
    assert [each for each in results if not each.holds] == []
    read = results[0].read
    assert len(read) == 6
    assert "Like 12345." in read[1]
    assert read[-1].endswith("Noted: 48213, late.")
    assert len(results[-1].read) == 7

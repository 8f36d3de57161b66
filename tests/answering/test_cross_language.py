"""Questions in one language whose answer stands in an article in another."""

from __future__ import annotations

import pytest

from benchmarks.cross_language import Counts, Shelves, measure
from bot.answering.knowledge import Encoders


@pytest.fixture(scope="module")
def shelves(encoders: Encoders) -> Shelves:
    return Shelves.build(encoders)


@pytest.mark.parametrize(
    ("part", "first", "among_four"), [("tuning", 0.8, 0.93), ("held_out", 0.55, 0.8)]
)
async def test_questions_find_articles_in_another_language(
    shelves: Shelves, part: str, first: float, among_four: float
) -> None:
    counts = await measure(shelves, part)
    english = sum((each for name, each in counts.items() if "in English" in name), Counts())
    assert english.first >= first * english.asked
    assert english.among_four >= among_four * english.asked
    chinese = counts["en, Chinese articles alone"]
    assert chinese.first >= 0.7 * chinese.asked
    assert chinese.among_four >= 0.85 * chinese.asked
    assert counts["off topic"].quoted_wrong == 0

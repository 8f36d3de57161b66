"""Questions in one language whose answer stands in an article in another."""

from __future__ import annotations

import pytest

from benchmarks.cross_language import (
    MORE_ARTICLES,
    MORE_QUESTIONS,
    QUESTIONS,
    Counts,
    Retrievers,
    measure,
)
from bot.answering.knowledge import Encoders


@pytest.fixture(scope="module")
def shelves(encoders: Encoders) -> Retrievers:
    return Retrievers.build(encoders)


@pytest.fixture(scope="module")
def more_shelves(encoders: Encoders) -> Retrievers:
    return Retrievers.build(encoders, sorted(MORE_ARTICLES.iterdir()))


@pytest.mark.parametrize(
    ("part", "first", "among_four"), [("tuning", 0.9, 0.93), ("held_out", 0.65, 0.8)]
)
async def test_questions_find_articles_in_another_language(
    shelves: Retrievers, part: str, first: float, among_four: float
) -> None:
    counts = await measure(shelves, part, QUESTIONS)
    check(counts, first, among_four)
    chinese = counts["en, Chinese articles alone"]
    assert chinese.first >= 0.7 * chinese.asked
    assert chinese.among_four >= 0.85 * chinese.asked


@pytest.mark.parametrize(
    ("part", "first", "among_four"), [("tuning", 0.75, 0.9), ("held_out", 0.65, 0.9)]
)
async def test_more_questions_find_articles_in_another_language(
    more_shelves: Retrievers, part: str, first: float, among_four: float
) -> None:
    check(await measure(more_shelves, part, MORE_QUESTIONS), first, among_four)


def check(counts: dict[str, Counts], first: float, among_four: float) -> None:
    english = sum((each for name, each in counts.items() if "in English" in name), Counts())
    assert english.first >= first * english.asked
    assert english.among_four >= among_four * english.asked
    assert counts["off topic"].quoted_wrong == 0

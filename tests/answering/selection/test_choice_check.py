"""Which chosen units are admitted, by how near they are to the question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bot.answering.selection.choice_check import BESIDE, NEAREST, SAME_SUBJECT, ChoiceCheck
from bot.answering.selection.units import ArticleUnit
from bot.messages import Source
from bot.ports import Passage

ARTICLES = ("pool.md#Rules", "pool.md#Hours", "guests.md")
PASSAGES = [Passage(citation, Source(citation), "", "", 1.0) for citation in ARTICLES]


def check(near: Sequence[Sequence[float]], passages: Sequence[int]) -> ChoiceCheck:
    units = [ArticleUnit("text", passage, 0) for passage in passages]
    return ChoiceCheck(np.array(near), PASSAGES, units)


def admitted(of: ChoiceCheck, *chosen: int) -> list[int]:
    return [unit for each in chosen for unit in of.add(each)]


def test_a_unit_of_an_article_about_something_else_is_not_admitted() -> None:
    assert admitted(check([[5.0, 5.0 - SAME_SUBJECT - 1]], [0, 2]), 1, 0) == [0]


def test_a_far_unit_waits_for_a_near_one_of_its_article_in_another_passage() -> None:
    nearness = [[9.0] * NEAREST + [8.0, 9.0 - BESIDE - 1]]
    of = check(nearness, [0] * NEAREST + [1, 1])
    assert admitted(of, NEAREST) == []
    assert admitted(of, NEAREST + 1, 0) == [NEAREST, 0]


@pytest.mark.parametrize(("parts", "both"), [(1, [0]), (2, [0, 1])])
def test_each_part_of_a_question_has_near_units_of_its_own(parts: int, both: list[int]) -> None:
    nearness = [[9.0, -9.0], [-9.0, 9.0]][:parts]
    assert admitted(check(nearness, [0, 2]), 0, 1) == both

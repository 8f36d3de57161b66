"""Choices that are read by what a line means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from bot.answering.forms.extraction import NOTHING
from bot.answering.forms.meaning import nearest_choice

CHOICES = {"fit": ("does not fit", "too big"), "faulty": ("broken",), "late": ("too late",)}


@dataclass
class Meanings:
    """What words and lines mean: similarities to a line, and kinds of reason of each text."""

    near: Mapping[str, float] = field(default_factory=dict)
    kinds: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def similarities(self, text: str, others: Sequence[str], *, language: str) -> Sequence[float]:
        return [self.near.get(each, 0.0) for each in others]

    async def reasons(self, texts: Sequence[str], *, language: str) -> Sequence[Sequence[float]]:
        return [self.kinds.get(each, (0.0, 0.0, 0.0)) for each in texts] if self.kinds else []


WORDS = {"too big": (1.0, 0.0, 0.0), "broken": (0.0, 1.0, 0.1), "too late": (0.0, 0.0, 1.0)}


@pytest.mark.parametrize(
    ("meanings", "value"),
    [
        (Meanings({"too big": 0.6, "broken": 0.2}), "fit"),
        (Meanings({"too big": 0.2}), None),
        (Meanings({"too big": 0.2}, {**WORDS, "a line": (0.1, 0.7, 0.0)}), "faulty"),
        (Meanings({}, {**WORDS, "a line": (0.2, 0.2, 0.1)}), None),
        (Meanings({"broken": 0.3}, {**WORDS, "a line": (0.4, 0.0, 0.0)}), "fit"),
    ],
)
async def test_a_choice_is_meant_by_its_words_or_its_kind_of_reason(
    meanings: Meanings, value: str | None
) -> None:
    reading = await nearest_choice(meanings, meanings, CHOICES, "a line", language="en")
    assert reading.value == value


async def test_between_two_near_choices_the_customer_decides() -> None:
    near = Meanings({"too big": 0.5, "broken": 0.52})
    reading = await nearest_choice(near, near, CHOICES, "a line", language="en")
    assert [each.value for each in reading.candidates] == ["faulty", "fit"]


async def test_one_choice_alone_is_not_read_by_its_meaning() -> None:
    meanings = Meanings({"broken": 0.9})
    one = {"faulty": ("broken",)}
    assert await nearest_choice(meanings, meanings, one, "a line", language="en") == NOTHING

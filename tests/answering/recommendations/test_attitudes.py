"""What a trained head thinks of what is named, beside the cue words around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.ports import Attitude
from tests.answering.recommendations.shop import WordVectors, index


class Thinks(WordVectors):
    """Is sure of one attitude to everything that is named."""

    def __init__(self, attitude: Attitude, sure: float) -> None:
        rest = (1 - sure) / (len(Attitude) - 1)
        self._thought = {each: sure if each is attitude else rest for each in Attitude}

    def attitudes(
        self, text: str, named: Sequence[tuple[int, int]], language: str
    ) -> Sequence[Mapping[Attitude, float]]:
        return [self._thought for _ in named]


def wanted(text: str, attitude: Attitude, sure: float) -> tuple[set[str], set[str], set[str]]:
    """Return hard wishes, soft ones, and what does not matter, but for the kind of product."""
    reading = index().read(text, "en", Thinks(attitude, sure))
    hard = {each.key for each in reading.constraints if each.about != "category"}
    return hard, {each.key for each in reading.soft}, set(reading.needless)


@pytest.mark.parametrize(
    ("attitude", "expected"),
    [
        (Attitude.WANT, ({"is:color"}, set(), set())),
        (Attitude.LIKE, (set(), {"is:color"}, set())),
        (Attitude.AVOID, ({"not:color"}, set(), set())),
        (Attitude.ANY, (set(), set(), {"color"})),
        (Attitude.PAST, (set(), set(), set())),
    ],
)
def test_a_head_that_is_sure_overrules_the_words_around(
    attitude: Attitude, expected: tuple[set[str], set[str], set[str]]
) -> None:
    assert wanted("a black jacket", attitude, 0.95) == expected


def test_what_the_head_doubts_counts_softly() -> None:
    assert wanted("a black jacket", Attitude.AVOID, 0.75) == (set(), {"not:color"}, set())
    assert wanted("a black jacket", Attitude.PAST, 0.75) == (set(), {"is:color"}, set())


def test_cue_words_count_where_the_head_is_not_sure() -> None:
    assert wanted("a jacket, not black", Attitude.WANT, 0.7) == ({"not:color"}, set(), set())


def test_any_kind_of_product_is_wanted_or_not_as_the_head_says() -> None:
    kinds = {
        attitude: {
            each.key for each in index().read("any jacket", "en", Thinks(attitude, 0.9)).constraints
        }
        for attitude in (Attitude.WANT, Attitude.AVOID)
    }
    assert kinds == {Attitude.WANT: {"is:category"}, Attitude.AVOID: {"not:category"}}

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from bot.understanding.model.comparison import Comparison


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 5), (3, 9), (50, 60)])
def test_a_difference_that_chance_makes_too_is_no_improvement(first: int, second: int) -> None:
    assert not Comparison(1_000, first, second).better()


@pytest.mark.parametrize(("first", "second"), [(0, 6), (3, 15), (50, 80)])
def test_a_difference_that_chance_hardly_makes_is_an_improvement(first: int, second: int) -> None:
    assert Comparison(1_000, first, second).better()
    assert not Comparison(1_000, second, first).better()


def test_a_stricter_level_asks_for_more() -> None:
    comparison = Comparison(1_000, 50, 80)
    assert comparison.better(0.05)
    assert not comparison.better(0.001)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_test_is_exact(first: int, second: int) -> None:
    fewer, n = min(first, second), first + second
    exact = min(1.0, 2 * float(binom.cdf(fewer, n, 0.5))) if n else 1.0
    assert Comparison(200, first, second).p_value == pytest.approx(exact)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=50))
def test_the_gain_is_the_difference_of_the_accuracies(pairs: list[tuple[bool, bool]]) -> None:
    first, second = np.array(pairs).T
    comparison = Comparison.of(first, second)
    assert comparison.gain == pytest.approx(second.mean() - first.mean())


@pytest.mark.parametrize("counts", [(10, 6, 6), (10, -1, 3), (10, 3, -1)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="impossible"):
        Comparison(*counts)

"""Intervals hold what they say, and are None where nothing can be said."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.analytics.intervals import share, spread


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_share_lies_in_its_interval(hits: int, misses: int) -> None:
    found = share(hits, hits + misses)
    if not hits + misses:
        assert found.share is found.low is found.high is None
        return
    assert found.share is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.share <= found.high <= 1


@given(st.lists(st.floats(0, 1e7), max_size=300))
def test_a_median_lies_in_its_interval(values: list[float]) -> None:
    found = spread(values)
    assert found.number == len(values)
    if found.low is not None and found.high is not None and found.median is not None:
        assert found.low <= found.median <= found.high
    assert (found.low is None) == (len(values) < 6)


@pytest.mark.parametrize("n", [6, 7, 20, 101, 3000])
def test_the_median_is_missed_in_at_most_five_cases_of_a_hundred(n: int) -> None:
    found = spread([float(each) for each in range(n)])
    assert found.low is not None
    rank = int(found.low) + 1  # the median lies below the value of this rank
    below = sum(math.comb(n, k) for k in range(rank)) / 2**n
    wider = sum(math.comb(n, k) for k in range(rank + 1)) / 2**n
    assert below <= 0.025 < wider

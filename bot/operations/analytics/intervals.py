"""95 % intervals: of shares by Wilson's score, of medians by order statistics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959963984540054
"""Quantile of the normal distribution at 97.5 %."""

_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Share:
    """A number out of another, with the share's 95 % interval; all None out of nothing."""

    number: int
    of: int
    share: float | None
    low: float | None
    high: float | None


def share(number: int, of: int) -> Share:
    """Return a share with its interval.

    Source: the score interval, Wilson 1927, doi:10.1080/01621459.1927.10502953.

    >>> found = share(81, 263)
    >>> round(found.low, 4), round(found.high, 4)
    (0.2553, 0.3662)
    """
    if not of:
        return Share(number, of, None, None, None)
    part = number / of
    middle = part + _Z * _Z / (2 * of)
    reach = _Z * math.sqrt(part * (1 - part) / of + _Z * _Z / (4 * of * of))
    scale = 1 + _Z * _Z / of
    low, high = max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
    return Share(number, of, part, low if number else 0.0, high if number < of else 1.0)


@dataclass(frozen=True, slots=True)
class Spread:
    """A sample of numbers: how many, median with its 95 % interval, and the 90 % quantile.

    The interval is None with fewer than six numbers, which cannot bear one.
    """

    number: int
    median: float | None
    low: float | None
    high: float | None
    p90: float | None


def spread(values: Sequence[float]) -> Spread:
    """Return the median of some numbers with its exact interval from order statistics.

    Source: David and Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1.

    >>> spread([1.0, 2.0, 3.0, 4.0, 5.0, 100.0])
    Spread(number=6, median=3.5, low=1.0, high=100.0, p90=100.0)
    """
    ordered, n = sorted(values), len(values)
    if not n:
        return Spread(0, None, None, None, None)
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    p90 = ordered[math.ceil(0.9 * n) - 1]
    rank = _rank(n)
    if not rank:
        return Spread(n, median, None, None, p90)
    return Spread(n, median, ordered[rank - 1], ordered[n - rank], p90)


def _rank(n: int) -> int:
    """Return the highest rank that the median lies below with at most 2.5 %; 0: there is none.

    >>> _rank(5), _rank(6), _rank(100)
    (0, 1, 40)
    """
    below = 0.0
    # Eight standard deviations below the middle, the rest of the sum is less than 1e-15.
    for rank in range(max(0, int(n / 2 - 4 * math.sqrt(n))), n):
        below += math.exp(
            math.lgamma(n + 1) - math.lgamma(rank + 1) - math.lgamma(n - rank + 1) - n * math.log(2)
        )
        if below > _TAIL:
            return rank
    return 0

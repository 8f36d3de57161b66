"""Length limits: checking a sentence takes time that grows faster than its length."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

LONGEST = 1_000
"""Most characters of a sentence that is checked, or checked against."""

AT_MOST = 4_000
"""Characters that any function reads: a sentence grows at most fourfold when its numbers are
written in digits (半小时: 30 minutes)."""


def bounded(read: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
    """Decorate a function so that it reads only the first `AT_MOST` characters of its text.

    >>> bounded(len)("a" * 5_000)
    4000
    """

    @functools.wraps(read)
    def of_the_beginning(text: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return read(text[:AT_MOST], *args, **kwargs)

    return of_the_beginning

"""Measures how the work for a text grows with its length."""

from __future__ import annotations

import asyncio
import inspect
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

LENGTHS = (10_000, 20_000, 40_000)

FLOOR = 0.005
"""Seconds of process time below which a run counts as this long."""

FACTOR = 3.0
"""What a doubling of the text may cost at most: 2 is linear, 4 is quadratic."""

RUNS = 5
"""Runs of one length, of which the fastest counts, where the first took longer than the floor."""

ENDLESS = 2.0
"""Seconds of process time after which a run is stopped."""


class Endless(Exception):
    """A run was stopped."""


def repeated(piece: str, length: int, run: int = 0) -> str:
    """Return a piece again and again up to a length; each run differs, so that no cache helps."""
    text = piece * (length // len(piece) + 1)
    return text[: length - 6] + f" x{run:04}"


def superlinear(work: Callable[[str], object], piece: str) -> str:
    """Return how the work on a repeated piece grows where that is too fast, else an empty string.

    The longest text comes first where the shortest was read within a part of the floor: most
    functions are through it in less than the floor, and need no further run.
    """
    shortest, _, longest = LENGTHS
    with _stopped_after(ENDLESS):
        try:
            if _once(work, repeated(piece, shortest // 10)) < FLOOR / 10:
                if _once(work, repeated(piece, longest, 1)) <= FLOOR:
                    return ""
        except Endless:
            pass
    return _growth(work, piece)


def _growth(work: Callable[[str], object], piece: str) -> str:
    seconds: list[float] = []
    for length in LENGTHS:
        try:
            with _stopped_after(ENDLESS * RUNS):
                seconds.append(_best(work, piece, length))
        except Endless:
            return f"{_shown(seconds)} more than {ENDLESS * RUNS:g} s at {length:,}".strip()
        if len(seconds) > 1 and seconds[-1] > FACTOR * seconds[-2]:
            return _shown(seconds)
    return ""


def _shown(seconds: list[float]) -> str:
    return ", ".join(f"{s * 1000:.0f} ms at {n:,}" for s, n in zip(seconds, LENGTHS))


def _best(work: Callable[[str], object], piece: str, length: int) -> float:
    best = _once(work, repeated(piece, length, 10))
    for run in range(1, RUNS):
        if best <= FLOOR:
            break
        best = min(best, _once(work, repeated(piece, length, 10 + run)))
    return max(best, FLOOR)


def _once(work: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    work(text)
    return time.process_time() - started


def consumed(result: Any) -> object:
    """Run a result to its end: awaitables and iterators do their work only then."""
    if inspect.iscoroutine(result):
        return asyncio.run(result)
    if inspect.isgenerator(result) or isinstance(result, Iterator):
        return [consumed(each) for each in result]
    return result


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Raise `Endless` once the process has worked so long; regular expressions heed it, too."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Endless

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

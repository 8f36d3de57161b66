"""Measures how the work for a text grows with its length."""

from __future__ import annotations

import asyncio
import gc
import inspect
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

LENGTHS = (10_000, 20_000, 40_000)

FLOOR = 0.005
"""Seconds of process time below which a run counts as this long."""

FACTOR = 3.0
"""What a doubling of the text may cost at most: 2 is linear, 4 is quadratic."""

QUADRUPLED = 6.0
"""What four times the text may cost without a closer look: 4 is linear, 16 is quadratic."""

RUNS = 5
"""Runs of one length, of which the fastest counts, where the first took longer than the floor."""

ENDLESS = 1.0
"""Seconds of process time after which a run is stopped, unless half its text took long as well."""

AGAIN = 0.05
"""Seconds of process time until the next attempt to stop a run: Python discards what is raised
while it runs a finalizer or the callback of a weak reference."""

_STOPPED = "more than"


class Endless(Exception):
    """A run was stopped."""


def repeated(piece: str, length: int, run: int = 0) -> str:
    """Return a piece again and again up to a length; each run differs, so that no cache helps."""
    text = piece * (length // len(piece) + 1)
    return text[: length - 6] + f" x{run:04}"


def superlinear(work: Callable[[str], object], piece: str) -> str:
    """Return how the work on a repeated piece grows where that is too fast, else an empty string.

    Most texts need two runs: what takes the longest text well in proportion to the shortest grows
    no faster anywhere between. Others work on the machine as well: what seems to grow too fast is
    measured twice.
    """
    if _is_plainly_linear(work, piece):
        return ""
    growth = _growth(work, piece)
    return _growth(work, piece) if growth and _STOPPED not in growth else growth


def _is_plainly_linear(work: Callable[[str], object], piece: str) -> bool:
    shortest, *_, longest = LENGTHS
    with _stopped_after(ENDLESS), suppress(Endless):
        short = _once(work, repeated(piece, shortest))
        return _once(work, repeated(piece, longest, 1)) <= QUADRUPLED * max(short, FLOOR)
    return False


def _growth(work: Callable[[str], object], piece: str) -> str:
    """Return the seconds by length, as far as they went, where a doubling takes too much."""
    seconds: list[float] = []
    for run, length in enumerate(LENGTHS):
        allowed = max(ENDLESS, FACTOR * seconds[-1]) if seconds else ENDLESS
        with _stopped_after(allowed), suppress(Endless):
            seconds.append(_best(work, piece, length, 10 * run))
        if len(seconds) <= run:
            return f"{_shown(seconds)}, {_STOPPED} {allowed:.2g} s at {length:,}".lstrip(", ")
        if run and seconds[run] > FACTOR * seconds[run - 1]:
            return _shown(seconds)
    return ""


def _shown(seconds: list[float]) -> str:
    measured = zip(seconds, LENGTHS, strict=False)
    return ", ".join(f"{each * 1000:.0f} ms at {length:,}" for each, length in measured)


def _best(work: Callable[[str], object], piece: str, length: int, first: int) -> float:
    """Return the shortest of several runs; one that takes a tenth of the limit is not repeated."""
    best = _once(work, repeated(piece, length, first))
    for run in range(1, RUNS):
        if not FLOOR < best < ENDLESS / 20:
            break
        best = min(best, _once(work, repeated(piece, length, first + run)))
    return max(best, FLOOR)


def _once(work: Callable[[str], object], text: str) -> float:
    """Return the process time of one run."""
    gc.disable()  # how long it takes to collect depends on all that is loaded
    try:
        started = time.process_time()
        work(text)
        return time.process_time() - started
    finally:
        gc.enable()


def consumed(result: object) -> object:
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
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

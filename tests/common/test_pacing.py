"""Replies that share a platform's limit slow down together, and none of them waits for its end."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import pairwise

import pytest

from adapters.common.pacing import BETWEEN_EDITS, Pace, Paces


class Seconds:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def shown(pace: Pace, clock: Seconds, replies: int, seconds: float) -> list[float]:
    """Let many replies be edited whenever they may, then end; return when calls were made."""
    calls: list[float] = []
    edited = [clock.now] * replies
    with ExitStack() as sharing:
        for _ in range(replies):
            sharing.enter_context(pace.share())
        for _ in range(int(seconds * 10)):
            clock.now += 0.1
            for reply in range(replies):
                if pace.wait(edited[reply]) == 0:
                    pace.count()
                    calls.append(clock.now)
                    edited[reply] = clock.now
        for _ in range(replies):
            pace.count()
            calls.append(clock.now)
    return calls


def most_within(calls: list[float], window: float) -> int:
    return max(sum(start <= each < start + window for each in calls) for start in calls)


@pytest.mark.parametrize("replies", [1, 2, 10, 40])
def test_edits_and_ends_of_many_replies_stay_within_the_limit(replies: int) -> None:
    clock = Seconds()
    calls = shown(Pace(45, clock=clock), clock, replies, 150)
    assert most_within(calls, 60) <= 45


def test_one_reply_alone_is_edited_as_often_as_platforms_take() -> None:
    clock = Seconds()
    calls = shown(Pace(100, clock=clock), clock, 1, 20)
    gaps = [later - earlier for earlier, later in pairwise(calls[:-1])]
    assert all(BETWEEN_EDITS - 0.01 < gap < BETWEEN_EDITS + 0.2 for gap in gaps)


def test_replies_take_turns() -> None:
    clock = Seconds()
    pace = Pace(30, clock=clock)
    with pace.share(), pace.share(), pace.share():
        assert pace.wait(clock.now) == pytest.approx(6.0)  # three of them, two seconds for each


def test_no_reply_more_is_shown_than_can_be_ended() -> None:
    pace = Pace(2, clock=Seconds())
    with pace.share():
        assert pace.admits()
        with pace.share():
            assert not pace.admits()
    assert pace.admits()


def test_the_first_text_may_use_what_is_kept_from_edits() -> None:
    clock = Seconds()
    pace = Pace(1, most=2, clock=clock)
    with pace.share():
        pace.count()
        assert pace.wait(clock.now) == pytest.approx(60)
        clock.now += 61
        assert pace.admits()


def test_platform_that_asks_to_wait_is_obeyed() -> None:
    clock = Seconds()
    pace = Pace(45, clock=clock)
    pace.hold(7)
    assert (pace.wait(0.0), pace.held(), pace.admits()) == (7, 7, False)
    clock.now += 7
    assert (pace.wait(0.0), pace.held(), pace.admits()) == (0, 0, True)


def test_channels_have_limits_of_their_own_below_the_common_one() -> None:
    clock = Seconds()
    above = Pace(3, 1.0, clock=clock)
    paces = Paces(2, 5.0, above)
    one, other = paces.of("1"), paces.of("2")
    assert paces.of("1") is one
    with one.share(), other.share():
        one.count()
        other.count()
        assert above.wait(clock.now) > 0
        assert not one.admits()

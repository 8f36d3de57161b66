"""Votes on answers, as a platform carries them with a button: the verdict and what is judged."""

from __future__ import annotations

from typing import Final

from bot.messages import Verdict

UP: Final = "up"
DOWN: Final = "down"


def vote_id(verdict: Verdict, answer: str) -> str:
    """Return what a thumb carries.

    >>> vote_id("up", "chat:A1:C1:1700000000.000100")
    'up:chat:A1:C1:1700000000.000100'
    """
    return f"{verdict}:{answer}"


def read_vote(carried: str) -> tuple[Verdict, str] | None:
    """Return verdict and answer that a thumb carries; None when it carries neither.

    >>> read_vote("down:chat:A1:C1:1700000000.000100")
    ('down', 'chat:A1:C1:1700000000.000100')
    """
    for verdict in (UP, DOWN):
        answer = carried.removeprefix(f"{verdict}:")
        if answer and answer != carried:
            return verdict, answer
    return None

"""Access to passages: who may read them, and on which days they are valid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.indexed_passage import PUBLIC, IndexedPassage
from bot.ports import Audience

INTERNAL = "internal"
"""The label of what only staff may read."""

_SINCE_EVER, _FOR_EVER = date.min.toordinal(), date.max.toordinal()


def admits(label: str, audience: Audience) -> bool:
    """Return whether a customer may read what has a label.

    >>> admits("chat:C1", Audience("chat", "C1")), admits("chat:C1", Audience("chat", "C2"))
    (True, False)
    """
    if label == PUBLIC:
        return True
    if label == INTERNAL:
        return audience.internal
    platform, _, who = label.partition(":")
    if platform != audience.platform or not who:
        return False
    return who in audience.roles or who == audience.channel


def is_personal(label: str, audience: Audience) -> bool:
    """Return whether an asker may see what others in the same place may not: by a role."""
    if label in (PUBLIC, INTERNAL):
        return False
    return label.partition(":")[2] != audience.channel


class PassageAccess:
    """The labels and days of all passages."""

    def __init__(self, passages: Sequence[IndexedPassage]) -> None:
        self._labels = sorted({passage.audience for passage in passages})
        number = {label: n for n, label in enumerate(self._labels)}
        self._label = np.array([number[p.audience] for p in passages], dtype=np.int32)
        self._from = np.array([_day(p.valid_from, _SINCE_EVER) for p in passages], dtype=np.int32)
        self._until = np.array([_day(p.valid_until, _FOR_EVER) for p in passages], dtype=np.int32)

    def readable(self, audience: Audience) -> NDArray[np.bool_]:
        """Return which passages an audience may read, shape (n_passages,)."""
        allowed = np.array([admits(label, audience) for label in self._labels], dtype=np.bool_)
        return allowed[self._label] if len(self._label) else np.zeros(0, dtype=np.bool_)

    def valid(self, today: date) -> NDArray[np.bool_]:
        """Return which passages are valid on a day, shape (n_passages,)."""
        day = today.toordinal()
        return (self._from <= day) & (day <= self._until)


def _day(iso: str, otherwise: int) -> int:
    return date.fromisoformat(iso).toordinal() if iso else otherwise

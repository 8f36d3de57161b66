"""Plays the conversations of a task, and compares what they leave with what must be."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.after_sales.customers import PHRASINGS, Customer
from benchmarks.after_sales.database import load
from benchmarks.after_sales.driver import ScriptedCustomer
from benchmarks.after_sales.expected import apply, expected_writes
from benchmarks.after_sales.instance import Instance
from bot.answering.actions.python import ActionRefused


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a conversation.

    Attributes:
        part: `build` or `judge`.
        name: Of the list that the customer is in.
        right: The database is as expected.
        failed: Why requests that end in a write did not.
        writes: How many were done.
        unconfirmed: Writes that the customer had not confirmed.
        unproven: Writes without a proof of identity.
        handed_over: Whether a person was called where one is right; None: nowhere.
        lines: What was said.
    """

    task: str
    phrasing: int
    part: str
    name: str
    right: bool
    failed: tuple[str, ...]
    writes: int
    unconfirmed: int
    unproven: int
    handed_over: bool | None
    lines: tuple[str, ...]


class Tasks:
    """The published tasks.

    Args:
        folder: With `tasks.json` and `db.json`.
    """

    def __init__(self, folder: Path) -> None:
        self._writes = expected_writes(folder)
        self._expected = load(folder)

    async def play(
        self, instance: Instance, customer: Customer, part: str, name: str
    ) -> Sequence[Result]:
        """Play all phrasings of a task, each with the database as it was."""
        self._expected.reset()
        for action, arguments in self._writes[customer.task]:
            with suppress(ActionRefused):  # the published shop refuses it as well
                apply(self._expected, action, arguments)
        return [
            await self._played(instance, customer, part, name, each) for each in range(PHRASINGS)
        ]

    async def _played(
        self, instance: Instance, customer: Customer, part: str, name: str, phrasing: int
    ) -> Result:
        shop = instance.shop
        shop.reset()
        place = f"{name}-t{customer.task}p{phrasing}"
        played = await ScriptedCustomer(instance, customer, phrasing, place).play()
        session, right = shop.session, shop.state == self._expected.state
        persons = [each.wants for each in customer.requests if each.expects == "handoff"]
        return Result(
            customer.task,
            phrasing,
            part,
            name,
            right,
            tuple(played.failed) or (() if right else ("another database",)),
            len(session.writes),
            session.unconfirmed,
            session.unproven,
            all(each in played.handed_over for each in persons) if persons else None,
            tuple(played.lines),
        )

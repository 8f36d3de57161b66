"""What keeps a change from going live: said in the log, to staff and to operators, once."""

from __future__ import annotations

import structlog

from bot.live.current import Current
from bot.ports import Alerts

log = structlog.get_logger(__name__)


class Notices:
    """What is wrong at the moment, by what it is about.

    Args:
        current: Keeps it for operators.
        alerts: Tells staff; None where there are none.
    """

    def __init__(self, current: Current, alerts: Alerts | None) -> None:
        self._open = current.problems
        self._alerts = alerts

    async def note(self, kind: str, problem: str) -> None:
        """Note how things stand.

        Args:
            kind: What it is about.
            problem: What is wrong and how to mend it; empty when all is well.
        """
        if problem == self._open.get(kind, ""):
            return
        if problem:
            self._open[kind] = problem
            log.warning("a change is not live", kind=kind, reason=problem)
        else:
            del self._open[kind]
            log.info("a change is live again", kind=kind)
        if self._alerts is not None:
            await (self._alerts.tell(kind, problem) if problem else self._alerts.clear(kind))

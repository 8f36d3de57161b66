"""Circuit breakers: a shop that fails repeatedly gets no calls for a while.

Source: Nygard, Release It!, 2007.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.ports import Alerts, Clock

FAILURES = 3
"""Failures in a row that open a circuit."""

REST = 30.0
"""Seconds after which one call tries again."""

ALERT = "actions"
"""Beginning of the name of the alert that a shop does not answer."""


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    open_until: float = 0.0
    warned: bool = False


class Breakers:
    """One circuit for each host and each function in Python."""

    def __init__(self, clock: Clock, alerts: Alerts | None = None) -> None:
        self._clock = clock
        self._alerts = alerts
        self._circuits: dict[str, _Circuit] = {}

    def is_open(self, place: str) -> bool:
        """Return whether calls would fail at once."""
        circuit = self._circuits.get(place)
        if circuit is None or circuit.failures < FAILURES:
            return False
        return self._clock.monotonic() < circuit.open_until

    def open_places(self) -> list[str]:
        """Return the hosts and functions that get no calls."""
        return [each for each in self._circuits if self.is_open(each)]

    def admits(self, place: str) -> bool:
        """Return whether a call may be made; after the rest one tries, the others wait."""
        if self.is_open(place):
            return False
        circuit = self._circuits.setdefault(place, _Circuit())
        if circuit.failures >= FAILURES:
            circuit.open_until = self._clock.monotonic() + REST
        return True

    async def failed(self, place: str, reason: str) -> None:
        """Count a failure; alert staff once when the circuit opens."""
        circuit = self._circuits.setdefault(place, _Circuit())
        circuit.failures += 1
        if circuit.failures < FAILURES:
            return
        circuit.open_until = self._clock.monotonic() + REST
        if self._alerts is not None and not circuit.warned:
            circuit.warned = True
            await self._alerts.alert(
                f"{ALERT} {place}",
                f"actions: {place} does not answer: {reason}. Customers are told before they are "
                f"asked for anything; it is called again every {REST:.0f} seconds. See "
                "`frontdesk doctor`.",
            )

    async def worked(self, place: str) -> None:
        """Close the circuit."""
        circuit = self._circuits.pop(place, None)
        if circuit is not None and circuit.warned and self._alerts is not None:
            await self._alerts.clear(f"{ALERT} {place}")

"""The actions by which customers are found, and the ways that config lets them go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports.actions import ActionRequest, ProofWay


@dataclass(frozen=True, slots=True)
class ProofRoutes:
    """Names of the actions of `proof:` in `actions.yaml`; empty: there is none.

    Attributes:
        ways: That config allows.
        find: Finds the customer by what a form was told, for a code.
        needs: The values that `find` is called with.
        send: Sends a code to the address that the shop holds.
        current: Returns that address.
        redeem: Returns whose code for linking it is.
        by_email: Finds the customer by an address that the platform verified.
    """

    ways: tuple[ProofWay, ...]
    find: str = ""
    needs: tuple[str, ...] = ()
    send: str = ""
    current: str = ""
    redeem: str = ""
    by_email: str = ""

    def has(self, way: ProofWay) -> bool:
        """Return whether a way is allowed and its actions are there."""
        there = {
            "code": self.find and self.send and self.current,
            "linked": self.redeem,
            "platform_email": self.by_email,
        }
        return way in self.ways and bool(there[way])

    def finds(self, request: ActionRequest) -> bool:
        """Return whether a code can be sent with what the form was told."""
        return all(request.values.get(name) not in (None, "") for name in self.needs)

    def open_to(self, request: ActionRequest, ways: Sequence[ProofWay]) -> tuple[ProofWay, ...]:
        """Return those of some ways that can be gone."""
        return tuple(
            way for way in ways if self.has(way) and (way != "code" or self.finds(request))
        )

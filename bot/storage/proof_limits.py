"""How often proofs of identity are tried, and how long they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ProofLimits:
    """How often codes are sent and tried, and how long things hold.

    Attributes:
        code: How long a code is good for.
        proof: How long a proof by code is good for.
        link: How long an account stays linked.
        tries: Wrong codes within an hour, of one person, and for one customer of the shop.
        sends_hour: Codes sent to one customer of the shop within an hour.
        sends_day: Codes that one person may ask for within a day.
    """

    code: timedelta = timedelta(minutes=10)
    proof: timedelta = timedelta(minutes=30)
    link: timedelta = timedelta(days=90)
    tries: int = 5
    sends_hour: int = 3
    sends_day: int = 5

"""`proof:` how customers prove who they are before the bot shows or changes what is theirs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.config.types import Section
from bot.storage.proof_limits import ProofLimits

Way = Literal["linked", "platform_email", "code"]


class ProofConfig(Section):
    """Ways and limits; the actions that each way needs stand in `actions.yaml`."""

    ways: tuple[Way, ...] = ("linked", "code")
    """Ways that are allowed: `linked` accounts, a one-time `code` that the shop sends, and
    `platform_email`, the address that the platform verified, where you trust the platform."""

    key: Path = Path(".frontdesk/proof.key")
    """File with the key of the hashes of codes, made at the first start; processes on several
    machines need the same."""

    code_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    """Minutes that a code is good for."""

    proof_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 30
    """Minutes that a proof by code is good for; it ends at once when the shop has another
    address."""

    link_days: Annotated[int, Field(ge=1, le=365)] = 90
    """Days that an account stays linked."""

    tries: Annotated[int, Field(ge=1, le=10)] = 5
    """Wrong codes within an hour, of one person, and for one customer of the shop."""

    sends_per_hour: Annotated[int, Field(ge=1, le=20)] = 3
    """Codes that are sent to one customer of the shop within an hour."""

    sends_per_day: Annotated[int, Field(ge=1, le=50)] = 5
    """Codes that one person may ask for within a day."""

    @property
    def limits(self) -> ProofLimits:
        """The limits, as storage takes them."""
        return ProofLimits(
            code=timedelta(minutes=self.code_minutes),
            proof=timedelta(minutes=self.proof_minutes),
            link=timedelta(days=self.link_days),
            tries=self.tries,
            sends_hour=self.sends_per_hour,
            sends_day=self.sends_per_day,
        )

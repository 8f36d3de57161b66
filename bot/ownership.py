"""Who answers in a conversation, and which moves from one owner to another are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.errors import MoveNotAllowed


class Owner(StrEnum):
    """Who a conversation belongs to."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"
    CLOSED = "closed"


ALLOWED_MOVES: Mapping[Owner, Mapping[Owner, str]] = {
    Owner.BOT: {
        Owner.WAITING: "a person was asked for: nobody has taken the case yet",
        Owner.HUMAN: "a member of staff answered or claimed the case",
        Owner.CLOSED: "the case was closed",
    },
    Owner.WAITING: {
        Owner.WAITING: "the next team was asked",
        Owner.HUMAN: "a member of staff answered or claimed the case",
        Owner.BOT: "the case was returned to the bot",
        Owner.CLOSED: "the case was closed",
    },
    Owner.HUMAN: {
        Owner.HUMAN: "the case was assigned to somebody else",
        Owner.WAITING: "nobody has the case any more: the next team was asked",
        Owner.BOT: "the case was returned to the bot",
        Owner.CLOSED: "the case was closed",
    },
    Owner.CLOSED: {
        Owner.BOT: "the customer wrote again",
        Owner.WAITING: "the customer asked for a person again",
        Owner.HUMAN: "a member of staff opened the case again",
    },
}
"""Every allowed move with what causes it; `docs/staff.md` prints this table."""


@dataclass(frozen=True, slots=True)
class ConversationState:
    """The state of one conversation at one version.

    Attributes:
        key: As text, `platform:app:channel[:thread]`.
        owner: Who answers there.
        assignee: `platform:workspace:user_id` of the member of staff; empty unless owned by one.
        team: Name of the team that is asked; empty where none is.
        version: Counts changes; 0 until the first one is stored. A change names the version that
            it was made from and is refused when storage has another (compare-and-set).
    """

    key: str
    owner: Owner = Owner.BOT
    assignee: str = ""
    team: str = ""
    version: int = 0

    def moved(self, owner: Owner, *, assignee: str = "", team: str = "") -> ConversationState:
        """Return the state after a move; where it is stored, open forms end with it.

        Raises:
            MoveNotAllowed: The table of moves has no such move.
            ValueError: A person owns a conversation by name; others have no assignee.
        """
        if owner not in ALLOWED_MOVES[self.owner]:
            raise MoveNotAllowed(f"{self.key}: no move leads from {self.owner} to {owner}")
        if bool(assignee) != (owner is Owner.HUMAN):
            raise ValueError(f"{owner} with assignee {assignee!r}: only a person has one")
        return replace(self, owner=owner, assignee=assignee, team=team)


def moves_table() -> str:
    """Return the table of allowed moves in Markdown, as the documentation prints it."""
    rows = [
        f"| {before} | {after} | {cause} |"
        for before, moves in ALLOWED_MOVES.items()
        for after, cause in moves.items()
    ]
    return "\n".join(["| from | to | when |", "| --- | --- | --- |", *rows])

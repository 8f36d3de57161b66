"""Who is of the staff, as config lists people and roles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.config.staff import MembersConfig
from bot.messages import Author, Deleted, Message
from bot.staff.roster import Roster

ROSTER = Roster({"chat": MembersConfig(users=frozenset({"boss"}), roles=frozenset({"agents"}))})


@pytest.mark.parametrize(
    ("author", "listed"),
    [
        (Author("chat:T1:boss"), True),
        (Author("chat:T1:ann"), False),
        (Author("chat:T1:ann", roles=("agents",)), True),
        (Author("forum:T1:boss", roles=("agents",)), False),
        (Author("", roles=()), False),
    ],
)
def test_people_and_roles_that_are_listed_are_staff(author: Author, listed: bool) -> None:
    assert ROSTER.includes(author) is listed


def test_a_deletion_of_which_nobody_is_known_is_marked_as_nobodys() -> None:
    place = "chat:A1:C1"
    gone = Message(f"{place}:deletion:5", place, Author(""), "", datetime.now(UTC))
    assert ROSTER.mark(Deleted(gone, f"{place}:5")) == Deleted(gone, f"{place}:5")

"""Which articles a message may be answered from, as the rules of its platform say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import pytest

from bot.answering.knowledge.access import admits, is_personal
from bot.config.platforms import find_rules
from bot.messages import Author, Message
from bot.ports import PlatformRules
from bot.staff.roster import Roster

Named = Literal["channel", "role"]


def message(platform: str, channel: str, *roles: str) -> Message:
    place, author = f"{platform}:app:{channel}", Author(f"{platform}:app:ann", roles=roles)
    return Message(f"{place}:1", place, author, "hello", datetime.now(UTC))


@pytest.mark.parametrize(
    ("named", "channel", "role"),
    [({"channel"}, True, False), ({"role"}, False, True), ({"channel", "role"}, True, True)],
)
def test_articles_are_for_what_the_platform_says(
    named: set[Named], channel: bool, role: bool
) -> None:
    rules = {"pager": PlatformRules("Pager", audience=frozenset(named))}
    asker = Roster({}, rules).audience(message("pager", "c1", "r1"))
    assert admits("pager:c1", asker) is channel
    assert admits("pager:r1", asker) is role
    assert not admits("pager:", asker)


def test_what_a_role_lets_somebody_see_is_personal_and_what_a_channel_does_is_not() -> None:
    asker = Roster({}).audience(message("pager", "c1", "r1", "c1"))
    assert [is_personal(label, asker) for label in ("pager:r1", "pager:c1", "public")] == [
        True,
        False,
        False,
    ]


def test_a_role_of_slack_and_a_channel_of_discord_let_nobody_see_an_article() -> None:
    roster = Roster({}, find_rules(["slack", "discord"]))
    assert not admits("discord:7", roster.audience(message("discord", "7")))
    assert admits("discord:7", roster.audience(message("discord", "9", "7")))
    assert not admits("slack:C1", roster.audience(message("slack", "C9", "C1")))
    assert admits("slack:C1", roster.audience(message("slack", "C1")))

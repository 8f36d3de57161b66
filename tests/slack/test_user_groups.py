"""Who belongs to the user groups that config names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from structlog.testing import capture_logs

from adapters.slack.client import web_client
from adapters.slack.user_groups import UserGroups
from bot.messages import Author
from tests.delivery.support import received
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder, connected, section

GROUPS: dict[str, Any] = {"allow": {"roles": ["S1"]}, "deny": {"roles": ["S2"]}}


async def test_the_groups_of_an_author_are_told(slack: SlackServer, recorder: Recorder) -> None:
    slack.workspace.scopes += ",usergroups:read"
    slack.workspace.groups = {"S1": {"U1", "U2"}, "S2": {"U2"}, "S3": {"U1"}}
    async with connected(slack, recorder, **GROUPS):
        for user in ("U1", "U2", "U3"):
            slack.say("<@UBOT> hello", user=user, channel="C1")
        await slack.sockets.settled()
    roles = {each.message.author.key: each.message.author.roles for each in recorder.received}
    assert roles == {
        "slack:T1:U1": ("S1",),
        "slack:T1:U2": ("S1", "S2"),
        "slack:T1:U3": (),
    }


async def test_without_groups_in_config_slack_is_not_asked(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder):
        pass
    assert "usergroups.users.list" not in [method for method, _ in slack.api.calls]


async def test_without_the_scope_nobody_belongs_to_a_group_and_the_log_says_so(
    slack: SlackServer, recorder: Recorder
) -> None:
    with capture_logs() as logs:
        async with connected(slack, recorder, **GROUPS):
            slack.say("<@UBOT> hello", channel="C1")
            await slack.sockets.settled()
    assert recorder.received[0].message.author.roles == ()
    unknown = [line for line in logs if line["event"] == "slack.user_group_unknown"]
    assert [line["group"] for line in unknown] == ["S1", "S2"]
    assert "usergroups:read" in unknown[0]["reason"]


async def test_members_are_kept_while_slack_does_not_tell(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.workspace.scopes += ",usergroups:read"
    slack.workspace.groups = {"S1": {"U1"}}
    config = section(slack, **GROUPS)
    groups = UserGroups(web_client(slack.workspace.bot_token, config), frozenset({"S1"}))
    await groups.look()
    slack.workspace.groups = {}
    await groups.look()
    author = Author("slack:T1:U1")
    said = replace(received(1), message=replace(received(1).message, author=author))
    await groups.marking(recorder.accept)(said)
    assert recorder.received[0].message.author.roles == ("S1",)

"""Channels and people by the platform's ids: as conversations, and by name."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.adapter import SlackAdapter
from adapters.slack.plugin import plugin
from bot.errors import ServiceUnavailable
from bot.ports.outgoing import KnowsPlaces
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, connected, environment, eventually, section


def asked(slack: SlackServer) -> int:
    return sum(method == "users.info" for method, _ in slack.api.calls)


async def test_channel_is_a_conversation_of_the_app(adapter: SlackAdapter) -> None:
    assert isinstance(adapter, KnowsPlaces)
    assert str(adapter.place("C5")) == "slack:A1:C5"


async def test_process_that_only_answers_knows_places_too(slack: SlackServer) -> None:
    adapter = plugin.build(section(slack), environment(slack))
    with pytest.raises(ServiceUnavailable, match="not connected"):
        adapter.place("C5")
    assert await adapter.name_of("slack:T1:U2") == ""
    running = asyncio.create_task(adapter.speak())
    await eventually(lambda: adapter.connected)
    assert str(adapter.place("C5")) == "slack:A1:C5"
    await adapter.close()
    await running


async def test_app_is_read_from_its_token_where_slack_does_not_tell_it(
    slack: SlackServer, recorder: Recorder
) -> None:
    slack.workspace.app_token = "xapp-1-A0123-99-abc"
    slack.faults.order("bots.info", Fault(error="missing_scope"))
    async with connected(slack, recorder) as adapter:
        assert str(adapter.place("C5")) == "slack:A0123:C5"


async def test_names_of_people_are_asked_for_once(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    slack.workspace.names = {"U2": "Ann Smith"}
    for _ in range(2):
        assert await adapter.name_of("slack:T1:U2") == "Ann Smith"
    assert asked(slack) == 1


async def test_person_whose_name_slack_does_not_tell_has_none(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    assert await adapter.name_of("slack:T1:U9") == ""
    slack.faults.order("users.info", Fault(status=500))
    assert await adapter.name_of("slack:T1:U9") == ""

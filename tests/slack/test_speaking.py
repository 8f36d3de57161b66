"""Posting without Socket Mode: what a process does that only answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.slack.adapter import SlackAdapter
from adapters.slack.plugin import plugin
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Say
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault
from tests.slack.conftest import Recorder, answer, ask, connected, environment, eventually, section


def adapter_of(slack: SlackServer) -> SlackAdapter:
    return plugin.build(section(slack), environment(slack))


@asynccontextmanager
async def speaking(slack: SlackServer) -> AsyncIterator[SlackAdapter]:
    """Run an adapter that hears nothing until the block ends."""
    adapter = adapter_of(slack)
    running = asyncio.create_task(adapter.speak())
    try:
        await eventually(lambda: adapter.connected or running.done())
        yield adapter
    finally:
        await adapter.close()
        await running


async def test_what_another_process_heard_is_answered_in_its_thread(
    slack: SlackServer, recorder: Recorder
) -> None:
    async with connected(slack, recorder):
        event = await ask(slack, recorder, f"<@{slack.workspace.bot_user}> hi", channel="C1")
    connections = slack.sockets.connections_made
    async with speaking(slack) as adapter:
        slack.say("is anybody there?")
        await answer(adapter, event, Say("Hello."))
    (post,) = slack.workspace.posts
    assert post.thread_ts == event.message.id.rpartition(":")[2]
    assert slack.sockets.connections_made == connections
    assert len(recorder.events) == 1


async def test_staff_can_be_told_while_it_runs(slack: SlackServer) -> None:
    async with speaking(slack) as adapter:
        await adapter.notify("G1", "**Attention**")
    assert [post.channel for post in slack.workspace.posts] == ["G1"]
    assert not adapter.connected
    with pytest.raises(ServiceUnavailable):
        await adapter.notify("G1", "too late")


async def test_a_revoked_token_ends_it(slack: SlackServer) -> None:
    slack.faults.order("auth.test", Fault(error="token_revoked"))
    with pytest.raises(AdapterError, match="revoked"):
        await adapter_of(slack).speak()

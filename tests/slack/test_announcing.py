"""The bot speaks first: to staff, in their channel."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from adapters.slack.plugin import plugin
from bot.errors import AdapterError, ServiceUnavailable
from bot.ports import CanNotify
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section


async def test_an_announcement_stands_in_the_channel_and_pings_nobody(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    assert isinstance(adapter, CanNotify)
    await adapter.notify("C1", "**Attention:** <!channel> look")

    (post,) = slack.workspace.posts
    assert (post.channel, post.thread_ts, post.pings) == ("C1", "", [])
    assert post.markdown.startswith("**Attention:** ")


async def test_a_long_announcement_becomes_several_posts(
    slack: SlackServer, adapter: SlackAdapter
) -> None:
    await adapter.notify("C1", "word " * 5_000)

    assert len(slack.workspace.posts) > 1


@pytest.mark.parametrize("channel", ["C404", "C2", "C3"])
async def test_a_channel_that_the_bot_cannot_write_to_is_refused(
    adapter: SlackAdapter, channel: str
) -> None:
    with pytest.raises(AdapterError, match=r"chat\.postMessage"):
        await adapter.notify(channel, "hello")


async def test_before_connecting_there_is_no_voice(slack: SlackServer) -> None:
    adapter = plugin.build(section(slack), environment(slack))

    with pytest.raises(ServiceUnavailable, match="not connected"):
        await adapter.notify("C1", "hello")

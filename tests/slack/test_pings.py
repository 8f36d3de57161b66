"""Nothing that the bot says notifies anybody, however it is written."""

from __future__ import annotations

import pytest

from adapters.slack.adapter import SlackAdapter
from adapters.slack.plugin import plugin
from bot.messages import Button, Cite, Offer, Say, Source
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder, answer, ask, environment, section

PINGS = [
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!group>",
    "<@U123>",
    "<@W123|ann>",
    "<!subteam^S1|@staff>",
    "@channel",
    "@here",
    "@everyone",
    "`<!channel>`",
    "```\n<!channel>\n```",
    "**<!here>**",
    "[<!channel>](https://example.com)",
    "[all](!channel)",
    "[all](<!channel>)",
    "[ann](@U123)",
    r"\<!channel>",
    r"<\!channel>",
    "&lt;!channel&gt;",
    "&#60;!channel>",
    "&#x3C;@U123>",
    "<&#33;channel>",
    "<&#64;U123>",
    "&lt;&excl;channel&gt;",
]


@pytest.mark.parametrize("ping", PINGS)
async def test_nothing_that_is_said_pings_anybody(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, ping: str
) -> None:
    event = await ask(slack, recorder)
    cite = Cite((Source(ping, f"https://example.com/{ping}"), Source(ping)))
    await answer(adapter, event, Say(f"Hello {ping} all"), cite, Offer((Button("b_1", ping),)))
    assert slack.workspace.posts[0].pings == []


async def test_pings_are_noticed_by_the_local_server(slack: SlackServer) -> None:
    client = plugin.build(section(slack), environment(slack))._client
    for ping in PINGS:
        blocks = [{"type": "markdown", "text": ping}]
        await client.chat_postMessage(channel="C1", text="x", blocks=blocks)
    assert [post.markdown for post in slack.workspace.posts if not post.pings] == []

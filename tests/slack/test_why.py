"""The shortcut on a message, and links in `/frontdesk why`, become a command of staff."""

from __future__ import annotations

import pytest

from bot.messages import Addressing
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder

pytestmark = pytest.mark.usefixtures("adapter")


async def test_the_shortcut_asks_about_its_message(slack: SlackServer, recorder: Recorder) -> None:
    root = slack.write("where is it?", user="U1", channel="C1")
    post = slack.write("a line", user="U2", channel="C1", thread_ts=root.ts)
    envelope = slack.shortcut("frontdesk_why", user="UBOSS", message=post)
    await slack.sockets.settled()
    assert envelope.state == "acked"
    message = recorder.received[0].message
    assert message.text == f"/frontdesk why C1/{post.ts} {post.ts}"
    assert message.conversation == f"slack:A1:C1:{root.ts}"
    assert message.addressing is Addressing.COMMAND
    assert message.author.key == "slack:T1:UBOSS"


async def test_another_shortcut_is_refused(slack: SlackServer, recorder: Recorder) -> None:
    slack.shortcut("something", message=slack.write("a line", user="U2", channel="C1"))
    await slack.sockets.settled()
    assert recorder.calls == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("why", "/frontdesk why"),
        (
            "why https://shop.slack.com/archives/C1/p1700000000000100?thread_ts=1.2&cid=C1",
            "/frontdesk why C1/1700000000.000100 1700000000.000100",
        ),
        ("pause here", "/frontdesk pause here"),
    ],
)
async def test_links_are_read(
    slack: SlackServer, recorder: Recorder, typed: str, meant: str
) -> None:
    slack.command(typed)
    await slack.sockets.settled()
    assert recorder.received[0].message.text == meant

"""What people write in case threads reaches the core, with its edits, deletions and files."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.messages import Addressing, Deleted, Edited, Received
from tests.servers.slack import SlackServer
from tests.servers.slack.workspace import Post
from tests.slack.conftest import Recorder
from tests.slack.test_case_posts import CASES, opened


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    section = {"type": "rich_text_section", "elements": list(elements)}
    return [{"type": "rich_text", "elements": [section]}]


async def written(slack: SlackServer, adapter: SlackAdapter, said: str, **more: object) -> Post:
    """Let a colleague write into the thread of a case."""
    thread = (await opened(adapter)).rpartition(":")[2]
    line = slack.say(said, user="U5", channel="C1", thread_ts=thread, **more)
    await slack.sockets.settled()
    return line


async def test_line_in_a_case_thread_is_a_line_of_that_thread(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    bold = {"type": "text", "text": "today", "style": {"bold": True}}
    blocks = rich({"type": "text", "text": "!send It left "}, bold)
    line = await written(slack, adapter, "!send It left *today*", blocks=blocks)
    (event,) = recorder.events
    assert isinstance(event, Received)
    message = event.message
    assert message.id == f"{CASES}:{line.ts}"
    assert message.conversation == f"{CASES}:{line.thread_ts}"
    assert message.addressing is Addressing.THREAD
    assert (message.text, message.formatted) == ("!send It left *today*", "!send It left **today**")


async def test_line_that_is_shown_in_the_channel_too_comes_once(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    line = await written(slack, adapter, "!send hello", subtype="thread_broadcast")
    line.subtype = "thread_broadcast"
    slack.unfurl(line)  # Slack tells of it as of a change, too
    await slack.sockets.settled()
    (event,) = recorder.events
    assert event.message.conversation == f"{CASES}:{line.thread_ts}"


async def test_files_alone_are_a_line(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    file = slack.files.add("bill.pdf", b"%PDF", "application/pdf")
    await written(slack, adapter, "", subtype="file_share", files=[file])
    (event,) = recorder.events
    (attachment,) = event.message.attachments
    assert (event.message.text, event.message.formatted, attachment.name) == ("", "", "bill.pdf")
    assert await adapter.fetch(attachment, limit=100) == b"%PDF"


async def test_edit_of_a_line_tells_how_it_reads_now(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    line = await written(slack, adapter, "!send It left today")
    slack.edit(line, "!send It left _yesterday_")
    await slack.sockets.settled()
    edited = recorder.events[-1]
    assert isinstance(edited, Edited)
    assert edited.original == f"{CASES}:{line.ts}"
    assert edited.message.conversation == f"{CASES}:{line.thread_ts}"
    assert edited.message.formatted == "!send It left *yesterday*"


async def test_deletion_of_a_line_names_it_and_says_nothing_of_it(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    line = await written(slack, adapter, "!send It left *today*")
    slack.delete(line)
    await slack.sockets.settled()
    deleted = recorder.events[-1]
    assert isinstance(deleted, Deleted)
    assert deleted.original == f"{CASES}:{line.ts}"
    assert (deleted.message.text, deleted.message.formatted) == ("", "")


@pytest.mark.parametrize("more", [{"bot_id": "B9"}, {"app_id": "A9"}, {"subtype": "bot_message"}])
async def test_lines_of_other_bots_are_dropped(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, more: dict[str, str]
) -> None:
    await written(slack, adapter, "!send spam", **more)
    assert recorder.events == []


async def test_own_posts_in_case_threads_and_their_deletion_are_no_lines(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    await opened(adapter)
    (root,) = slack.workspace.posts
    slack.delete(root)
    await slack.sockets.settled()
    assert recorder.events == []

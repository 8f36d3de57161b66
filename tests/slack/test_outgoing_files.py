"""Files that are sent on: uploaded anew in their order, shared once, taken back with their line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Readers, Say, Visibility
from bot.ports import ReservedPost
from bot.ports.outbox import FileContent
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, Reply, ask, interrupted
from tests.slack.conftest import again as answered_again
from tests.slack.test_case_posts import changing
from tests.slack.test_outgoing import again, reserved

TENT = FileContent("tent.jpg", "image/jpeg", b"\xff\xd8 a tent")
BILL = FileContent("bill <@U1>.pdf", "application/pdf", b"%PDF-1.7 a bill")


async def line_with_files(
    slack: SlackServer, recorder: Recorder, text: str = "**Team:** here", channel: str = "C1"
) -> ReservedPost:
    event = await ask(slack, recorder, "<@UBOT> hi", channel=channel)
    return replace(reserved(event.message.conversation, text), contents=(TENT, BILL))


def shared(slack: SlackServer) -> list[list[str]]:
    """Return the names of the files of each post that shares some."""
    return [[file["name"] for file in post.files] for post in slack.workspace.posts if post.files]


@pytest.mark.parametrize("channel", ["C1", "D7"])
async def test_files_stand_below_their_line_in_their_order(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, channel: str
) -> None:
    line = await line_with_files(slack, recorder, channel=channel)
    ids = await adapter.deliver(line)
    said, files = slack.workspace.posts
    assert (said.markdown, said.files) == ("**Team:** here", [])
    assert (files.channel, files.thread_ts) == (channel, said.thread_ts)
    assert shared(slack) == [["tent.jpg", "bill <@U1>.pdf"]]
    assert [slack.files.files[each["id"]].content for each in files.files] == [
        TENT.content,
        BILL.content,
    ]
    assert files.pings == []
    assert ids == f"{said.ts} {files.ts}+F1+F2"


async def test_files_alone_are_one_post(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    ids = await adapter.deliver(await line_with_files(slack, recorder, ""))
    (post,) = slack.workspace.posts
    assert (ids, shared(slack)) == (f"{post.ts}+F1+F2", [["tent.jpg", "bill <@U1>.pdf"]])


async def test_next_line_waits_until_slow_files_are_shared(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.files.share_after = 0.25
    line = await line_with_files(slack, recorder)
    await adapter.deliver(line)
    assert shared(slack) == [["tent.jpg", "bill <@U1>.pdf"]]


@pytest.mark.parametrize("share_after", [0.0, 0.25])
async def test_files_whose_answer_was_lost_are_not_shared_again(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, share_after: float
) -> None:
    slack.files.share_after = share_after
    slack.faults.order("files.completeUploadExternal", Fault(lose_answer=True))
    line = await line_with_files(slack, recorder)
    await adapter.deliver(line)
    assert shared(slack) == [["tent.jpg", "bill <@U1>.pdf"]]


@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "files.completeUploadExternal", "chat.postMessage"]
)
async def test_line_that_was_interrupted_goes_on_where_it_was(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, method: str
) -> None:
    line = await line_with_files(slack, recorder)
    slack.faults.order(method, Fault(status=500))
    slack.faults.order("files.info", Fault(status=500))
    with pytest.raises(ServiceUnavailable):
        await adapter.deliver(line)
    slack.faults.clear()
    await adapter.deliver(again(line))
    assert [post.markdown for post in slack.workspace.posts] == ["**Team:** here", ""]
    assert shared(slack) == [["tent.jpg", "bill <@U1>.pdf"]]


@pytest.mark.parametrize("channel", ["C1", "D7"])
async def test_files_that_stand_when_a_process_dies_are_found_by_the_next(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, channel: str
) -> None:
    line = await line_with_files(slack, recorder, channel=channel)
    ids = await adapter.deliver(line)  # and nobody recorded it
    assert await adapter.deliver(again(line)) == ids
    assert len(slack.workspace.posts) == 2


async def test_deletion_takes_the_files_with_the_line(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    line = await line_with_files(slack, recorder)
    gone = changing(line, await adapter.deliver(line), "delete")
    await adapter.deliver(gone)
    await adapter.deliver(again(gone))
    assert slack.workspace.posts == []
    assert [file.content for file in slack.files.files.values()] == [None, None]


async def test_edit_of_a_line_leaves_its_files(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    line = await line_with_files(slack, recorder)
    ids = await adapter.deliver(line)
    assert await adapter.deliver(changing(line, ids, "edit", "**Team:** both")) == ids
    said, _ = slack.workspace.posts
    assert said.markdown == "**Team:** both"
    assert shared(slack) == [["tent.jpg", "bill <@U1>.pdf"]]


async def test_files_are_never_shown_to_others_than_their_line(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    line = await line_with_files(slack, recorder)
    private = replace(line.post, visibility=Visibility.PRIVATE)
    with pytest.raises(AdapterError, match="no files to one person alone"):
        await adapter.deliver(replace(line, post=private))
    internal = replace(line.post, visibility=Visibility.INTERNAL, readers=Readers.OTHERS)
    await adapter.deliver(replace(line, post=internal))
    assert shared(slack) == []


async def test_workspace_that_takes_no_files_says_so(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    slack.faults.order("files.getUploadURLExternal", Fault(error="file_uploads_disabled"))
    with pytest.raises(AdapterError, match="the workspace takes no files"):
        await adapter.deliver(await line_with_files(slack, recorder))
    assert slack.workspace.posts == []  # the line comes with its files, or not at all


async def test_files_in_a_thread_are_not_taken_for_an_interrupted_answer(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    event = await ask(slack, recorder, "<@UBOT> hi", channel="C1")
    await adapter.deliver(replace(reserved(event.message.conversation, ""), contents=(TENT,)))
    slack.faults.order("chat.postMessage", Fault(status=500))
    reply = Reply(event)
    await interrupted(adapter, reply, Say("Hello."))
    await answered_again(adapter, reply, Say("Hello."))
    assert [post.markdown for post in slack.workspace.posts] == ["", "Hello."]
    assert shared(slack) == [["tent.jpg"]]

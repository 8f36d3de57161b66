"""Files are fetched from Slack alone, with the token, and no more of them than allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiohttp import web

from adapters.slack.adapter import SlackAdapter
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Attachment
from bot.ports.outgoing import FetchesFiles
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder

CONTENT = b"\x89PNG" + b"\x00" * 200_000


async def sent(slack: SlackServer, recorder: Recorder, **more: object) -> Attachment:
    """Let a person send a file; return it as the core is told of it."""
    file = slack.files.add("tent.png", CONTENT) | more
    slack.say("look", channel="D7", subtype="file_share", files=[file])
    await slack.sockets.settled()
    (attachment,) = recorder.events[-1].message.attachments
    return attachment


def test_slack_fetches_files(adapter: SlackAdapter) -> None:
    assert isinstance(adapter, FetchesFiles)


async def test_file_of_a_message_is_fetched(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    attachment = await sent(slack, recorder)
    assert "files-pri" not in repr(attachment)
    assert await adapter.fetch(attachment, limit=len(CONTENT)) == CONTENT


async def test_file_of_another_workspace_tells_its_address_when_asked(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    untold = {"url_private": "", "url_private_download": "", "file_access": "check_file_info"}
    attachment = await sent(slack, recorder, **untold)
    assert attachment.source == "F1"
    assert await adapter.fetch(attachment, limit=1_000_000) == CONTENT


async def test_more_than_allowed_is_not_read(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    attachment = await sent(slack, recorder)
    with pytest.raises(AdapterError, match=r"larger than the 0\.1 MB"):
        await adapter.fetch(attachment, limit=100_000)
    with pytest.raises(AdapterError, match=r"larger than the 0\.1 MB"):
        await adapter.fetch(replace(attachment, size=1), limit=100_000)


async def test_file_that_lies_elsewhere_is_not_fetched(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    attachment = await sent(slack, recorder)
    asked: list[str] = []

    async def take(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Authorization", ""))
        return web.Response(text="thanks")

    elsewhere = web.Application()
    elsewhere.router.add_get("/{path:.*}", take)
    runner = web.AppRunner(elsewhere)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/tent.png"
    slack.files.files["F1"].moved_to = address
    slacks = slack.files.address("F1")
    tricks = [address, slacks.replace("127.0.0.1", "127.0.0.1@example.com"), "file:///etc/passwd"]
    for source in (attachment.source, *tricks, "http://127.0.0.1:x/", "https:\\\\a/b"):
        with pytest.raises(AdapterError):
            await adapter.fetch(replace(attachment, source=source), limit=1_000_000)
    await runner.cleanup()
    assert asked == []


async def test_slack_may_lead_from_one_of_its_addresses_to_another(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    attachment = await sent(slack, recorder)
    slack.files.add("moved.png", b"moved")
    slack.files.files["F1"].moved_to = "/files-pri/F2"
    assert await adapter.fetch(attachment, limit=1_000_000) == b"moved"
    slack.files.files["F2"].moved_to = "/files-pri/F1"
    with pytest.raises(AdapterError, match="leads from one address"):
        await adapter.fetch(attachment, limit=1_000_000)


async def test_page_to_sign_in_is_no_file(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    attachment = await sent(slack, recorder)
    slack.workspace.scopes = slack.workspace.scopes.replace("files:read,", "")
    with pytest.raises(AdapterError, match="files:read"):
        await adapter.fetch(attachment, limit=1_000_000)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, AdapterError),
        (403, AdapterError),
        (503, ServiceUnavailable),
        (429, ServiceUnavailable),
    ],
)
async def test_answers_without_the_file(
    slack: SlackServer,
    recorder: Recorder,
    adapter: SlackAdapter,
    status: int,
    error: type[Exception],
) -> None:
    attachment = await sent(slack, recorder)
    slack.files.files["F1"].status = status
    with pytest.raises(error):
        await adapter.fetch(attachment, limit=1_000_000)


async def test_deleted_file_has_no_content(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    attachment = await sent(slack, recorder, mode="tombstone")
    with pytest.raises(AdapterError, match="no content"):
        await adapter.fetch(attachment, limit=1_000_000)
    slack.faults.order("files.info", Fault(error="file_not_found"))
    with pytest.raises(AdapterError):
        await adapter.fetch(replace(attachment, source="F9"), limit=1_000_000)

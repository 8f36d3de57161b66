"""Files of messages are fetched from Discord alone, within a limit, also later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Attachment
from bot.ports import FetchesFiles
from tests.discord.desk import Recorder, adapter_of
from tests.discord.test_content import forward
from tests.servers.discord import DiscordServer

LIMIT = 1_000


@pytest.fixture
async def file(server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder) -> Attachment:
    """A picture that a customer sent."""
    direct = int(server.world.direct_channel(7)["id"])
    sent = server.world.files.add("tent.jpg", b"a tent")
    server.world.say(direct, 7, "it is torn", attachments=(sent,))
    (came,) = (await recorder.received()).message.attachments
    return came


def test_discord_fetches_files(adapter: DiscordAdapter) -> None:
    assert isinstance(adapter, FetchesFiles)


async def test_a_file_is_fetched(adapter: DiscordAdapter, file: Attachment) -> None:
    assert await adapter.fetch(file, limit=LIMIT) == b"a tent"


async def test_a_file_whose_address_has_expired_is_found_by_its_message(
    server: DiscordServer, adapter: DiscordAdapter, file: Attachment
) -> None:
    server.world.files.expire()
    assert await adapter.fetch(file, limit=LIMIT) == b"a tent"


async def test_a_file_of_a_forwarded_message_is_fetched(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    direct = int(server.world.direct_channel(7)["id"])
    sent = server.world.files.add("bill.pdf", b"12.50", "application/pdf")
    server.world.say(direct, 7, "", more=forward("my bill", channel, 1, attachments=[sent]))
    (came,) = (await recorder.received()).message.attachments
    assert await adapter.fetch(came, limit=LIMIT) == b"12.50"


@pytest.mark.parametrize(("size", "taken"), [(LIMIT - 1, True), (LIMIT, False), (90_000, False)])
async def test_a_file_above_the_limit_is_refused_whatever_its_size_is_said_to_be(
    server: DiscordServer, adapter: DiscordAdapter, file: Attachment, size: int, taken: bool
) -> None:
    sent = server.world.files.add("big.bin", b"x" * size)
    named = replace(file, size=1, source=f"{sent['url']}#1/2/3")
    if taken:
        assert len(await adapter.fetch(named, limit=LIMIT)) == size
    else:
        with pytest.raises(AdapterError, match="1000 bytes or more"):
            await adapter.fetch(named, limit=LIMIT)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/attachments/1/2/x.jpg",
        "https://cdn.discordapp.com.example.org/x.jpg",
        "https://cdn.discordapp.com:8443/x.jpg",
        "http://cdn.discordapp.com/x.jpg",
        "file:///etc/passwd",
    ],
)
async def test_no_file_is_fetched_from_elsewhere(
    adapter: DiscordAdapter, file: Attachment, address: str
) -> None:
    with pytest.raises(AdapterError, match="keeps none of Discord's"):
        await adapter.fetch(replace(file, source=f"{address}#1/2/3"), limit=LIMIT)


async def test_a_file_that_is_gone_is_told(
    server: DiscordServer, adapter: DiscordAdapter, file: Attachment
) -> None:
    message = int(file.source.rpartition("#")[2].split("/")[1])
    server.world.files.expire()
    server.world.message(message)["attachments"] = []
    with pytest.raises(AdapterError, match="taken out of its message"):
        await adapter.fetch(file, limit=LIMIT)
    server.world.delete(message)
    with pytest.raises(AdapterError, match="the message is gone"):
        await adapter.fetch(file, limit=LIMIT)
    with pytest.raises(AdapterError, match="no content that can be fetched"):
        await adapter.fetch(Attachment("Wave", "sticker"), limit=LIMIT)


async def test_a_server_error_is_worth_another_attempt(
    server: DiscordServer, adapter: DiscordAdapter, file: Attachment
) -> None:
    server.world.files.errors = 1
    with pytest.raises(ServiceUnavailable, match="HTTP 503"):
        await adapter.fetch(file, limit=LIMIT)
    assert await adapter.fetch(file, limit=LIMIT) == b"a tent"


async def test_nothing_is_fetched_before_the_login(server: DiscordServer) -> None:
    with pytest.raises(ServiceUnavailable):
        await adapter_of(server).fetch(Attachment("x", source="y"), limit=LIMIT)

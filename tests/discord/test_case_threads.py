"""Threads of cases are opened once, in text channels and forums, and take posts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.forum_posts import ARCHIVED_AFTER
from bot.errors import AdapterError, ServiceUnavailable
from bot.ports import FileContent
from tests.discord.outbox import BUTTONS, case_root, in_thread
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.payloads import Json
from tests.servers.discord.threads import REQUIRE_TAG

LATER = 301  # seconds; Discord remembers a nonce for 300
LONG = "\n\n".join(f"Line {number}. {'x' * 300}" for number in range(12))


def custom_ids(message: Json) -> list[str]:
    return [each["custom_id"] for row in message["components"] for each in row["components"]]


def in_channel(server: DiscordServer, channel: object) -> list[Json]:
    """Return what the bot's messages in a channel are, in order."""
    return [each for each in server.world.standing if each["channel_id"] == str(channel)]


@pytest.fixture
def forum(server: DiscordServer) -> int:
    return server.world.forum("cases")


async def test_a_case_in_a_text_channel_is_a_message_with_a_thread(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    (root,) = (await adapter.deliver(case_root(channel))).split()
    (message,) = in_channel(server, channel)
    thread = server.world.channels[int(root)]

    assert (message["id"], message["content"]) == (root, "**Case 7**")
    assert custom_ids(message) == [f"frontdesk-case:{each.act}:7" for each in BUTTONS]
    assert [each["style"] for each in message["components"][0]["components"]] == [1, 2, 2, 2, 4]
    assert (thread["parent_id"], thread["name"]) == (str(channel), "Case 7: Ada")


async def test_a_case_in_a_forum_is_a_post_of_it(
    server: DiscordServer, adapter: DiscordAdapter, forum: int
) -> None:
    (root,) = (await adapter.deliver(case_root(forum))).split()
    (message,) = in_channel(server, root)
    request = server.world.posts[0].request

    assert (message["id"], message["content"]) == (root, "**Case 7**")
    assert custom_ids(message) == [f"frontdesk-case:{each.act}:7" for each in BUTTONS]
    assert (request["name"], request["auto_archive_duration"]) == ("Case 7: Ada", ARCHIVED_AFTER)
    assert request["message"]["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_a_thread_whose_confirmation_was_lost_is_not_opened_twice(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, forum: int, kind: str
) -> None:
    where = channel if kind == "text" else forum
    path = r"/channels/\d+/threads$" if kind == "forum" else r"/messages$"
    status = 502 if kind == "forum" else 503  # discord.py repeats requests after a 502
    server.faults.append(Fault("POST", path, status, after=True))
    root = case_root(where)
    with pytest.raises(ServiceUnavailable):
        await adapter.deliver(root)
    server.clock.advance(LATER)
    made = await adapter.deliver(replace(root, attempt=2))

    assert [each["id"] for each in server.world.threads(archived=False)] == [made]
    assert len(server.world.standing) == 1
    assert await adapter.deliver(replace(root, attempt=3)) == made


async def test_a_thread_that_was_not_confirmed_is_taken_for_opened(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    server.faults.append(Fault("POST", r"/threads$", 503, after=True))
    root = case_root(channel)
    with pytest.raises(ServiceUnavailable):
        await adapter.deliver(root)

    assert await adapter.deliver(replace(root, attempt=2)) == in_channel(server, channel)[0]["id"]
    assert len(server.world.threads(archived=False)) == 1


async def test_another_case_of_the_same_customer_gets_a_post_of_its_own(
    server: DiscordServer, adapter: DiscordAdapter, forum: int
) -> None:
    first = await adapter.deliver(case_root(forum))
    again = replace(case_root(forum, case_buttons=()), attempt=2, standing=frozenset({first}))

    assert await adapter.deliver(again) != first


async def test_a_long_case_goes_on_in_its_thread_with_its_buttons_at_the_beginning(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, forum: int
) -> None:
    for where in (channel, forum):
        root, *others = (await adapter.deliver(case_root(where, LONG))).split()
        rest = [each for each in in_channel(server, root) if each["id"] != root]

        assert custom_ids(server.world.message(int(root)))
        assert [each["id"] for each in rest] == others
        assert "Line 11." in rest[-1]["content"]
        assert not any(each["components"] for each in rest)


async def test_a_thread_that_may_not_be_opened_leaves_no_message(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    server.faults.append(Fault("POST", r"/threads$", 403, code=50013))
    with pytest.raises(AdapterError, match="lacks a permission there"):
        await adapter.deliver(case_root(channel))
    assert server.world.standing == []


async def test_a_cases_channel_that_is_deleted_is_told(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    server.world.drop(channel)
    with pytest.raises(AdapterError, match="the channel or thread is gone"):
        await adapter.deliver(case_root(channel))


async def test_a_forum_that_wants_a_tag_gets_the_first_that_is_free(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    forum = server.world.forum("cases")
    tag = {"name": "open", "moderated": False, "emoji_id": None, "emoji_name": None}
    described = server.world.channels[forum]
    described["flags"] = REQUIRE_TAG
    described["available_tags"] = [{**tag, "id": "5", "moderated": True}, {**tag, "id": "6"}]
    server.world.emit("CHANNEL_UPDATE", described)
    server.world.tell(7, "hello")  # the update came before it
    root = await adapter.deliver(case_root(forum))

    assert server.world.channels[int(root)]["applied_tags"] == ["6"]


async def test_posts_stand_in_the_thread_also_when_it_is_archived(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, forum: int
) -> None:
    for where in (channel, forum):
        root = await adapter.deliver(case_root(where))
        server.world.archive(int(root))
        made = await adapter.deliver(in_thread(where, root, "**Ada:** and my tent?"))

        assert in_channel(server, root)[-1]["id"] == made


async def test_staff_read_of_a_customer_who_is_no_member_of_their_server(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    server.world.left.add(7)
    root = await adapter.deliver(case_root(channel, author="discord:discord:7"))
    line = in_thread(channel, root, "**Ada:** hello?", author="discord:discord:7")

    assert await adapter.deliver(line) == in_channel(server, root)[0]["id"]


async def test_a_thread_of_a_case_that_was_deleted_is_told_and_nothing_stands_elsewhere(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    root = await adapter.deliver(case_root(channel))
    server.world.drop(int(root))
    with pytest.raises(AdapterError, match="the thread of the case was deleted"):
        await adapter.deliver(in_thread(channel, root, "**Ada:** hello?"))
    assert len(in_channel(server, channel)) == 1


async def test_files_are_uploaded_under_a_post_ten_at_a_time(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    root = await adapter.deliver(case_root(channel))
    files = [FileContent(f"{number}.txt", "text/plain", b"%d" % number) for number in range(12)]
    line = in_thread(channel, root, "", contents=files)
    made = (await adapter.deliver(line)).split()
    server.clock.advance(LATER)

    assert (await adapter.deliver(replace(line, attempt=2))).split() == made
    messages = [server.world.message(int(each)) for each in made]
    assert [len(each["attachments"]) for each in messages] == [10, 2]
    sent = [file for each in messages for file in each["attachments"]]
    assert [server.world.files.content(each) for each in sent] == [each.content for each in files]


async def test_the_root_is_edited_where_it_stands_and_keeps_its_buttons(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, forum: int
) -> None:
    for where in (channel, forum):
        root = await adapter.deliver(case_root(where))
        fields: dict[str, Any] = {
            "kind": "edit",
            "target": 1,
            "changes": [root],
            "case_buttons": BUTTONS,
        }
        await adapter.deliver(in_thread(where, root, "**Case 7**, Grace has it", **fields))
        message = server.world.message(int(root))

        assert message["content"] == "**Case 7**, Grace has it"
        assert len(custom_ids(message)) == len(BUTTONS)


async def test_a_root_that_becomes_longer_goes_on_in_the_thread(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    root = await adapter.deliver(case_root(channel))
    edit = in_thread(channel, root, LONG, kind="edit", target=1, changes=[root])
    made = (await adapter.deliver(edit)).split()

    assert made[0] == root
    assert {server.world.message(int(each))["channel_id"] for each in made[1:]} == {root}
    assert await adapter.deliver(replace(edit, attempt=2)) == " ".join(made)

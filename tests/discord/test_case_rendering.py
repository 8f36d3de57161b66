"""Cases and lines in the form that Discord shows best, as kept in golden files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Button, Readers
from bot.ports import CaseButton
from tests.discord.desk import Recorder
from tests.discord.outbox import case_root, due, in_thread
from tests.rendering.golden import check, orphans
from tests.servers.discord import DiscordServer

GOLDEN = Path(__file__).parent / "golden_cases"

ROOT = """\
**Case 7: Ada L. (Slack)** · English · annoyed
> where is my tent? order 48213
> it was due on Monday

**Why:** the customer asked for a person
**Decisions:** order_status 0.61, below 0.70 · asked which of two
**Earlier cases:** 3, closed on 2 May
**Files:** tent.jpg

Talk here stays inside. To send: **Reply**, a line that begins with `!send `, or `!saved NAME`.\
"""

TO_CUSTOMER = {
    "from_a_person_of_staff": "**Team:** It left *today*, see [tracking](https://shop.example/48213).",
    "from_slack": (
        "**Grace:** # Returns\n\nSend it __back__ to @Ada within `30 days`:\n\n* box\n* label\n\n"
        "> as you wrote\n\n~~~\nSHOP 1\n~~~\n\n| Size | Left |\n| --- | --- |\n| M | 2 |\n\n"
        "🎉 :tent:"
    ),
    "in_chinese": "**客服：** 您的订单**48213**今天发货，预计周五送达。",
    "that_names_everybody": "**Team:** @everyone @here <@7> <@&30> <#20> <!channel> look",
    "like_a_note": "**Ada:** !send me //all of it\n\n/NOTE > not a quotation",
}

TO_STAFF: dict[str, dict[str, Any]] = {
    "failed": {
        "markdown": "❌ Not delivered: the person's direct messages are closed to the bot",
        "case_buttons": (CaseButton("retry", 7, "Retry", about="42"),),
    },
    "draft": {
        "markdown": "**Draft**, not sent:\n\n> It left *today*.\n\nSource: [shipping](https://shop.example/s)",
        "case_buttons": (CaseButton("use", 7, "Use", about="43", style="primary"),),
    },
}


def sent(server: DiscordServer) -> list[dict[str, Any]]:
    """Return what the last requests said, without what varies."""
    return [
        {"content": post.request["content"].split("\n")}
        | {"components": post.request.get("components", [])}
        for post in server.world.posts
    ]


async def test_the_root_of_a_case_is_rendered_as_kept(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    await adapter.deliver(case_root(channel, ROOT))
    check(GOLDEN, "root", sent(server))


@pytest.mark.parametrize("name", sorted(TO_CUSTOMER))
async def test_a_line_to_a_customer_is_rendered_as_kept_and_pings_nobody(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder, name: str
) -> None:
    server.world.tell(7, "hello")
    message = (await recorder.received()).message
    line = due(message.conversation, TO_CUSTOMER[name], readers=Readers.AUTHOR)
    await adapter.deliver(line)

    assert all(post.request["allowed_mentions"] == {"parse": []} for post in server.world.posts)
    check(GOLDEN, name, sent(server))


@pytest.mark.parametrize("name", sorted(TO_STAFF))
async def test_a_line_to_staff_is_rendered_as_kept(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, name: str
) -> None:
    root = await adapter.deliver(case_root(channel))
    given = dict(TO_STAFF[name])
    await adapter.deliver(in_thread(channel, root, given.pop("markdown"), **given))
    check(GOLDEN, name, sent(server)[1:])


async def test_a_survey_is_a_line_with_buttons(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.world.tell(7, "hello")
    message = (await recorder.received()).message
    buttons = tuple(Button(f"csat_{score}", str(score)) for score in range(1, 6))
    asked = due(message.conversation, "How was it?", readers=Readers.AUTHOR, buttons=buttons)
    await adapter.deliver(asked)
    check(GOLDEN, "survey", sent(server))


def test_every_golden_file_has_its_case() -> None:
    assert not orphans(GOLDEN, {"root", "survey", *TO_CUSTOMER, *TO_STAFF})

"""What stands in case threads and before customers, in the form that Slack shows best."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.messages import Readers
from bot.ports.outbox import CaseButton, FileContent, OutgoingPost
from tests.rendering.golden import check, orphans
from tests.servers.slack import SlackServer
from tests.slack.test_case_posts import BUTTONS, CASES
from tests.slack.test_outgoing import reserved

GOLDEN = Path(__file__).parent / "golden" / "cases"

ROOT = """**Case 7: the customer asks for a person**

- Who: Ann \\*Lee\\* (`discord:42:1001`)
- Where: [`discord:42:7:8`](https://discord.com/channels/42/7/8)
- Language: zh

> 我的订单在哪里？ @everyone <@U1>

**Summary**
- “Order 10293 was promised for Monday.”
- order_number: 10293

**Files**: tent.jpg

Talk here stays inside. To send: **Reply**, a line that begins with `!send `, or `!saved NAME`."""

FROM_DISCORD = """**Customer:** it does *not* work, ~~really~~ __really__ ***not***:

```py
print("*no*")
```
1. I pressed `reset`
2. nothing 😢 :custom_cat:

> you said so
> here: <https://shop.example/help_(a)>

# HEADING? @here <@123456789012345678> **粗体：**后 2 \\* 3 \\_x\\_"""

FROM_SLACK = """**Team:** It left *today*, see [the tracking](https://shop.example/t?a=1&b=2).

- bring `10293`
    - or ask @\u2060channel

Bye 👋🏼"""

POSTS: dict[str, tuple[OutgoingPost, tuple[FileContent, ...]]] = {
    "root": (
        OutgoingPost(CASES, ROOT, "c", kind="thread", case=7, case_buttons=BUTTONS),
        (FileContent("tent.jpg", "image/jpeg", b"x"),),
    ),
    "customers_line_from_discord": (OutgoingPost(CASES, FROM_DISCORD, "c", case=7), ()),
    "line_to_a_customer": (OutgoingPost("slack:A1:D7", FROM_SLACK, "c", "slack:T1:U1"), ()),
    "line_that_failed": (
        OutgoingPost(
            CASES,
            "⚠ Not sent: the channel on Slack is archived (is_archived)",
            "c",
            case=7,
            case_buttons=(CaseButton("retry", 7, "Retry", "31"),),
        ),
        (),
    ),
}


@pytest.mark.parametrize("name", sorted(POSTS))
async def test_post_is_rendered_as_kept(
    slack: SlackServer, adapter: SlackAdapter, name: str
) -> None:
    post, files = POSTS[name]
    inside = replace(post, readers=Readers.STAFF) if post.case else post
    at = datetime(2026, 11, 1, tzinfo=UTC)  # part of what posts are known by
    await adapter.deliver(replace(reserved(CASES), post=inside, contents=files, queued_at=at))
    made = slack.workspace.posts
    assert not any(each.pings for each in made)
    check(
        GOLDEN,
        name,
        [
            {"text": each.text, "blocks": each.blocks, "files": [f["name"] for f in each.files]}
            for each in made
        ],
    )


def test_every_golden_file_has_its_post() -> None:
    assert not orphans(GOLDEN, set(POSTS))

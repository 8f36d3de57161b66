"""Every construct of Markdown in the form that Slack shows best, as kept in golden files."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.slack.adapter import SlackAdapter
from bot.messages import Button, Cite, Offer, Part, Say, Source
from tests.rendering.golden import CONSTRUCTS, check, orphans
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder, answer, ask

GOLDEN = Path(__file__).parent / "golden"
SOURCES = Cite((Source("Returns [EU]", "https://shop.example/returns"), Source("Handbook")))
BUTTONS = Offer((Button("b_1", "Track my order"), Button("b_2", "Something else")))
REPLIES: dict[str, tuple[Part, ...]] = {
    **{name: (Say(markdown),) for name, markdown in CONSTRUCTS.items()},
    "sources": (Say("Within 30 days."), SOURCES),
    "buttons": (Say("Which one?"), BUTTONS),
    "table_with_sources_and_buttons": (Say(CONSTRUCTS["table"]), SOURCES, BUTTONS),
}


@pytest.mark.parametrize("name", sorted(REPLIES))
async def test_construct_is_rendered_as_kept(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, name: str
) -> None:
    await answer(adapter, await ask(slack, recorder, channel="D7"), *REPLIES[name])
    posts = slack.workspace.posts
    assert all(post.text.strip() for post in posts)  # what notifications and screen readers have
    assert not any(post.pings for post in posts)
    check(GOLDEN, name, [{"text": post.text, "blocks": post.blocks} for post in posts])


def test_every_golden_file_has_its_construct() -> None:
    assert not orphans(GOLDEN, set(REPLIES))


async def test_long_answer_is_cut_between_paragraphs_with_whole_fences(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    code = "~~~python\n" + "value = 1\n" * 300 + "~~~"
    paragraphs = "\n\n".join(["Read this paragraph with care. " * 60] * 6)
    await answer(adapter, await ask(slack, recorder), Say(f"{paragraphs}\n\n{code}"))
    posts = slack.workspace.posts
    assert len(posts) > 1
    assert all(post.markdown.count("```") % 2 == 0 for post in posts)
    assert all(post.markdown.endswith(("care.", "```")) for post in posts)
    assert all(post.text.strip() for post in posts)

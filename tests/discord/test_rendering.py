"""Every construct of Markdown in the form that Discord shows best, as kept in golden files."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Button, Cite, Offer, Part, Say, Source
from tests.discord.desk import Recorder, answer
from tests.rendering.golden import CONSTRUCTS, check, orphans
from tests.servers.discord import DiscordServer

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
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder, name: str
) -> None:
    server.world.tell(7, "hello")
    await answer(adapter, await recorder.received(), *REPLIES[name])
    requests = [post.request for post in server.world.posts]
    assert all(each["allowed_mentions"] == {"parse": []} for each in requests)
    check(
        GOLDEN,
        name,
        [
            {"content": each["content"].split("\n"), "components": each.get("components", [])}
            for each in requests
        ],
    )


def test_every_golden_file_has_its_construct() -> None:
    assert not orphans(GOLDEN, set(REPLIES))


async def test_long_answer_is_cut_between_paragraphs_with_whole_fences(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.world.tell(7, "hello")
    code = "~~~python\n" + "value = 1\n" * 100 + "~~~"
    paragraphs = "\n\n".join(["Read this paragraph with care. " * 20] * 4)
    await answer(adapter, await recorder.received(), f"{paragraphs}\n\n{code}")
    texts = [post.message["content"] for post in server.world.posts]
    assert len(texts) > 1
    assert all(text.count("```") % 2 == 0 for text in texts)
    assert all(text.endswith(("care.", "```")) for text in texts)

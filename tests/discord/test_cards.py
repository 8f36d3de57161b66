"""Products on Discord: embeds with a picture, and what it shows in words."""

from __future__ import annotations

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Button, Card, Offer, Say
from tests.discord.desk import Recorder, answer
from tests.servers.discord import DiscordServer

CARD = Card(
    "Squall", "€139.00 · waterproof", "https://example.com/p", "https://example.com/i.jpg", "Blue"
)


async def test_products_are_embeds_with_picture_and_link(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.world.tell(7, "hello")
    said = (Say("These fit:\n\n"), Say(CARD.markdown, cards=(CARD, Card("Plain", "€5"))))
    buttons = Offer((Button("b_1", "Why Squall?"),))
    await answer(adapter, await recorder.received(), *said, buttons)
    request = server.world.posts[-1].request
    assert request["content"] == "These fit:"
    squall, plain = request["embeds"]
    assert squall["title"] == "Squall"
    assert squall["url"] == "https://example.com/p"
    assert squall["description"] == "€139.00 · waterproof"
    assert squall["thumbnail"]["url"] == "https://example.com/i.jpg"
    assert squall["footer"]["text"] == "🖼 Blue"
    assert "thumbnail" not in plain
    assert "footer" not in plain
    assert not int(request.get("flags", 0)) & 4  # SUPPRESS_EMBEDS
    assert request["components"]


async def test_ten_products_with_all_that_can_be_said_of_them_are_taken(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    long = Card("T" * 300, "x" * 900, "https://example.com/p", "https://example.com/i", "a" * 900)
    server.world.tell(7, "hello")
    said = (Say("These fit:\n\n"), Say(long.markdown, cards=(long,) * 10))
    await answer(adapter, await recorder.received(), *said)
    embeds = server.world.posts[-1].request["embeds"]
    texts = [(each["title"], each["description"], each["footer"]["text"]) for each in embeds]
    assert len(embeds) == 10
    assert sum(len(text) for each in texts for text in each) <= 6_000

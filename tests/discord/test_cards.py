"""Products on Discord: embeds with a picture."""

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
    assert "thumbnail" not in plain
    assert not int(request.get("flags", 0)) & 4  # SUPPRESS_EMBEDS
    assert request["components"]

"""Products on Slack: sections with a picture, and what it shows in words."""

from __future__ import annotations

from adapters.slack.adapter import SlackAdapter
from bot.messages import Button, Card, Offer, Say
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder, answer, ask

CARD = Card(
    "Squall <!channel>",
    "€139.00 · waterproof\nA light **rain** shell.",
    "https://example.com/p/squall",
    "https://example.com/i/squall.jpg",
    "Blue rain jacket",
)


async def test_products_are_sections_with_picture_and_alt_text(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter
) -> None:
    said = (Say("These fit:\n\n"), Say(CARD.markdown, cards=(CARD, Card("Plain", "€5"))))
    buttons = Offer((Button("b_1", "Why Squall?"),))
    await answer(adapter, await ask(slack, recorder, channel="D7"), *said, buttons)
    (post,) = slack.workspace.posts
    text, squall, plain, actions = post.blocks
    assert text == {"type": "markdown", "text": "These fit:"}
    assert squall["accessory"] == {
        "type": "image",
        "image_url": CARD.picture,
        "alt_text": "Blue rain jacket",
    }
    assert squall["text"]["text"].startswith("*<https://example.com/p/squall|Squall ")
    assert "A light rain shell." in squall["text"]["text"]
    assert "accessory" not in plain
    assert actions["type"] == "actions"
    assert "Plain" in post.text
    assert not post.pings

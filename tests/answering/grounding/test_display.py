"""What a model writes can neither ping, nor link elsewhere, nor make a platform act."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.grounding.sanitise import DisplayRules, links_in, sanitise
from bot.ports import PlatformRules

KNOWN = links_in("Go to example.com/returns or https://shop.test/help, mail help@example.com.")


@pytest.mark.parametrize(
    "ping",
    [
        "@everyone", "@here", "@channel", "<!channel>", "<!here|here>", "<!subteam^S1|@staff>",
        "<@U123>", "<@!123>", "<@&456>", "<#C1>", "&lt;!channel&gt;", "&amp;lt;@U1&amp;gt;",
        "@\u200beveryone", "＠everyone", "<\u200b!channel>", "@@here", "<@U1|ann>", "</deploy:1>",
        "<:party:1>", "<t:1700000000:R>", "<b>bold</b>", "<script>x</script>",
    ],
)  # fmt: skip
def test_pings_and_markup_lose_what_makes_them_work(ping: str) -> None:
    text = sanitise(f"Hello {ping} all", KNOWN).text
    assert not re.search(r"[<@]", text)


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.test/x", "evil.test", "[click](https://evil.test)", "<https://evil.test|ok>",
        "[example.com/returns](https://evil.test)", "javascript:alert(1)", "[x](javascript:alert)",
        "![x](https://evil.test/p.png)", "//evil.test", "www.evil.test", "example.com.evil.test",
        "exаmple.com/returns", "data:text/html,x", "evil[.]test", "evil(dot)test", "ann@evil.test",
        "https://example.com@evil.test/returns", "example.com/returns/../../x", "example.com",
        "[x][1]", "[1]: https://evil.test", "HTTPS://EVIL.TEST", "mailto:x@evil.test",
        "evil。com/x", "discord.gg/abc", "slack://open", "tel:+49123",
    ],
)  # fmt: skip
def test_links_that_are_not_in_the_knowledge_are_refused(link: str) -> None:
    assert sanitise(f"Look at {link} now", KNOWN).wrong


@pytest.mark.parametrize(
    "text",
    [
        "Go to example.com/returns.", "Go to https://example.com/returns", "Mail help@example.com!",
        "See [the page](https://shop.test/help).", "<https://shop.test/help>", "It is 5 < 6 kg.",
        "It takes 1.5 hours, e.g. on Monday.", "**Free** for *all*: yes.",
    ],
)  # fmt: skip
def test_what_the_knowledge_holds_may_be_shown(text: str) -> None:
    assert not sanitise(text, KNOWN).wrong


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("You can ~~not~~ return it.", "You can not return it."),
        ("You can ~not~ return it.", "You can not return it."),
        ("~~~\nIt is free.", "\nIt is free."),
        ("```\nIt is free.", "\nIt is free."),
        ("It is ~5 cm long, ~2 cm wide.", "It is ~5 cm long, ~2 cm wide."),
    ],
)
def test_nothing_is_struck_out_or_fenced(text: str, shown: str) -> None:
    assert sanitise(text, KNOWN).text == shown


@given(st.text(st.sampled_from("@<>!#|`[](){}:/.&;ltgeverychanlhU1 \n\u200b\\")))
def test_no_text_keeps_an_angle_or_a_mention(text: str) -> None:
    shown = sanitise(text, KNOWN).text
    assert "<" not in shown
    assert not re.search(r"(?<![\w.+-])@\w", shown)


def test_what_a_platform_acts_on_is_taken_away_as_its_adapter_says() -> None:
    pager = PlatformRules("Pager", schemes=frozenset({"page"}), pings=frozenset({"oncall"}))
    display = DisplayRules([pager])
    assert sanitise("write to me@oncall please", KNOWN).text == "write to me@oncall please"
    assert sanitise("write to me@oncall please", KNOWN, display).text == "write to meoncall please"
    assert not sanitise("open page:1 now", KNOWN).wrong
    assert sanitise("open page:1 now", KNOWN, display).wrong

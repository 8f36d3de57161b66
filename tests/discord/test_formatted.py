"""What people write on Discord is told as Markdown that reads well elsewhere, and pings nobody."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.formatted import clean_name, formatted
from tests.discord.desk import Recorder
from tests.discord.test_content import forward
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT

NAMES = {7: "@Ada", 8: clean_name("@", "everyone"), 9: "", 20: "#help", 30: "@Agents"}
_CODE = re.compile(r"```[\s\S]*?```|``.*?``|`[^`\n]*`")
_RAW = re.compile(r"<(?:@[!&]?|#)\d{1,20}>|<a?:\w{1,40}:\d{1,20}>|<t:\d{1,13}(?::[tTdDfFR])?>")
_PING = re.compile(r"(?<![\w\uff20])@(?:everyone|here)", re.IGNORECASE)

PIECES = st.sampled_from(
    [
        "@everyone",
        "@here",
        "@",
        "<@7>",
        "<@!8>",
        "<@9>",
        "<@99>",
        "<#20>",
        "<@&30>",
        "<:tent:5>",
        "<a:wave:6>",
        "<t:1618953630>",
        "<t:1618953630:R>",
        "<t:99999999999999:F>",
        "</order:12>",
        "<id:browse>",
        "||",
        "|",
        "`",
        "``",
        "```",
        "\n",
        "\n>>> ",
        "-# ",
        "\\",
        "**bold**",
        "[link](https://example.org)",
        "everyone",
        " ",
        "订单",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<@7> and <@&30> in <#20>", "@Ada and @Agents in #help"),
        ("ask <@99> in <#98>", "ask @unknown in #unknown"),
        ("@everyone, @here: sale", "everyone, here: sale"),
        ("write to me@here.com", "write to me@here.com"),
        ("<@8>, look", "everyone, look"),
        ("so <:tent:5><a:wave:6>", "so :tent::wave:"),
        ("||it is **sold**||", "(spoiler: it is **sold**)"),
        ("until <t:1618953630:t>", "until 21:20 UTC"),
        ("until <t:1618953630:F>", "until Tuesday, 20 April 2021 21:20 UTC"),
        ("until <t:1618953630:R>", "until 20 April 2021 21:20 UTC"),
        ("until <t:9999999999999>", "until <t:9999999999999>"),
        ("use </order status:12>", "use /order status"),
        ("see <id:browse>", "see browse"),
        ("`<@7> @everyone ||x||`", "`<@7> @everyone ||x||`"),
        ("```py\n@here <@7>\n```", "```py\n@here <@7>\n```"),
        ("-# small", "small"),
        ("hm\n>>> one\ntwo", "hm\n> one\n> two"),
        (
            "> quoted\n\n# Heading\n- [a](https://a.org)",
            "> quoted\n\n# Heading\n- [a](https://a.org)",
        ),
        ("<https://example.org> **a** _b_ ~~c~~", "<https://example.org> **a** _b_ ~~c~~"),
    ],
)
def test_what_only_discord_knows_is_put_in_words(written: str, shown: str) -> None:
    assert formatted(written, NAMES) == shown


@given(TEXTS)
def test_nobody_is_pinged_and_nothing_raw_is_left(written: str) -> None:
    shown = formatted(written, NAMES)
    if "`" not in written:
        assert not _RAW.search(shown)
        assert not _PING.search(shown)


@given(st.text(alphabet=st.characters(exclude_characters="<@|-#>`\\"), max_size=200))
def test_plain_text_stays_to_the_letter(written: str) -> None:
    assert formatted(written, NAMES) == written


@given(st.text(alphabet=st.characters(exclude_characters="`"), min_size=1, max_size=60))
def test_code_stays_to_the_letter(code: str) -> None:
    block = f"```\n{code}\n```"
    assert block in formatted(f"@here\n{block}\n<@7>", NAMES)


@given(st.text(max_size=40))
def test_a_name_can_neither_ping_nor_mention(name: str) -> None:
    shown = formatted("<@7> says so", {7: clean_name("@", name)})
    assert not _PING.search(shown)
    assert not _RAW.search(shown)


async def test_a_message_is_told_in_both_forms(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    server.world.user(8, "ada_l")
    text = f"<@{BOT}> !send ask <@8> <:tent:5>"
    server.world.say(channel, 7, text, more=forward("||12|| @here", channel, 1))
    message = (await recorder.received()).message

    assert message.text == "!send ask @Ada_L <:tent:5>\n\n||12|| @here"
    assert message.formatted == "!send ask @Ada\\_L :tent:\n\n(spoiler: 12) here"


async def test_a_message_that_reads_the_same_has_no_second_form(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.world.tell(7, "where is **my** parcel?")
    assert (await recorder.received()).message.formatted == ""

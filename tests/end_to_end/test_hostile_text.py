"""A model that writes what platforms act on: nobody is pinged, nothing foreign is linked.

Judged by the bytes that the platforms' servers received.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from adapters.slack import plugin
from bot.config.schema import Config, load_config
from bot.publishing.train import train_everything
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import INTENTS, own_words, serving, until
from tests.servers.discord import DiscordServer
from tests.servers.openai import openai_server
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

TRUE = "A tent for two costs 9 euro a day to rent."
SHOWN = "A tent for two costs 9 euro a day"

HOSTILE = {
    "pings": (
        "@everyone", "@here", "@channel", "<!channel>", "<!here|here>", "<!everyone>", "<@U123>",
        "<@U123|ann>", "<@!123>", "<@&456>", "<#C1>", "<#123>", "<!subteam^S1|@staff>",
        "&lt;!channel&gt;", "@\u200beveryone", "＠everyone", r"\<!channel>", "[all](<!channel>)",
        "`<!channel>`", "```\n@everyone <@U123>\n```", "</deploy:123>",
    ),
    "links": (
        "https://evil.example/x", "evil.example", "www.evil.example", "<https://evil.example|ok>",
        "[click](https://evil.example)", "[shop.example/rent](https://evil.example)",
        "[ref][1]\n\n[1]: https://evil.example", "![p](https://evil.example/p.png)",
        "discord.gg/evil", "https://discord.com/invite/evil", "evil[.]example", "ann@evil.example",
        "javascript:alert('evil')", "slack://evil", "data:text/html,evil", "evil。example/x",
        "https://shop.example/rent?next=evil", "https://shop.example@evil.example/",
    ),
    "markup": (
        "# HEADING", "-# small print", "> quoted", "||spoiler||", "<t:1700000000:R>",
        "<!date^1392734382^{date}|evil>", "<:party:123>", "<a:party:123>", "<id:customize>",
        "```sh\nrm -rf evil\n```", "<b>bold</b>", "<script>evil()</script>", "/deploy evil",
        ":rotating_light:", "***", "~~struck~~", "~~~\nevil\n~~~",
        "| a | b |\n| - | - |\n| evil | evil |",
    ),
}  # fmt: skip

ARTICLE = """\
---
url: https://shop.example/rent
---
# Tent rental

## Price

A tent for two costs 9 euro a day to rent, a tent for four 14 euro. More at
https://shop.example/rent.
"""
BOARD = """\
# Lost property

## Lost umbrellas

Umbrellas that were lost wait at the desk. @everyone <!channel> <@U123> <@123> <@&456> <#C1>
"""
ACTED_ON = re.compile(
    r"<[@#!/:]|<a?:\w|<t:|<id:|@(?:everyone|here|channel)\b|\|\||^#|```|~~", re.MULTILINE
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("desk")
    knowledge = folder / "intents" / "knowledge"
    knowledge.mkdir(parents=True)
    (folder / "intents" / "shop.yaml").write_text(INTENTS)
    (knowledge / "rental.md").write_text(ARTICLE)
    (knowledge / "board.md").write_text(BOARD)
    (folder / "config.yaml").write_text("intents: intents\nmodel: model\n")
    config = load_config(folder / "config.yaml", {})
    train_everything(config)
    return config.model_copy(
        update={"responder": config.responder.model_copy(update={"introduction": False})}
    )


def with_gpt(config: Config, url: str) -> Config:
    return config.model_copy(update={"gpt": own_words(url, timeout=20.0)})


def question(number: int) -> str:
    return f"what does it cost to rent a tent for two for {number + 2} days"


@pytest.mark.parametrize("kind", HOSTILE)
async def test_slack_receives_nothing_that_acts(desk: Config, tmp_path: Path, kind: str) -> None:
    async with openai_server() as gpt, SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(with_gpt(desk, gpt.url), tmp_path, adapter):
            await until(lambda: slack.sockets.sockets)
            for number, text in enumerate(HOSTILE[kind]):
                gpt.answer = f"{TRUE} {text}\n\n{text} {TRUE}\n{text}"
                slack.say(question(number), channel=f"D{number}")
                await until(lambda n=number: len(slack.workspace.posts) == n + 1)  # type: ignore[misc]
        assert len(gpt.requests) == len(HOSTILE[kind])
        for post in slack.workspace.posts:
            assert SHOWN in post.markdown
            assert post.pings == []
            assert not ACTED_ON.search(post.markdown), post.markdown
            assert post.arguments["parse"] == "none"
            assert post.arguments["link_names"] in (False, "false", 0, "0")
            assert post.arguments["unfurl_links"] is post.arguments["unfurl_media"] is False
        assert "evil" not in json.dumps(slack.api.calls, ensure_ascii=False)


@pytest.mark.parametrize("kind", HOSTILE)
async def test_discord_receives_nothing_that_acts(desk: Config, tmp_path: Path, kind: str) -> None:
    async with openai_server() as gpt, DiscordServer() as discord:
        async with serving(with_gpt(desk, gpt.url), tmp_path, adapter_of(discord)):
            await discord.gateway.until(identified=1)
            for number, text in enumerate(HOSTILE[kind]):
                gpt.answer = f"{TRUE} {text}\n\n{text} {TRUE}\n{text}"
                discord.world.tell(100 + number, question(number))
                await until(lambda n=number: len(discord.world.posts) == n + 1)  # type: ignore[misc]
        assert len(gpt.requests) == len(HOSTILE[kind])
        for post in discord.world.posts:
            assert SHOWN in post.request["content"]
            assert not ACTED_ON.search(post.request["content"]), post.request["content"]
            assert post.request["allowed_mentions"] == {"parse": []}
            assert post.request["flags"] & 1 << 2  # no previews
            assert "evil" not in json.dumps(post.request, ensure_ascii=False)


async def test_what_an_article_says_to_everyone_pings_nobody(desk: Config, tmp_path: Path) -> None:
    asked = "where do lost umbrellas wait?"
    async with SlackServer() as slack, DiscordServer() as discord:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(desk, tmp_path, adapter, adapter_of(discord)):
            await until(lambda: slack.sockets.sockets)
            await discord.gateway.until(identified=1)
            slack.say(asked)
            discord.world.tell(100, asked)
            await until(lambda: slack.workspace.posts and discord.world.posts)
        assert "wait at the desk" in slack.workspace.posts[0].markdown
        assert slack.workspace.posts[0].pings == []
        assert "wait at the desk" in discord.world.posts[0].request["content"]
        assert discord.world.posts[0].request["allowed_mentions"] == {"parse": []}

"""A whole desk: intents from YAML, a trained model, the service, platforms on loopback ports."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from adapters.slack import plugin
from bot.app.build import open_service
from bot.config.schema import Config, GptConfig, ServeConfig, StaffConfig, load_config
from bot.config.staff import MembersConfig
from bot.ports import Adapter
from bot.publishing.train import train_everything
from tests.made_once import made_once
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

INTENTS = """\
version: 1
intents:
  - name: order_status
    title: Track an order
    examples:
      - where is my order
      - has parcel 10293 shipped yet
      - track my package please
      - when will my order arrive
      - order status 55120
    reply: Look under *My orders*.
    suggestions: [return_item]
  - name: return_item
    title: Return something
    examples:
      - I want to return these boots
      - how do I send this back
      - can I return a jacket
      - return my purchase
      - sending an item back
    reply: Send it back within 60 days.
out_of_scope:
  - what is the capital of France
  - tell me a joke
"""

ARTICLE = """\
# Tent rental

## Price

A tent for two costs 9 euro a day to rent, a tent for four 14 euro.
"""


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A desk that knows two intents and one article, trained once."""
    return load_config(made_once(tmp_path_factory, "desk", make_desk) / "config.yaml", {})


def make_desk(folder: Path) -> None:
    """Write and train a desk that knows two intents and one article."""
    (folder / "intents" / "knowledge").mkdir(parents=True)
    (folder / "intents" / "shop.yaml").write_text(INTENTS)
    (folder / "intents" / "knowledge" / "rental.md").write_text(ARTICLE)
    path = folder / "config.yaml"
    path.write_text("intents: intents\nmodel: model\nresponder: {introduction: false}\n")
    train_everything(load_config(path, {}))


@asynccontextmanager
async def serving(
    config: Config, folder: Path, *adapters: Adapter, public: bool = False
) -> AsyncIterator[None]:
    """Run the service over a database of its own; wind it down at the end."""
    database = f"sqlite:///{folder / 'desk.db'}"
    async with open_service(
        config, {}, adapters=adapters, database_url=database, public=public
    ) as service:
        running = asyncio.create_task(service.run())
        try:
            yield
        finally:
            service.stop()
            with suppress(asyncio.CancelledError):
                await running


@asynccontextmanager
async def staffed(
    trained: Config,
    folder: Path,
    slack: SlackServer,
    *,
    gpt: GptConfig | None = None,
    shadow: bool = False,
) -> AsyncIterator[None]:
    """Run a public service in Slack whose staff are Boss, in the channel G1."""
    team = MembersConfig(channel="G1", users=frozenset({"UBOSS"}))
    sections = {
        "staff": StaffConfig(members={"slack": team}),
        "gpt": gpt or trained.gpt,
        "serve": ServeConfig(port=0, shadow=shadow),
    }
    adapter = plugin.build(section(slack), environment(slack))
    async with serving(trained.model_copy(update=sections), folder, adapter, public=True):
        await until(lambda: slack.sockets.sockets)
        yield


async def until(condition: Callable[[], object]) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - the condition is about another program
            await asyncio.sleep(0.02)


def once_each(texts: Sequence[str]) -> bool:
    """Tell whether no text comes twice."""
    return len(set(texts)) == len(texts)


def local_gpt_process() -> int:
    """Return the child process of this one that runs a local model."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    (found,) = (
        int(pid)
        for pid in listed
        if b"bot.answering.generation.local.child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    return found


def own_words(url: str, **settings: float) -> GptConfig:
    """Let GPT use its own words by the rules alone, which config refuses: they are tested here."""
    section = GptConfig.model_validate({"base_url": url, **settings})
    return section.model_copy(update={"answers": "rephrase"})

"""What the tests of private text in every place share: a desk with secrets, and who saw what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bot.config.schema import Config, ServeConfig, StaffConfig, load_config
from bot.config.staff import MembersConfig
from bot.ports import Adapter
from bot.publishing.train import train_everything
from bot.storage import Database, open_database
from bot.storage.tables import events, messages
from tests.end_to_end.conftest import INTENTS, own_words, serving

PRIVATE, INTERNAL, AMBIENT = "quokka", "wombat", "numbat"
"""Words that stand in the private reply, in the internal article, and in talk among people."""

GPT_ANSWER = "A tent for two costs 9 euro a day to rent, [EMAIL_1]."
"""Greets by the address that was written, where it may."""

_REPLY = """\
  - name: pickup_code
    examples:
      - what is my pickup code
      - tell me the code for the pickup
      - I need my pickup code
      - pickup code please
      - which code opens the pickup box
    visibility: private
    reply: Your word is {word}.
out_of_scope:
"""
_RENTAL = "# Tent rental\n\n## Price\n\nA tent for two costs 9 euro a day to rent.\n"
_STAFF = (
    "---\naudience: internal\n---\n# Refund limits\n\n## Goodwill refund limit\n\n"
    f"The goodwill refund limit for agents is the {INTERNAL} rate of 40 euro.\n"
)


def questions(user: str) -> dict[str, str]:
    """Return what somebody asks, by what may come of it."""
    return {
        "private": "what is my pickup code",
        "internal": "what is the goodwill refund limit for agents?",
        "restored": f"I am {mail(user)}. What does it cost to rent a tent for two per day?",
        "open": "where is my order",
    }


def mail(user: str) -> str:
    """Return the address of a user."""
    return f"mail.{user.lower()}@example.org"


@dataclass(frozen=True, slots=True)
class Seen:
    """A post, as people see it.

    Attributes:
        reader: The only one who sees it; empty: others do.
        staff: It stands in the staff channel.
    """

    text: str
    reader: str = ""
    staff: bool = False


def leaks(posts: Iterable[Seen], users: Iterable[str], boss: str) -> list[Seen]:
    """Return the posts that somebody sees who may not."""
    people = [*users]
    return [
        post
        for post in posts
        if (PRIVATE in post.text and not post.reader)
        or (INTERNAL in post.text and not post.staff and post.reader != boss)
        or any(mail(user) in post.text and post.reader != user for user in people)
    ]


def with_secrets(folder: Path) -> Config:
    """Train a desk that knows a private reply and an internal article."""
    (folder / "intents" / "knowledge").mkdir(parents=True)
    secret = INTENTS.replace("out_of_scope:\n", _REPLY.replace("{word}", PRIVATE))
    (folder / "intents" / "shop.yaml").write_text(secret)
    (folder / "intents" / "knowledge" / "rental.md").write_text(_RENTAL)
    (folder / "intents" / "knowledge" / "refunds.md").write_text(_STAFF)
    path = folder / "config.yaml"
    path.write_text("intents: intents\nmodel: model\nresponder: {introduction: false}\n")
    config = load_config(path, {})
    train_everything(config)
    return config


@asynccontextmanager
async def desk(
    config: Config, folder: Path, adapter: Adapter, team: MembersConfig, gpt: str
) -> AsyncIterator[None]:
    """Run the service for one platform and its staff."""
    sections = {
        "staff": StaffConfig(members={adapter.name: team}),
        "gpt": own_words(gpt, timeout=20.0),
        "serve": ServeConfig.model_validate({"port": 0, "rate_limit": False}),
    }
    async with serving(config.model_copy(update=sections), folder, adapter, public=True):
        yield


async def handled(folder: Path, number: int) -> None:
    """Wait until so many events have been recorded, and none is waiting."""
    done = (-1, -1)
    async with await open_database(f"sqlite:///{folder / 'desk.db'}") as database:
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                while done[0] < number or done[1]:
                    await asyncio.sleep(0.05)
                    done = await _counted(database)
    assert done >= (number, 0), f"{done[0]} of {number} events were handled, {done[1]} wait"


async def heard(folder: Path) -> str:
    """Return everything that people said and that was stored."""
    said = select(messages.c.text).where(messages.c.role != "bot")
    database = await open_database(f"sqlite:///{folder / 'desk.db'}")
    async with database, database.read() as connection:
        return "\n".join((await connection.scalars(said)).all())


async def _counted(database: Database) -> tuple[int, int]:
    """Return how many events were recorded, and how many wait."""
    done = select(func.count()).select_from(messages).where(messages.c.role != "bot")
    waiting = select(func.count()).select_from(events)
    async with database.read() as connection:
        left = await connection.scalar(waiting)
        return int(await connection.scalar(done) or 0), int(left or 0)

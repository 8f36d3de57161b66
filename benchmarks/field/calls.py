"""Measures what calls a person, end to end at the example shop, and prints what customers read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, select

from benchmarks.field.reading import Entry, Line, entries
from benchmarks.field.shop import LANGUAGES, SHOP, configured
from bot.answering.wording import BotWording
from bot.app.build import open_service
from bot.app.conversation_tests.instance import ScriptedPlatform
from bot.config.hours import HoursConfig
from bot.config.schema import Config, ResponderConfig, StaffConfig
from bot.config.staff import TeamConfig
from bot.conversations.key import ConversationKey
from bot.messages import Author, Message, Readers, Received
from bot.ports import HandoffStatus, ReservedPost
from bot.publishing.bundle import Bundle, load_bundle
from bot.publishing.train import train_everything
from bot.staff.sentences import HandoffSentences
from bot.staff.teams import Teams
from bot.storage import Database, open_database
from bot.storage.tables import cases

PLATFORM = "desk"
KEYWORDS = ("chargeback", "lawyer", "press", "Anwalt", "律师", "recall")


NAMES = {"intent": "asked", "keyword": "keywords"}
"""What the lists call a trigger, where that differs: an intent of the shop asks for a person."""


def triggers(part: str) -> Iterator[Line]:
    """Say every message at the shop with all triggers on; count what calls a person, and why."""
    found = entries(part, "triggers")
    if found:
        yield from measures(found, asyncio.run(_called(found)))


def measures(found: Sequence[Entry], called: Sequence[str]) -> list[Line]:
    """Return the lines that are printed.

    Args:
        found: The entries.
        called: The trigger that opened a case for each; empty: none did.
    """
    pairs = list(zip(found, called, strict=True))
    due = [(each, trigger) for each, trigger in pairs if each["triggers"]]
    idle = [(each, trigger) for each, trigger in pairs if not each["triggers"]]
    missed = tuple(_shown(each, "nobody") for each, trigger in due if not trigger)
    other = [(e, t) for e, t in due if t and not _is_named(e, t)]
    false = tuple(_shown(each, trigger) for each, trigger in idle if trigger)
    return [
        Line("a person is called where one is due", tuple(bool(t) for _, t in due), missed),
        Line(
            "of these, for one of the reasons named",
            tuple(_is_named(e, t) for e, t in due if t),
            tuple(_shown(each, trigger) for each, trigger in other),
        ),
        Line("a person is called where none is due", tuple(bool(t) for _, t in idle), false),
    ]


def _is_named(entry: Entry, trigger: str) -> bool:
    return trigger in entry["triggers"] or NAMES.get(trigger) in entry["triggers"]


def _shown(entry: Entry, trigger: str) -> str:
    due = ", ".join(entry["triggers"]) or "nobody"
    return f"{entry['id']} ({due}; was {trigger}): {entry['say']}"


class _DeskPlatform(ScriptedPlatform):
    """A scripted platform with a channel of cases: whatever is posted there stands at once."""

    def place(self, channel: str) -> ConversationKey:
        return ConversationKey(self.name, "app", channel)

    async def name_of(self, person: str) -> str:  # noqa: ARG002 - the port's
        return ""

    async def deliver(self, reserved: ReservedPost) -> str:
        return reserved.key


async def _called(found: Sequence[Entry]) -> list[str]:
    with TemporaryDirectory() as folder:
        config = configured(Path(folder), SHOP, LANGUAGES)
        await asyncio.to_thread(train_everything, config)
        async with _desk(config, load_bundle(config), folder) as (platform, database):
            return [
                await _trigger(platform, database, each, number)
                for number, each in enumerate(found)
            ]


@asynccontextmanager
async def _desk(
    config: Config, bundle: Bundle, folder: str
) -> AsyncIterator[tuple[_DeskPlatform, Database]]:
    given = {
        "members": {PLATFORM: {"users": ["boss"]}},
        "teams": {"default": {"cases": {PLATFORM: "CASES"}}},
        "triggers": {"ungrounded": True, "frustration": True, "keywords": list(KEYWORDS)},
    }
    config = config.model_copy(update={"staff": StaffConfig.model_validate(given)})
    platform, url = _DeskPlatform(PLATFORM), f"sqlite:///{folder}/desk.db"
    opening = open_service(
        config, {}, adapters=[platform], database_url=url, bundle=bundle, public=True
    )
    async with opening as service, await open_database(url) as database:
        running = asyncio.create_task(service.run())
        try:
            yield platform, database
        finally:
            service.stop()
            await running


async def _trigger(platform: _DeskPlatform, database: Database, entry: Entry, number: int) -> str:
    """Return what opened a case in the conversation of an entry; empty: nothing did."""
    place = f"{PLATFORM}:app:D{number}"
    for at, text in enumerate([*entry.get("before", ()), entry["say"]]):
        message = Message(
            f"{place}:{at}",
            place,
            Author(f"{PLATFORM}:T1:U{number}"),
            text,
            datetime.now(UTC) + timedelta(minutes=at),
            readers=Readers.AUTHOR,
        )
        await platform.send(Received(message))

    def stored(connection: Connection) -> str:
        query = select(cases.c.trigger).where(cases.c.conversation == place)
        return connection.scalar(query.order_by(cases.c.id).limit(1)) or ""

    return await database.query(stored)


def reply_sentences(part: str) -> Iterator[Line]:
    """Print the sentence for every situation beside what is true and false there, for a person."""
    found = entries(part, "reply_sentences")
    shown = tuple(f"{each['id']}: {_beside(each)}" for each in found)
    if found:
        yield Line("sentences to be judged", tuple(True for _ in found), shown)


def _beside(entry: Entry) -> str:
    facts = "; ".join(f"{key} {value}" for key, value in entry["situation"].items())
    true, false = (" | ".join(entry.get(key, ())) for key in ("true", "false"))
    said = sentence(entry)
    return f"{said}\n      situation: {facts}\n      true: {true}\n      false: {false}"


def sentence(entry: Entry) -> str:
    """Return what the customer reads who asks for a person in a situation."""
    given = entry["situation"]
    if given.get("claimed"):
        return "(nothing: a person has the conversation)"
    now = datetime.now(UTC)
    opens = now if given.get("hours") == "open" else _moment(given.get("opens"), now)
    known = given.get("hours") is not None
    title = given.get("team")
    hours = HoursConfig.model_validate({"open": {"daily": "0:00-24:00"}, "zone": "Europe/Berlin"})
    teams = Teams(
        StaffConfig(teams={"default": TeamConfig(title=title, hours=hours if known else None)})
    )
    wording = BotWording(ResponderConfig(contact="help@shop.example"), "en")
    told = given.get("desk", "up") == "up"
    status = HandoffStatus(told, "default" if told else "", opens if known and told else None)
    return HandoffSentences(wording, teams).said(status, "asked", entry["language"], now)


def _moment(written: object, now: datetime) -> datetime:
    """Return the moment that an entry names; tomorrow at nine where it names none."""
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        moment = (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""An installation of 0.1 (tests/data/upgrade_0_1) under the code of today, on either database."""

from __future__ import annotations

import asyncio
import gzip
import tarfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, MetaData, make_url, select, update
from sqlalchemy.ext.asyncio import create_async_engine

from bot.app.build import open_service
from bot.config.schema import Config, load_config
from bot.messages import Author, Event, Message, Pressed, Received
from bot.ports import Accept
from bot.storage.buttons import button_id
from tests.databases import BACKENDS, SERVER, postgres_schema
from tests.delivery.platform import ListAdapter
from tests.delivery.test_from_0_1 import DRIVERS
from tests.end_to_end.conftest import until

FOLDER = Path(__file__).parents[1] / "data" / "upgrade_0_1"
IN_FLIGHT = "slack:A1:D1:170000002.000100"
BUTTON = button_id("slack:A1:D1:170000001.000100", 0)
MOVES_ON = {"events", "alembic_version"}
"""Tables whose rows of 0.1 leave: what was in flight is answered, the schema is upgraded."""

Keys = dict[str, set[tuple[object, ...]]]


class Slack(ListAdapter):
    """Hands some events in, and collects what is posted."""

    name = "slack"

    def __init__(self, *events: Event) -> None:
        super().__init__()
        self._events = events
        self._closed = asyncio.Event()

    async def run(self, accept: Accept) -> None:
        for event in self._events:
            await accept(event)
        await self._closed.wait()

    async def close(self) -> None:
        self._closed.set()


@pytest.fixture(params=BACKENDS)
async def installation(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Config]:
    """What 0.1 left behind; its buttons were posted today."""
    with tarfile.open(FOLDER / "installation.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    config = load_config(tmp_path / "config.yaml", {})
    if request.param == "sqlite":
        await _offer_today(config.database)
        yield config
        return
    async with postgres_schema() as url:
        await _restore(url)
        await _offer_today(url)
        yield config.model_copy(update={"database": url})


async def test_what_was_in_flight_is_answered_once_and_no_row_is_lost(
    installation: Config,
) -> None:
    before = await _keys(installation.database)
    assert all(before[table] for table in before if not table.startswith("procrastinate"))
    slack = Slack()
    async with _serving(installation, slack):
        await until(lambda: slack.posts)
    again = Slack(_message("late", "where is my order"))
    async with _serving(installation, again):
        await until(lambda: again.posts)

    assert slack.posts == [(IN_FLIGHT, "Send it back within 60 days (Slack).")]
    assert [event for event, _ in again.posts] == ["slack:A1:D1:late"]
    after = await _keys(installation.database)
    lost = {table: keys - after.get(table, set()) for table, keys in before.items()}
    assert {table: keys for table, keys in lost.items() if keys and _stays(table)} == {}
    assert after["events"] == set()


async def test_a_button_that_0_1_posted_works_and_its_model_serves(installation: Config) -> None:
    press = Pressed(_message("press", "Return something").message, BUTTON)
    slack = Slack(press, _message("next", "where is my order"))
    async with _serving(installation, slack):
        await until(lambda: len(slack.posts) == 3)

    said = dict(slack.posts)
    assert said["slack:A1:D1:press"] == "Send it back within 60 days (Slack)."
    assert said["slack:A1:D1:next"] == "Look under *My orders*."


async def test_a_message_that_0_1_took_in_is_known_when_it_comes_again(
    installation: Config,
) -> None:
    known = Message(
        "slack:A1:D1:170000000.000100", "slack:A1:D1", Author("slack:T1:U1"), "hi", _now()
    )
    slack = Slack(Received(known), _message("next", "where is my order"))
    async with _serving(installation, slack):
        await until(lambda: len(slack.posts) == 2)
    assert [event for event, _ in slack.posts] == [IN_FLIGHT, "slack:A1:D1:next"]


def test_the_config_of_0_1_names_its_staff(tmp_path: Path) -> None:
    with tarfile.open(FOLDER / "installation.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    config = load_config(tmp_path / "config.yaml", {})
    assert config.staff.members["slack"].channel == "C0STAFF"
    assert [warning.key for warning in config.warnings] == ["desk.staff"]


@asynccontextmanager
async def _serving(config: Config, slack: Slack) -> AsyncIterator[None]:
    async with open_service(config, {}, adapters=[slack], public=True) as service:
        running = asyncio.create_task(service.run())
        try:
            yield
        finally:
            service.stop()
            with suppress(asyncio.CancelledError):
                await running


def _message(name: str, text: str) -> Received:
    author = Author("slack:T1:U1", "Ann", "en")
    return Received(Message(f"slack:A1:D1:{name}", "slack:A1:D1", author, text, _now()))


def _now() -> datetime:
    return datetime.now(UTC)


def _stays(table: str) -> bool:
    return table not in MOVES_ON and not table.startswith("procrastinate")


async def _restore(url: str) -> None:
    """Put the dump into a schema of its own."""
    schema = str(make_url(url).query["options"]).removeprefix("-csearch_path=")
    dump = gzip.decompress((FOLDER / "postgresql.sql.gz").read_bytes()).decode()
    dump = dump.replace("CREATE SCHEMA frontdesk_0_1;", "").replace("frontdesk_0_1", schema)
    connection = await psycopg.AsyncConnection.connect(SERVER, autocommit=True)
    async with connection:
        await connection.execute(dump.encode())


async def _offer_today(url: str) -> None:
    def offer(connection: Connection) -> None:
        choices = _tables(connection).tables["choices"]
        connection.execute(update(choices).values(offered_at=_now()))

    await _run(url, offer)


async def _keys(url: str) -> Keys:
    """Return the primary keys of every table."""
    found: Keys = {}

    def collect(connection: Connection) -> None:
        for table in _tables(connection).sorted_tables:
            rows = connection.execute(select(*(table.primary_key.columns or table.columns)))
            found[table.name] = {tuple(row) for row in rows}

    await _run(url, collect)
    return found


def _tables(connection: Connection) -> MetaData:
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata


async def _run(url: str, work: Callable[[Connection], None]) -> None:
    parsed = make_url(url)
    engine = create_async_engine(parsed.set(drivername=DRIVERS[parsed.drivername]))
    async with engine.begin() as connection:
        await connection.run_sync(work)
    await engine.dispose()

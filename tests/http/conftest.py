"""A desk with an inbox on SQLite, and its HTTP port on a loopback address of its own."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from adapters.http import serve_operations
from adapters.http.limits import USUAL, PortLimits
from bot.clock import SystemClock
from bot.config.schema import ServeConfig
from bot.delivery import open_inbox, open_outbox
from bot.operations import Model, StatusReporter
from bot.ports import Adapter, Clock, Inbox, Outbox
from bot.storage import Database, open_database
from bot.storage.case_counts import CaseFigures
from bot.storage.probe import WriteProbe

HOST = "127.0.0.1"


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Answer:
    """What came over HTTP."""

    status: int
    text: str
    json: Any


class Port:
    """The HTTP port of a desk."""

    def __init__(self, port: int, session: aiohttp.ClientSession) -> None:
        self.number = port
        self._base = f"http://{HOST}:{port}"
        self._session = session

    async def get(self, path: str) -> Answer:
        async with self._session.get(self._base + path) as response:
            json = await response.json() if "json" in response.content_type else None
            return Answer(response.status, await response.text(), json)

    async def refusal(self, method: str, path: str) -> int:
        async with self._session.request(method, self._base + path) as response:
            return response.status

    async def samples(self) -> dict[str, float]:
        """Return the desk's metrics, by name and labels: `name{label="value"}`."""
        scraped = await self.get("/metrics")
        assert scraped.status == 200
        return {
            _series(sample.name, sample.labels): sample.value
            for family in text_string_to_metric_families(scraped.text)
            for sample in family.samples
        }


@dataclass
class Watched:
    """A desk that operators can look at."""

    database: Database
    inbox: Inbox
    outbox: Outbox
    probe: WriteProbe
    operations: StatusReporter
    port: Port

    async def break_database(self) -> None:
        """Take away what the inbox is kept in."""
        await self.database.write(
            lambda connection: connection.exec_driver_sql("ALTER TABLE events RENAME TO gone")
        )


@asynccontextmanager
async def watched(
    folder: Path,
    adapters: Sequence[Adapter],
    *,
    url: str = "",
    clock: Clock | None = None,
    limits: PortLimits = USUAL,
) -> AsyncIterator[Watched]:
    """Open a desk with its port; on SQLite unless another database is given."""
    config = ServeConfig(host=HOST, port=free_port())
    assert config.port is not None
    url = url or f"sqlite:///{folder / 'desk.db'}"
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(await open_database(url))
        inbox = await stack.enter_async_context(open_inbox(database, SystemClock()))
        outbox = await stack.enter_async_context(open_outbox(database, SystemClock(), inbox))
        probe = WriteProbe(database, clock or SystemClock())
        operations = StatusReporter(
            CollectorRegistry(),
            inbox,
            probe,
            adapters,
            lambda: Model("20260105-4f2a", "9c1e"),
            outbox=outbox,
            cases=CaseFigures(database, SystemClock()),
        )
        await stack.enter_async_context(serve_operations(config, operations, limits=limits))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Watched(database, inbox, outbox, probe, operations, Port(config.port, session))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Watched]:
    async with watched(tmp_path, ()) as desk:
        yield desk


def _series(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    return f"{name}{{{inside}}}" if inside else name

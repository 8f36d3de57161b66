"""The operations port in a network that is not kind: slow, idle, many, malformed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.http.limits import PortLimits
from tests.http.conftest import HOST, Watched, watched

IMPATIENT = PortLimits(connections=8, seconds=0.5)

GARBAGE = {
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
    "a header that is none": b"GET /healthz HTTP/1.1\r\nHost: a\r\nbroken\x00 header\r\n\r\n",
    "a version that is none": b"GET /healthz HTTP/nine\r\n\r\n",
    "an endless line": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    "too many headers": b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 400 + b"\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "escape sequences": b"\x1b]0;title\x07 \x1b[2J HTTP/1.1\r\n\r\n",
}


@pytest.fixture
async def impatient(tmp_path: Path) -> AsyncIterator[Watched]:
    async with watched(tmp_path, (), limits=IMPATIENT) as desk:
        yield desk


@asynccontextmanager
async def connected(
    desk: Watched,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(HOST, desk.port.number)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def test_a_connection_that_asks_nothing_is_closed(impatient: Watched) -> None:
    async with connected(impatient) as (reader, _):
        assert await reader.read() == b""


async def test_headers_that_trickle_in_are_not_waited_for(impatient: Watched) -> None:
    async with connected(impatient) as (reader, writer):
        closed = asyncio.ensure_future(reader.read())
        writer.write(b"GET /healthz HTTP/1.1\r\n")
        while not closed.done():
            writer.write(b"X: y\r\n")
            await asyncio.wait([closed], timeout=0.05)

        assert _ended(closed)


async def test_a_connection_that_was_answered_and_rests_is_closed(impatient: Watched) -> None:
    async with connected(impatient) as (reader, writer):
        for _ in range(2):  # it may ask again meanwhile
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")

        assert await reader.read() == b""


async def test_a_body_that_never_comes_is_not_waited_for(impatient: Watched) -> None:
    async with connected(impatient) as (reader, writer):
        writer.write(b"POST /readyz HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx")

        assert (await reader.read()).startswith(b"HTTP/1.1 405")


async def test_whoever_holds_connections_keeps_no_probe_out(tmp_path: Path) -> None:
    patient = PortLimits(connections=8, seconds=60.0)
    with capture_logs() as logs:
        async with watched(tmp_path, (), limits=patient) as desk:
            held = [
                await asyncio.open_connection(HOST, desk.port.number)
                for _ in range(3 * patient.connections)
            ]
            answer = await desk.port.get("/healthz")
            closed = [asyncio.ensure_future(reader.read(1)) for reader, _ in held]
            await asyncio.wait(closed, timeout=0.5)
            gone = sum(each.done() for each in closed)
            for each, (_, writer) in zip(closed, held, strict=True):
                each.cancel()
                writer.transport.abort()
            await asyncio.gather(*closed, return_exceptions=True)

    assert answer.status == 200
    assert gone == 2 * patient.connections + 1
    assert [line["event"] for line in logs].count("http.too_many_connections") == 1


@pytest.mark.parametrize("sent", GARBAGE.values(), ids=GARBAGE.keys())
async def test_what_is_no_request_is_one_line_in_the_log(
    impatient: Watched, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logs:
        async with connected(impatient) as (reader, writer):
            writer.write(sent)
            said = await reader.read()

    assert said.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    (line,) = [line for line in logs if line["event"] == "http.malformed"]
    assert line == {
        "event": "http.malformed",
        "log_level": "warning",
        "remote": HOST,
        "reason": line["reason"],
    }
    assert line["reason"].isidentifier()
    assert not caplog.records  # no traceback of aiohttp
    assert (await impatient.port.get("/healthz")).status == 200


def _ended(closed: asyncio.Future[bytes]) -> bool:
    """Return whether the other side has closed, politely or not."""
    return isinstance(closed.exception(), ConnectionError) or closed.result() == b""

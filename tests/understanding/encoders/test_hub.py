"""Encoders from the model hub, fetched by the hub's own client from a local server."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CODE = """
import sys
from bot.errors import EncoderUnavailable
from bot.understanding.encoders.source import find_encoder
try:
    source = find_encoder(sys.argv[1])
    print("FOUND", source.id, source.weights_sha256)
except EncoderUnavailable as error:
    print("UNAVAILABLE", error)
"""


class Hub:
    """The part of the hub's HTTP interface that fetching a model uses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests = 0
        self.app = web.Application()
        self.app.router.add_get("/api/models/acme/tiny-bert/revision/{revision}", self.model)
        self.app.router.add_get("/api/models/acme/tiny-bert/tree/{revision}", self.tree)
        self.app.router.add_get("/acme/tiny-bert/resolve/{revision}/{name:.+}", self.file)

    async def model(self, _request: web.Request) -> web.Response:
        self.requests += 1
        names = [{"rfilename": path.name} for path in sorted(self.folder.iterdir())]
        return web.json_response({"id": "acme/tiny-bert", "sha": COMMIT, "siblings": names})

    async def tree(self, _request: web.Request) -> web.Response:
        return web.json_response(
            [
                {"type": "file", "path": path.name, "size": path.stat().st_size, "oid": "0" * 40}
                for path in sorted(self.folder.iterdir())
            ]
        )

    async def file(self, request: web.Request) -> web.Response:
        path = self.folder / request.match_info["name"]
        if not path.is_file():
            return web.json_response({}, status=404, headers={"X-Error-Code": "EntryNotFound"})
        content = path.read_bytes()
        etag = hashlib.sha256(content).hexdigest()
        return web.Response(body=content, headers={"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT})


@pytest.fixture
async def hub(bert: Path) -> AsyncIterator[tuple[Hub, str]]:
    """A hub with one model, and its address."""
    served = Hub(bert)
    async with TestServer(served.app) as server:
        yield served, str(server.make_url("/")).rstrip("/")


async def find(name: str, endpoint: str, home: Path) -> str:
    """Look an encoder up in a process of its own: the client reads the environment once."""
    environment = os.environ | {"HF_ENDPOINT": endpoint, "HF_HOME": str(home)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CODE, name, env=environment, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        output, _ = await process.communicate()
    return output.decode().strip()


async def test_a_hub_id_is_fetched_and_kept_for_when_the_hub_is_away(
    hub: tuple[Hub, str], bert: Path, tmp_path: Path
) -> None:
    served, endpoint = hub
    weights = hashlib.sha256((bert / "model.safetensors").read_bytes()).hexdigest()
    expected = f"FOUND acme/tiny-bert {weights}"

    assert await find("acme/tiny-bert", endpoint, tmp_path) == expected
    assert served.requests > 0

    nowhere = f"http://127.0.0.1:{unused_port()}"
    assert await find("acme/tiny-bert", nowhere, tmp_path) == expected


async def test_a_hub_id_that_does_not_exist_is_a_clear_error(
    hub: tuple[Hub, str], tmp_path: Path
) -> None:
    output = await find("acme/no-such-bert", hub[1], tmp_path)

    assert "classifier.encoder: acme/no-such-bert: cannot be downloaded from the hub" in output
    assert "check the id" in output


async def test_a_hub_out_of_reach_is_a_clear_error(tmp_path: Path) -> None:
    output = await find("acme/tiny-bert", f"http://127.0.0.1:{unused_port()}", tmp_path)

    assert "classifier.encoder: acme/tiny-bert: cannot be downloaded from the hub" in output
    assert "embedded" in output

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

from bot.understanding.encoders.accurate import ACCURATE_HUB_ID, ACCURATE_SHA256

MODELS = ("acme/tiny-bert", ACCURATE_HUB_ID)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
ROOT = Path(__file__).parents[3]
CODE = """
import sys
from pathlib import Path
from bot.errors import EncoderUnavailable
from bot.understanding.encoders import accurate
from bot.understanding.encoders.source import find_encoder
accurate.CHECKOUT = Path("nowhere")  # it may hold the accurate encoder
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
        for model in MODELS:
            self.app.router.add_get(f"/api/models/{model}/revision/{{revision}}", self.model)
            self.app.router.add_get(f"/api/models/{model}/tree/{{revision}}", self.tree)
            self.app.router.add_get(f"/{model}/resolve/{{revision}}/{{name:.+}}", self.file)

    def files(self) -> dict[str, Path]:
        """Return the files by their names on the hub."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path for path in paths}

    async def model(self, request: web.Request) -> web.Response:
        self.requests += 1
        names = [{"rfilename": name} for name in self.files()]
        model = request.path.removeprefix("/api/models/").partition("/revision/")[0]
        return web.json_response({"id": model, "sha": COMMIT, "siblings": names})

    async def tree(self, _request: web.Request) -> web.Response:
        return web.json_response(
            [
                {"type": "file", "path": name, "size": path.stat().st_size, "oid": "0" * 40}
                for name, path in self.files().items()
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
    """A hub with a model under two ids, and its address."""
    served = Hub(bert)
    async with TestServer(served.app) as server:
        yield served, str(server.make_url("/")).rstrip("/")


async def find(name: str, endpoint: str, home: Path) -> str:
    """Look an encoder up in a process of its own: the client reads the environment once."""
    environment = os.environ | {"HF_ENDPOINT": endpoint, "HF_HOME": str(home)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        CODE,
        name,
        cwd=home,
        env={"PYTHONPATH": str(ROOT)} | environment,
        stdout=asyncio.subprocess.PIPE,
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


async def test_the_accurate_encoder_is_fetched_by_its_id_and_verified(
    hub: tuple[Hub, str], bert: Path, tmp_path: Path
) -> None:
    weights = hashlib.sha256((bert / "model.safetensors").read_bytes()).hexdigest()

    output = await find("accurate", hub[1], tmp_path)

    assert hub[0].requests > 0
    assert f"SHA-256 is {weights}, not {ACCURATE_SHA256}" in output
    assert "run `make accurate-encoder`" in output


async def test_without_folder_and_hub_the_accurate_encoder_is_named_with_its_command(
    tmp_path: Path,
) -> None:
    output = await find("accurate", f"http://127.0.0.1:{unused_port()}", tmp_path)

    assert "UNAVAILABLE classifier.encoder: accurate: there is no .frontdesk/encoders/" in output
    assert "run `make accurate-encoder`" in output
    assert "embedded" not in output

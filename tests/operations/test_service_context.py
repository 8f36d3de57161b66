"""A service plugin that somebody installed reaches adapters, storage and publishing."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from bot.app.resources import open_resources
from bot.clock import SystemClock
from bot.config.schema import Config, ServeConfig
from bot.operations.plugins import GROUP
from tests.delivery.platform import ListAdapter

PLUGIN = """\
from contextlib import asynccontextmanager

seen = []


@asynccontextmanager
async def probe(config, operations):
    seen.append(operations.context)
    yield
"""


async def test_a_service_plugin_reaches_adapters_storage_and_publishing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "frontdesk_probe.py").write_text(PLUGIN)
    metadata = tmp_path / "frontdesk_probe-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: frontdesk-probe\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(f"[{GROUP}]\nprobe = frontdesk_probe:probe\n")
    monkeypatch.syspath_prepend(tmp_path)
    adapter = ListAdapter()
    config = Config(
        model=tmp_path / "model",
        database=f"sqlite:///{tmp_path / 'frontdesk.db'}",
        serve=ServeConfig(port=0),
    )
    opening = open_resources(config, SystemClock(), adapters=[adapter], public=True)
    async with opening as resources:
        (context,) = importlib.import_module("frontdesk_probe").seen
        assert context.adapters == {"test": adapter}
        assert context.database is resources.database
        assert context.models.versions() == ()

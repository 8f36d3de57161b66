"""Service plugins are found by entry point, under the current group name and that of 0.1."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.operations.plugins import FORMER_GROUP, GROUP, find_service_plugins


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path, with a module that holds two plugins."""
    (tmp_path / "side_services.py").write_text("def queue(): ...\n\ndef status(): ...\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def _distribution(folder: Path, name: str, entry_points: str) -> None:
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8"
    )
    (metadata / "entry_points.txt").write_text(entry_points, "utf-8")


def _names() -> list[str]:
    return [getattr(plugin, "__name__", "") for plugin in find_service_plugins()]


def test_a_plugin_is_found_by_its_entry_point(install: Path) -> None:
    _distribution(install, "side_one", f"[{GROUP}]\nside_queue = side_services:queue\n")
    with capture_logs() as logs:
        assert "queue" in _names()
    assert "side_queue" not in [line.get("plugin") for line in logs]


def test_the_group_of_version_0_1_is_loaded_with_a_warning(install: Path) -> None:
    _distribution(install, "side_two", f"[{FORMER_GROUP}]\nside_queue = side_services:queue\n")
    with capture_logs() as logs:
        assert "queue" in _names()
    (warning,) = [line for line in logs if line.get("plugin") == "side_queue"]
    assert warning["log_level"] == "warning"
    assert f"rename {FORMER_GROUP} to {GROUP}" in warning["reason"]


def test_a_plugin_in_both_groups_is_opened_once_and_not_warned_about(install: Path) -> None:
    both = (
        f"[{GROUP}]\nside = side_services:status\n\n[{FORMER_GROUP}]\nside = side_services:queue\n"
    )
    _distribution(install, "side_three", both)
    with capture_logs() as logs:
        names = _names()
    assert "status" in names
    assert "queue" not in names
    assert "side" not in [line.get("plugin") for line in logs]

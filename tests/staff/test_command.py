"""`frontdesk pause`, `resume` and `cases`, beside a database in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.storage import open_database
from bot.storage.cases import Cases
from tests.cli.command import Frontdesk
from tests.cli.conftest import environment
from tests.delivery.support import received

__all__ = ["environment"]


@pytest.fixture
async def frontdesk(tmp_path: Path, environment: dict[str, str]) -> Frontdesk:
    async with await open_database(f"sqlite:///{tmp_path}/.frontdesk/frontdesk.db") as database:
        await Cases(database, SystemClock()).open(received(1).message, "stale", "3 hours late")
    return Frontdesk(tmp_path, environment)


def test_pauses_begin_are_listed_and_end(frontdesk: Frontdesk) -> None:
    assert "paused: everywhere" in frontdesk("pause").out
    assert frontdesk("pause", "--channel", "slack:A1:C1", "--json").json()["new"] is True
    listed = frontdesk("pause", "--list", "--json").json()
    assert [pause["place"] for pause in listed] == ["", "slack:A1:C1"]
    assert listed[0]["actor"].startswith("cli:")
    assert frontdesk("resume", "--json").json() == ["", "slack:A1:C1"]
    assert "nothing was paused" in frontdesk("resume").err


@pytest.mark.parametrize("channel", ["C1", "slack:A1:C1:17.2", "slack::C1"])
def test_what_is_no_channel_is_wrong_usage(frontdesk: Frontdesk, channel: str) -> None:
    ran = frontdesk("pause", "--channel", channel)
    assert ran.code == 2
    assert "platform:app:channel" in ran.err


def test_cases_are_listed_and_closed(frontdesk: Frontdesk) -> None:
    assert "3 hours late" in frontdesk("cases").out
    (case,) = frontdesk("cases", "--json").json()
    assert "cases closed: 1" in frontdesk("cases", "--close", str(case["id"])).out
    assert frontdesk("cases", "--json").json() == []
    assert len(frontdesk("cases", "--all", "--json").json()) == 1

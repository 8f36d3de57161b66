"""`frontdesk pause`, `resume` and `cases`, beside a database in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.wording import BotWording
from bot.app.desk import build_desk
from bot.clock import SystemClock
from bot.config.schema import load_config
from bot.staff.desk import Opening
from bot.staff.teams import Teams
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


@pytest.fixture
async def customer(tmp_path: Path, environment: dict[str, str]) -> Frontdesk:
    (tmp_path / "config.yaml").write_text("intents: intents\n", "utf-8")
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents/a.yaml").write_text(
        "version: 1\nintents:\n  - name: refunds\n    examples: [money back, refund me, my refund, "
        "pay me back, return my money]\n    reply: Refunds take five days.\n",
        "utf-8",
    )
    async with await open_database(f"sqlite:///{tmp_path}/.frontdesk/frontdesk.db") as database:
        config = load_config(tmp_path / "config.yaml", {})
        wording = BotWording(config.responder, "en")
        desk = build_desk(config, (), database, SystemClock(), wording)
        opening = Opening("asked", Teams(config.staff).default)
        await desk.open(received(1, text="I want a person").message, opening)
    return Frontdesk(tmp_path, environment)


def test_a_case_is_worked_on_in_the_terminal(customer: Frontdesk) -> None:
    assert customer("cases", "claim", "1").code == 0
    assert customer("cases", "reply", "1", "Hello", "--json").json()["done"] is True
    assert customer("cases", "reply", "1", "--saved", "refunds").code == 0
    assert customer("cases", "reply", "1", "--saved", "nothing").code == 1
    shown = customer("cases", "show", "1", "--json").json()
    assert shown["assignee"].startswith("cli:")
    assert [each["text"] for each in shown["lines"] if each["role"] == "staff"] == [
        "Hello",
        "Refunds take five days.",
    ]
    assert "Hello" in customer("cases", "show", "1").out
    assert "is closed" in customer("cases", "close", "1", "Told how long it takes.").out
    assert customer("cases", "claim", "1").code == 1
    assert customer("cases", "list", "--json").json() == []
    assert customer("cases", "show", "1", "--json").json()["closing"] == "Told how long it takes."


def test_what_is_no_case_is_refused(customer: Frontdesk) -> None:
    assert customer("cases", "show", "9").code == 1
    assert customer("cases", "return", "9").code == 1
    assert customer("cases", "reply", "1").code == 2

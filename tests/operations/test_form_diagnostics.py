"""Doctor's findings about forms, from decisions that real forms left."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.config.schema import Config
from bot.operations.form_diagnostics import LEAST, check_forms
from bot.ports import ActionResult
from bot.storage import Database
from bot.storage.form_figures import count_form_events
from tests.answering.forms.form_desk import NOON, FormDesk
from tests.answering.forms.test_first_form import status_desk
from tests.storage.conftest import database, sqlite, url

__all__ = ["database", "sqlite", "url"]


async def begun(desk: FormDesk, forms: int, *lines: str) -> None:
    for _ in range(forms):
        for line in ("where is my order", *lines):
            await desk.say(line)


async def events(desk: FormDesk) -> dict[str, int]:
    since = desk.now - timedelta(days=1)
    counted = await desk.database.query(partial(count_form_events, since=since))
    return {event: count for (intent, event), count in counted.items() if intent}


async def test_each_ending_is_counted_once(database: Database, tmp_path: Path) -> None:
    desk = status_desk(database, tmp_path)
    await begun(desk, 2, "48213")
    await begun(desk, 1, "stop")
    await begun(desk, 1, "forget it, and my hat")
    await begun(desk, 1, "a human")
    await begun(desk, 1, "well", "well", "well")
    await begun(desk, 1, "why do you need that")
    desk.now += timedelta(hours=1)
    await desk.say("48213")
    assert await events(desk) == {
        "begun": 7,
        "done": 2,
        "stopped": 2,
        "person": 1,
        "given_up": 1,
        "expired": 1,
    }


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["48213"], "20 begun in 14 days, 20 gone through"),
        (["stop"], "order_status: 20 of 20 forms in 14 days were not gone through"),
        (
            ["well", "well", "well"],
            "order_status: 20 of 20 forms in 14 days ended at a question asked three times",
        ),
    ],
)
async def test_doctor_warns_of_forms_that_are_given_up(
    sqlite: Database, tmp_path: Path, lines: list[str], found: str
) -> None:
    desk = status_desk(sqlite, tmp_path)
    config = Config(database=f"sqlite:///{tmp_path}/frontdesk.db")
    await begun(desk, LEAST - 1, *lines)
    if "48213" not in lines:
        (few,) = await check_forms(config, desk.now)
        assert few.state == "ok"
    await begun(desk, 1, *lines)
    (finding,) = await check_forms(config, desk.now)
    assert finding.found == found
    assert not await check_forms(config, desk.now + timedelta(days=15))


async def test_doctor_warns_of_actions_that_fail(sqlite: Database, tmp_path: Path) -> None:
    desk = status_desk(sqlite, tmp_path)
    assert desk.actions is not None
    desk.actions.results = {"get_order": [ActionResult("unavailable", reason="down")]}
    await begun(desk, LEAST, "48213")
    (finding,) = await check_forms(Config(database=f"sqlite:///{tmp_path}/frontdesk.db"), desk.now)
    assert finding.state == "warn"
    assert finding.found.startswith("order_status: an action failed in 20 of 20")


async def test_doctor_says_nothing_of_forms_without_a_database(tmp_path: Path) -> None:
    config = Config(database=f"sqlite:///{tmp_path}/none.db")
    assert await check_forms(config, NOON) == []

"""`frontdesk stats`: what became of answers, in a table, as JSON and on a page."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from benchmarks.field.conversation_log import store
from benchmarks.field.reading import entries
from bot.cli.commands.stats import period_of
from bot.storage import open_database
from tests.cli.command import Frontdesk

LOG = {each["id"]: each for each in entries("build", "conversations")}
CONFIG = """\
database: sqlite:///desk.db
staff:
  teams:
    default:
      hours: {zone: Europe/Berlin, open: {mon-fri: "09:00-17:00"}}
"""
OCTOBER = ("--since", "2026-10-01", "--until", "2026-10-31")


async def fill(folder: Path) -> None:
    async with await open_database(f"sqlite:///{folder / 'desk.db'}") as database:
        for each in ("b02", "b14"):
            await store(database, LOG[each])


@pytest.fixture
def logged(frontdesk: Frontdesk) -> Frontdesk:
    """The command where two conversations were held."""
    (frontdesk.folder / "config.yaml").write_text(CONFIG)
    asyncio.run(fill(frontdesk.folder))
    return frontdesk


def test_json_table_and_page_tell_the_same(logged: Frontdesk) -> None:
    found = logged("stats", *OCTOBER, "--json").json()
    assert {"kinds", "cost", "votes", "by_day", "cost_per_answer"} <= found.keys()
    assert found["days"] == 31
    total = found["analysis"]["total"]
    assert (total["answers"], total["confirmed"]["number"]) == (2, 1)
    assert total["person_first_response_business"]["median"] == 600
    assert found["analysis"]["by"]["intent"]["complaint"]["came_back"]["number"] == 1

    ran = logged("stats", *OCTOBER, "--html", "out/page.html")
    assert ran.code == 0, ran.err
    assert "What became of 2 answers" in ran.out
    page = logged.folder / "out" / "page.html"
    assert oct(page.stat().st_mode)[-3:] == "600"
    assert "2 answers in 2 conversations" in page.read_text("utf-8")


def test_the_intents_of_courtesies_are_named_in_config(logged: Frontdesk) -> None:
    config = logged.folder / "config.yaml"
    config.write_text(CONFIG + "stats: {small_talk: [], confirming: [payment]}\n")
    total = logged("stats", *OCTOBER, "--json").json()["analysis"]["total"]
    assert (total["answers"], total["confirmed"]["number"]) == (3, 0)


def test_a_period_that_cannot_be_is_refused() -> None:
    now, day = datetime(2026, 10, 8, tzinfo=UTC), datetime(2026, 10, 2)  # noqa: DTZ001
    with pytest.raises(typer.BadParameter, match="leave out --since"):
        period_of(now, 3, day, None)
    with pytest.raises(typer.BadParameter, match="is after the last one"):
        period_of(now, None, day, datetime(2026, 10, 1))  # noqa: DTZ001 - as the option gives it


def test_periods_are_whole_days() -> None:
    now = datetime(2026, 10, 8, 13, 5, tzinfo=UTC)
    day = datetime(2026, 10, 1)  # noqa: DTZ001 - as the option gives it
    week = period_of(now, None, None, None)
    assert (str(week.since), str(week.until)) == (
        "2026-10-02 00:00:00+00:00",
        "2026-10-09 00:00:00+00:00",
    )
    assert (period_of(now, 3, None, day).since.day, period_of(now, 3, None, day).until.day) == (
        29,
        2,
    )
    assert period_of(now, None, day, day).since.day == 1

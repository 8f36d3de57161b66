"""After a person has helped, the customer is asked once how well, and may change the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.config.schema import Config
from bot.staff import case_clock
from bot.storage import open_database
from bot.storage.tables import surveys
from tests.end_to_end.conftest import until
from tests.end_to_end.test_slack_desk import CUSTOMER, opened
from tests.servers.slack import SlackServer

ASKED = "How well were you helped? 1 is very badly, 5 is very well."
THANKS = "Thank you for your feedback."


async def test_a_customer_rates_the_help_on_slack(
    trained: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_clock, "INTERVAL", 0.05)
    async with SlackServer() as slack, opened(trained, tmp_path, slack) as case:
        await case.form("Reply")
        slack.give_reason("It left **today**.", user="UBOSS")
        await until(case.outside)
        await case.form("Close")
        slack.give_reason("sent", user="UBOSS")
        await until(lambda: ASKED in case.outside())
        (question,) = [post for post in case.posts("D7") if post.markdown == ASKED]
        labels = [button["text"]["text"] for button in question.buttons]
        slack.press(question, 3, CUSTOMER)
        await until(lambda: case.outside().count(THANKS) == 1)
        slack.press(question, 4, CUSTOMER)
        await until(lambda: case.outside().count(THANKS) == 2)
    assert labels == ["1", "2", "3", "4", "5"]
    assert case.outside().count(ASKED) == 1
    async with await open_database(f"sqlite:///{tmp_path}/desk.db") as database:
        query = select(surveys.c.score)
        scores = await database.query(lambda connection: connection.scalars(query).all())
    assert scores == [5]

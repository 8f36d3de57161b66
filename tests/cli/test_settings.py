"""Settings that commands read: what they print and write changes with them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert

from bot.storage import open_database
from bot.storage.tables import feedback
from tests.cli.command import Frontdesk


def test_costs_are_shown_in_the_currency_of_the_budget(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "config.yaml").write_text("budget: {currency: EUR}\n")
    ran = frontdesk("stats")
    assert "GPT: 0.0000 EUR in 0 requests" in ran.out
    assert "nothing was answered in this time" in ran.out


async def test_votes_are_counted_and_their_reasons_shown_without_personal_data(
    frontdesk: Frontdesk,
) -> None:
    (frontdesk.folder / "config.yaml").write_text("database: sqlite:///desk.db\n")
    assert "Feedback" not in frontdesk("stats").out
    async with await open_database(f"sqlite:///{frontdesk.folder / 'desk.db'}") as database:
        rows = [
            {
                "at": datetime.now(UTC),
                "message": "slack:A1:C1:1.0",
                "conversation": "slack:A1:C1",
                "author": f"slack:T1:U{number}",
                "verdict": verdict,
                "comment": comment,
            }
            for number, (verdict, comment) in enumerate(
                [("up", ""), ("down", "ask maria@example.org")]
            )
        ]
        await database.write(lambda connection: connection.execute(insert(feedback), rows).rowcount)
    ran = frontdesk("stats")
    assert "Feedback: 1 of 2 votes found the answer helpful" in ran.out
    assert "- ask [EMAIL_1]" in ran.out
    assert frontdesk("stats", "--json").json()["votes"] == {"down": 1, "up": 1}
    assert "maria" not in frontdesk("stats", "--json").out

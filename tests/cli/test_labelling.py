"""From messages that customers wrote to a promise: export, label, calibrate."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from functools import partial

from bot.messages import ScoredIntent
from bot.storage import open_database
from bot.storage.transcripts import record
from tests.cli.command import Frontdesk
from tests.delivery.support import outcome, received

SAID = (
    "are you open today",
    "are you open today, ask maria@example.org",
    "=1+1",
)


async def stored(frontdesk: Frontdesk) -> None:
    """Store messages as a desk that has answered them does."""
    url = f"sqlite:///{frontdesk.folder}/.frontdesk/frontdesk.db"
    async with await open_database(url) as database:
        for number, text in enumerate(SAID):
            event = received(number, text=text)
            said = outcome(event)
            intents = (ScoredIntent("opening_hours", 0.9),)
            answered = [(event, replace(said, decision=replace(said.decision, intents=intents)))]
            at = event.message.sent_at
            await database.write(partial(record, answered=answered, at=at))


async def test_messages_are_written_for_people_to_label_and_read_back(copied: Frontdesk) -> None:
    await stored(copied)
    ran = copied("export", "messages", "--days", "9999")
    assert ran.code == 0
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert sorted(row["text"] for row in rows) == sorted(
        ["are you open today", "are you open today, ask [EMAIL_1]", "'=1+1"]
    )
    assert {(row["label"], row["understood"]) for row in rows} == {("", "opening_hours")}

    unlabelled = copied.folder / "messages.csv"
    unlabelled.write_text(ran.out)
    assert "contains no labelled message: fill in" in copied("eval", "messages.csv").err
    unlabelled.write_text(ran.out.replace('today","",', 'today","opening_hours",'))
    labelled = copied("eval", "--calibrate", "messages.csv", "--json").json()
    assert (labelled["n"], labelled["accuracy"]["value"]) == (1, 1.0)


async def test_no_more_messages_are_drawn_than_asked_for(copied: Frontdesk) -> None:
    await stored(copied)
    ran = copied("export", "messages", "--days", "9999", "--most", "2", "-o", "drawn.csv")
    assert ran.code == 0
    assert len((copied.folder / "drawn.csv").read_text().splitlines()) == 3

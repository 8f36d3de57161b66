"""`frontdesk learn --from-traffic`: from stored messages to a model that has learned them."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.messages import Author, DecisionKind, ScoredIntent
from bot.storage import open_database
from bot.storage.tables import audit
from bot.storage.transcripts import record
from bot.understanding.model.classifier import load_classifier
from bot.understanding.traffic.learned_file import (
    Learned,
    LearnedMessages,
    learned_path,
    read_learned,
    write_learned,
)
from tests.cli.command import Frontdesk
from tests.delivery.support import outcome, received
from tests.understanding.tiny import make_bert

INTENTS = """\
version: 1
intents:
  - name: order_status
    examples:
      - where is my order
      - track my parcel please
      - has my package shipped yet
      - when will my order arrive
      - is my parcel there yet
      - track the order
    reply: Soon.
  - name: refund
    examples:
      - i want my money back
      - refund please
      - how do i get a refund
      - return the money
      - i want a refund for this
      - get my money back
    reply: Within 14 days.
  - name: greeting
    examples: [hello, hi there, hey, good morning, hello there, hi good morning]
    reply: Hello!
"""
CONFIG = """\
model: model
database: sqlite:///desk.db
classifier: {{encoder: {bert}, multilingual: 'off', learn_from_traffic: {on}}}
privacy: {{ledger: erasures.jsonl}}
staff: {{members: {{slack: {{users: [U1]}}}}}}
"""
SAID = (
    "track my parcel please ann@example.org",
    "refund please now",
    "i want my money back please",
    "hello there",
)


@pytest.fixture(scope="session")
def small_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bert(tmp_path_factory.mktemp("bert"))


@pytest.fixture
def desk(frontdesk: Frontdesk, small_bert: Path) -> Frontdesk:
    """A desk that has been taught, not trained, and has talked to nobody."""
    (frontdesk.folder / "intents").mkdir()
    (frontdesk.folder / "intents" / "shop.yaml").write_text(INTENTS)
    configure(frontdesk, small_bert)
    return frontdesk


def configure(frontdesk: Frontdesk, bert: Path, *, on: str = "true") -> None:
    (frontdesk.folder / "config.yaml").write_text(CONFIG.format(bert=bert, on=on))


async def say(desk: Frontdesk, *texts: str, author: str = "slack:T1:U2") -> None:
    """Store messages as a desk that could not answer them does."""
    now = SystemClock().now()
    async with await open_database(f"sqlite:///{desk.folder}/desk.db") as database:
        for number, text in enumerate(texts):
            event = received(number, f"slack:app:{author[-2:]}", text=text)
            message = replace(event.message, author=Author(author), sent_at=now)
            event = replace(event, message=message)
            said = outcome(event)
            decision = replace(
                said.decision,
                kind=DecisionKind.UNKNOWN,
                intents=(ScoredIntent("greeting", 0.1),),
                parts=(),
            )
            answered = [(event, replace(said, decision=decision))]
            await database.write(partial(record, answered=answered, at=now))


def file(desk: Frontdesk) -> Path:
    return learned_path(desk.folder / "model")


@pytest.mark.timeout(400)  # seven commands: long on a busy machine
async def test_approved_messages_are_learned_and_change_what_is_recognised(
    desk: Frontdesk,
) -> None:
    await say(desk, *SAID)
    await say(desk, "get my money back hey", author="slack:T1:U1")
    assert desk("train").code == 0
    before = load_classifier(desk.folder / "model").predict(["please now"])

    shown = desk("learn", "--from-traffic", "--json").json()
    assert (shown["written"], file(desk).exists()) == (0, False)
    proposed = shown["proposed"]
    assert shown["looked_at"] == len(SAID)  # nothing of the member of staff
    assert proposed["order_status"] == ["track my parcel please [EMAIL_1]"]
    assert "hello there" not in repr(proposed)

    done = desk("learn", "--from-traffic", "--yes")
    assert done.code == 0, done.err
    assert "order_status" in done.out
    rows = read_learned(file(desk)).rows
    assert sorted(row.text for row in rows) == sorted(chain(*proposed.values()))
    for personal in ("ann@example.org", "U2"):
        assert personal not in file(desk).read_text()

    trained = desk("train", "--if-changed", "--json").json()
    assert (trained["learned"], trained["examples"]) == (len(rows), 18)
    after = load_classifier(desk.folder / "model").predict(["please now"])
    assert before[0].intents != after[0].intents
    assert desk("learn", "--from-traffic", "--json").json()["proposed"] == {}


async def test_check_counts_no_learned_message_as_an_example_and_tells_where_it_is_off(
    desk: Frontdesk, small_bert: Path
) -> None:
    rows = (Learned("refund", "dosh please", date(2026, 1, 5), "0" * 16),)
    write_learned(file(desk), LearnedMessages("a-ledger", rows))
    checked = desk("check", "--json").json()
    assert (checked["examples"], checked["problems"]) == (18, [])

    configure(desk, small_bert, on="false")
    off = "learned.yaml: 1 message not learned: `classifier.learn_from_traffic` is off"
    assert off in desk("check").err


@pytest.mark.slow
async def test_without_a_terminal_and_without_yes_nothing_is_changed(desk: Frontdesk) -> None:
    await say(desk, *SAID)
    ran = desk("learn", "--from-traffic", typed="y\n")
    assert ran.code == 0
    assert "nothing was changed: --yes approves these messages" in ran.err
    assert not file(desk).exists()
    assert not (desk.folder / "erasures.jsonl").exists()


@pytest.mark.slow
async def test_in_a_terminal_it_asks(desk: Frontdesk) -> None:
    await say(desk, *SAID)
    assert "nothing was changed" in in_terminal(desk, "n\n")
    assert not file(desk).exists()
    assert "learned" in in_terminal(desk, "y\n")
    assert file(desk).exists()


def in_terminal(desk: Frontdesk, typed: str) -> str:
    """Run the command on a terminal, and type when it asks."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*desk.command, "learn", "--from-traffic"],
        cwd=desk.folder,
        env=dict(desk.environment),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 100)[0]:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # its end, on Linux
            break
        shown += piece
        if b"as shown? [y/N]" in shown and typed:
            os.write(ours, typed.encode())
            typed = ""
    os.close(ours)
    assert process.wait() == 0
    return shown.decode(errors="replace")


@pytest.mark.slow
async def test_an_author_is_found_by_the_mark_and_forgotten(desk: Frontdesk) -> None:
    await say(desk, *SAID)
    learned = desk("learn", "--from-traffic", "--yes", "--json").json()["written"]
    forgotten = desk("privacy", "forget", "--user", "slack:T1:U2", "--yes", "--json").json()
    assert forgotten["learned"] == learned > 0
    assert not file(desk).exists()


async def test_intents_can_be_left_out(desk: Frontdesk) -> None:
    await say(desk, *SAID)
    ran = desk("learn", "--from-traffic", "--without", "refund", "--yes", "--json").json()
    assert list(ran["proposed"]) == ["order_status"]
    assert ran["written"] == 1
    wrong = desk("learn", "--from-traffic", "--without", "refunds")
    assert (wrong.code, "there is no intent 'refunds'" in wrong.err) == (2, True)


def test_it_says_what_to_switch_on_and_what_to_name(desk: Frontdesk, small_bert: Path) -> None:
    assert desk("learn", "--from-traffic", "--write").code == 2
    assert desk("learn", "--yes").code == 2
    configure(desk, small_bert, on="false")
    ran = desk("learn", "--from-traffic")
    assert ran.code == 1
    assert "classifier: {learn_from_traffic: true}" in ran.err


async def test_who_approved_stands_in_the_audit_log(desk: Frontdesk) -> None:
    await say(desk, *SAID)
    assert desk("learn", "--from-traffic", "--yes").code == 0
    async with (
        await open_database(f"sqlite:///{desk.folder}/desk.db") as database,
        database.read() as connection,
    ):
        (row,) = (await connection.execute(audit.select())).all()
    assert (row.action, row.actor[:4]) == ("learn", "cli:")
    assert row.detail["order_status"] == 1


def test_mistakes_in_the_file_are_reported_by_check_and_stop_training(desk: Frontdesk) -> None:
    file(desk).parent.mkdir()
    file(desk).write_text("version: 1\nledger: x\nintents:\n  refund: oops\n")
    assert "learned.yaml:4:11: intents.refund: " in desk("check").out
    ran = desk("train")
    assert ran.code == 1
    assert "learned.yaml:4:11" in ran.err

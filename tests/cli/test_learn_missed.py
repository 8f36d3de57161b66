"""`frontdesk learn`: from missed messages to changed files, with a model trained in the test."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.messages import Author, DecisionKind, ScoredIntent
from bot.storage import open_database
from bot.storage.tables import audit
from bot.storage.transcripts import record
from bot.understanding.intents import load_intents
from tests.cli.command import Frontdesk
from tests.cli.test_learn import CONFIG, INTENTS
from tests.delivery.support import outcome, received
from tests.understanding.tiny import make_bert

SAID = (
    "cancel address change for my joke",
    "change address cancel my joke",
    "cancel the joke address change",
    "change my joke address, mail ann@example.org",
    "cancel joke for address change",
)
TOLD_BY_ONE = ("cook rice tomorrow", "rice cook tomorrow", "tomorrow cook the rice")


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """A desk that is trained, and has talked to nobody."""
    bert = make_bert(tmp_path_factory.mktemp("bert"))
    folder = tmp_path_factory.mktemp("desk")
    (folder / "intents").mkdir()
    (folder / "intents" / "shop.yaml").write_text(f"# Ours.\n{INTENTS}")
    (folder / "config.yaml").write_text(CONFIG.format(bert=bert, on="false"))
    assert Frontdesk(folder, environment)("train").code == 0
    return folder


@pytest.fixture
async def desk(frontdesk: Frontdesk, taught: Path) -> Frontdesk:
    """A desk that has missed what five people want, and three texts of another."""
    shutil.copytree(taught, frontdesk.folder, dirs_exist_ok=True)
    told = [(text, f"u{number}") for number, text in enumerate(SAID)]
    now = SystemClock().now()
    async with await open_database(f"sqlite:///{frontdesk.folder}/desk.db") as database:
        for number, (text, user) in enumerate([*told, *((text, "eve") for text in TOLD_BY_ONE)]):
            event = received(number, f"slack:app:{number}", text=text)
            message = replace(event.message, author=Author(f"slack:T1:{user}"), sent_at=now)
            said = outcome(replace(event, message=message))
            ranked = (ScoredIntent("greeting", 0.1),)
            decision = replace(said.decision, kind=DecisionKind.UNKNOWN, intents=ranked, parts=())
            answered = [(replace(event, message=message), replace(said, decision=decision))]
            await database.write(partial(record, answered=answered, at=now))
    return frontdesk


def contents(folder: Path) -> set[str]:
    """The contents of the files in a folder."""
    return {path.read_text() for path in folder.iterdir()}


@pytest.mark.timeout(400)  # five commands: long on a busy machine
async def test_groups_are_shown_from_k_people_on_and_written_on_request(desk: Frontdesk) -> None:
    shown = desk("learn")
    assert shown.code == 0, shown.err
    assert "5 messages of 5 people" in shown.out
    assert "cancel address change for my joke" in shown.out
    assert "ann@example.org" not in shown.out
    assert "rice" not in shown.out  # one person alone wrote of it
    assert "nothing was changed: --write makes these changes" in shown.err

    hidden = desk("learn", "--json", "--k", "6")
    assert hidden.json()["groups"] == []
    assert sum(each["messages"] for each in hidden.json()["hidden"]) >= len(SAID)
    assert not [text for text in (*SAID, *TOLD_BY_ONE) if text in hidden.out]
    assert hidden.json()["diff"] == ""

    before = (desk.folder / "intents" / "shop.yaml").read_text()
    done = desk("learn", "--write", "--json")
    assert done.code == 0, done.err
    written = done.json()
    (group,) = (each for each in written["groups"] if each["people"] == 5)
    assert len(group["written"]) == 4  # all but the one with an address in it
    assert written["routing"]["groups"][0]["name"] == group["name"]
    assert contents(Path(desk.folder, written["copies"])) <= {before}
    intents = load_intents(desk.folder / "intents")
    texts = {example.text for intent in intents.intents for example in intent.examples}
    assert set(group["written"]) <= texts or group["help"].endswith("article")
    async with (
        await open_database(f"sqlite:///{desk.folder}/desk.db") as database,
        database.read() as connection,
    ):
        (row,) = (await connection.execute(audit.select())).all()
    assert (row.action, row.detail) == ("learn", {group["name"]: 4})


@pytest.mark.timeout(400)
def test_a_file_names_its_authors(desk: Frontdesk) -> None:
    file = desk.folder / "log.csv"
    with file.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["Text", "Author"])
        rows.writerows([text, f"person {number % 2}"] for number, text in enumerate(SAID))
    assert "joke" not in desk("learn", "log.csv").out
    assert "messages of 2 people" in desk("learn", "log.csv", "--k", "2").out

    file.write_text("text\nwhere is my order\n")
    ran = desk("learn", "log.csv")
    assert (ran.code, "log.csv:1:1" in ran.err, "name a column author there" in ran.err) == (
        1,
        True,
        True,
    )


def test_without_a_model_it_says_what_to_run(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "intents").mkdir()
    (frontdesk.folder / "intents" / "shop.yaml").write_text(INTENTS)
    (frontdesk.folder / "config.yaml").write_text("model: model\ndatabase: sqlite:///desk.db\n")
    ran = frontdesk("learn")
    assert (ran.code, "frontdesk train" in ran.err) == (1, True)

"""`train`, `models` and what happens without them."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import Frontdesk


@pytest.mark.parametrize(
    "command", [["ask", "hello"], ["chat"], ["test"], ["models"]], ids=" ".join
)
def test_without_a_model_the_remedy_is_named(frontdesk: Frontdesk, command: list[str]) -> None:
    frontdesk("init", ".")
    ran = frontdesk(*command, typed="hello\n")
    assert (ran.code, ran.out) == (1, "")
    assert "run `frontdesk train`" in ran.err


def test_training_tells_what_it_made_and_what_to_do_next(copied: Frontdesk) -> None:
    ran = copied("train")
    assert ran.code == 0
    made, then = ran.out.splitlines()
    assert re.fullmatch(r"model \w+: 6 intents, 48 examples, 1 article, \d+\.\d s", made)
    assert then == "next: frontdesk chat"
    assert "\x1b" not in ran.out + ran.err
    stages = [line.split(":")[0] for line in ran.err.splitlines()]
    assert stages[0] == "encoder"
    assert all(re.fullmatch(r"[\w ]+: \d+\.\d s", line) for line in ran.err.splitlines())


def test_machines_get_the_report_of_a_training(copied: Frontdesk) -> None:
    report = copied("train", "--json").json()
    assert (report["intents"], report["examples"], report["articles"]) == (6, 48, 1)
    assert report["up_to_date"] is False


def test_training_if_changed_trains_only_then(copied: Frontdesk) -> None:
    assert copied("train", "--if-changed").out == "the model is up to date\n"
    assert copied("train", "--if-changed", "--json").json() == {"up_to_date": True}
    intents = copied.folder / "intents" / "shop.yaml"
    intents.write_text(intents.read_text().replace("when do you close", "closing time?"))
    assert copied("train", "--if-changed").out.startswith("model ")


def test_changed_intents_are_pointed_out_and_the_old_model_answers(copied: Frontdesk) -> None:
    assert copied("ask", "are you open today").err == ""
    intents = copied.folder / "intents" / "shop.yaml"
    intents.write_text(intents.read_text().replace("when do you close", "closing time?"))
    ran = copied("ask", "are you open today")
    assert ran.code == 0
    assert "have changed since training" in ran.err
    assert "run `frontdesk train`" in ran.err
    assert "9 am to 6 pm" in ran.out


def test_an_interrupted_training_leaves_the_old_model_serving(copied: Frontdesk) -> None:
    before = copied("models", "--json").json()
    intents = copied.folder / "intents" / "shop.yaml"
    more = "".join(f"      - is branch {number} open at night\n" for number in range(300))
    intents.write_text(intents.read_text().replace("      - when do you close\n", more))
    training = subprocess.Popen(  # noqa: S603 - our own program
        [*copied.command, "train"],
        cwd=copied.folder,
        env=dict(copied.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with training:
        assert training.stderr is not None
        assert training.stderr.readline().startswith("encoder: ")
        training.send_signal(signal.SIGINT)
        said, _ = training.communicate(timeout=60)

    assert (training.returncode, said) == (130, "")
    assert copied("models", "--json").json() == before
    assert not list((copied.folder / ".frontdesk" / "model").glob(".staging*"))
    assert "9 am to 6 pm" in copied("ask", "are you open today").out


def test_mistakes_in_intents_stop_training_with_their_places(copied: Frontdesk) -> None:
    broken = copied.folder / "intents" / "broken.yaml"
    broken.write_text("version: 1\nintents:\n  - nmae: x\n")
    ran = copied("train")
    assert (ran.code, ran.out) == (1, "")
    assert "intents/broken.yaml:3:5: " in ran.err


def test_models_lists_versions_and_rolls_back(copied: Frontdesk) -> None:
    first = copied("models", "--json").json()[0]["version"]
    assert copied("models", "rollback").code == 1
    intents = copied.folder / "intents" / "shop.yaml"
    intents.write_text(intents.read_text().replace("when do you close", "closing time?"))
    assert copied("train").code == 0
    newer, older = copied("models", "--json").json()
    assert (newer["current"], older["current"]) == (True, False)
    assert older["version"] == first
    assert copied("models", "rollback").code == 0
    assert [row["current"] for row in copied("models", "--json").json()] == [False, True]
    listed = copied("models").out
    assert f"*  {first}" in listed
    assert "embedded" in listed
    assert "quick" in listed
    assert copied("models", "promote", newer["version"]).code == 0
    assert copied("models", "--json").json()[0]["current"]
    assert [(row["action"], row["subject"]) for row in _audit(copied.folder)] == [
        ("rollback", first),
        ("promote", newer["version"]),
    ]
    assert {row["actor"].partition(":")[0] for row in _audit(copied.folder)} == {"cli"}


def test_models_can_be_chosen_while_the_database_is_away(copied: Frontdesk) -> None:
    (copied.folder / "config.yaml").write_text("database: postgresql://127.0.0.1:9/none\n")
    version = copied("models", "--json").json()[0]["version"]
    ran = copied("models", "promote", version)
    assert (ran.code, ran.out) == (0, f"{version} is active\n")
    assert "not recorded in the audit log" in ran.err


def test_an_unknown_version_is_answered_with_those_that_are_there(copied: Frontdesk) -> None:
    version = copied("models", "--json").json()[0]["version"]
    ran = copied("models", "promote", "nonsense")
    assert ran.code == 1
    assert version in ran.err


def test_damaged_model_is_refused_with_the_remedy(copied: Frontdesk) -> None:
    (copied.folder / ".frontdesk" / "model" / "current").write_text("nonsense\n")
    ran = copied("ask", "hello")
    assert ran.code == 1
    assert "run `frontdesk train`" in ran.err
    assert "Traceback" not in ran.err


def _audit(folder: Path) -> list[sqlite3.Row]:
    connection = sqlite3.connect(folder / ".frontdesk" / "frontdesk.db")
    connection.row_factory = sqlite3.Row
    try:
        return list(connection.execute("SELECT * FROM audit ORDER BY at"))
    finally:
        connection.close()

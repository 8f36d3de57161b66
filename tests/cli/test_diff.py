"""`diff`: which decisions change between models, folders and revisions."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.command import Frontdesk

MESSAGES = "are you open today\nwhere can I park my car\nthe weather is nice\n"
PARKING = """\
version: 1
intents:
  - name: parking
    reply: Behind the house.
    examples:
      - where can I park
      - is there a car park
      - parking space for my car?
      - can I leave my car at the shop
      - do you have parking
"""


@pytest.fixture
def desk(copied: Frontdesk) -> Frontdesk:
    """A trained desk, and messages."""
    (copied.folder / "messages.txt").write_text(MESSAGES)
    return copied


def with_parking(desk: Frontdesk) -> Path:
    (desk.folder / "intents" / "parking.yaml").write_text(PARKING)
    return desk.folder / "intents"


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)  # noqa: S603, S607


def test_a_model_and_a_folder_of_intents(desk: Frontdesk) -> None:
    with_parking(desk)
    ran = desk("diff", ".frontdesk/model", "intents", "--messages", "messages.txt")
    assert ran.code == 0, ran.err
    assert "-> parking: 1 message\n    where can I park my car\n" in ran.out
    assert ran.out.endswith(" of 3 messages would change\n")
    report = desk("diff", "intents", "intents", "--messages", "messages.txt", "--json").json()
    assert report == {"messages": 3, "changed": 0, "changes": []}


def test_revisions_of_git_and_versions(desk: Frontdesk) -> None:
    git(desk.folder, "init", "-q")
    git(desk.folder, "add", "intents")
    git(desk.folder, "commit", "-qm", "first")
    with_parking(desk)
    git(desk.folder, "add", "intents")
    git(desk.folder, "commit", "-qm", "second")
    version = desk("models", "--json").json()[0]["version"]
    arguments = ("--messages", "messages.txt", "--fail-on-change")
    ran = desk("diff", "HEAD~1", "HEAD", *arguments, "1")
    assert ran.code == 1
    assert "-> parking: 1 message" in ran.out
    assert desk("diff", version, "HEAD~1", *arguments, "1").out.startswith("0 of 3 messages")
    assert not (desk.folder / "outside.yaml").exists()


@pytest.mark.parametrize("name", ["nowhere", "--output=x", "HEAD", "../.."])
def test_what_names_no_model_is_refused(desk: Frontdesk, name: str) -> None:
    ran = desk("diff", "--messages", "messages.txt", "--", ".frontdesk/model", name)
    assert (ran.code, ran.out) == (1, "")
    assert f"{name}: neither a model folder, a version" in ran.err
    assert not (desk.folder / "x").exists()


def test_messages_that_are_none_are_refused(desk: Frontdesk) -> None:
    (desk.folder / "empty.txt").write_text("\n \n")
    for file, said in (("empty.txt", "holds no messages"), ("none.csv", "cannot be read")):
        ran = desk("diff", "intents", "intents", "--messages", file)
        assert (ran.code, ran.out) == (1, "")
        assert said in ran.err

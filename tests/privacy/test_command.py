"""`frontdesk privacy` and `frontdesk db`, as an operator types them beside a running service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.delivery import open_inbox
from bot.storage import Database, open_database
from bot.storage.proofs import StoredProofs
from tests.cli.command import Frontdesk
from tests.cli.conftest import environment
from tests.privacy.people import ANN, BOB, talk

__all__ = ["environment"]


@pytest.fixture
async def serving(tmp_path: Path) -> AsyncIterator[Database]:
    """A database that a service has open and locked, with Ann and Bob in it."""
    async with (
        await open_database(f"sqlite:///{tmp_path}/.frontdesk/frontdesk.db") as database,
        open_inbox(database, SystemClock()),
    ):
        some_time_ago = SystemClock().now() - timedelta(days=40)
        await talk(database, ANN, "xyzzy", at=some_time_ago)
        await talk(database, BOB, "plugh", at=some_time_ago)
        yield database


@pytest.fixture
def frontdesk(tmp_path: Path, environment: dict[str, str], serving: Database) -> Frontdesk:
    return Frontdesk(tmp_path, environment)


def test_a_person_is_shown_exported_and_forgotten(frontdesk: Frontdesk) -> None:
    assert frontdesk("privacy", "find", "ann").out.split() == [ANN]
    shown = frontdesk("privacy", "export", "--user", ANN)
    assert "messages" in shown.out
    assert "xyzzy" not in shown.out

    exported = frontdesk("privacy", "export", "--user", ANN, "--json").json()
    assert "xyzzy where is my parcel" in [row["text"] for row in exported["messages"]]

    refused = frontdesk("privacy", "forget", "--user", ANN, typed="n\n")
    assert refused.code == 1
    forgotten = frontdesk("privacy", "forget", "--user", ANN, "--yes")
    assert (forgotten.code, forgotten.err) == (0, "")
    again = frontdesk("privacy", "forget", "--user", ANN, "--yes")
    assert again.code == 1
    assert "nothing is stored about" in again.err
    assert frontdesk("privacy", "find", "bob", "--json").json() == [BOB]


async def test_an_account_of_the_shop_is_unlinked(frontdesk: Frontdesk, serving: Database) -> None:
    proofs = StoredProofs(serving, SystemClock())
    await proofs.keep(ANN, "linked", subject="c1001")
    await proofs.keep(BOB, "linked", subject="c1002")
    unlinked = await asyncio.to_thread(frontdesk, "privacy", "unlink", "--user", ANN)
    assert (unlinked.code, unlinked.out.strip()) == (0, f"{ANN}: unlinked")
    assert await proofs.proof(ANN, "linked") is None
    assert await proofs.proof(BOB, "linked") is not None
    again = await asyncio.to_thread(frontdesk, "privacy", "unlink", "--user", ANN)
    assert "no account was linked" in again.out


def test_an_export_is_written_to_a_new_private_file(frontdesk: Frontdesk) -> None:
    assert frontdesk("privacy", "export", "--user", ANN, "--to", "ann.json").code == 0
    file = frontdesk.folder / "ann.json"
    assert json.loads(file.read_text("utf-8"))["people"][0]["key"] == ANN
    assert file.stat().st_mode & 0o077 == 0

    again = frontdesk("privacy", "export", "--user", ANN, "--to", "ann.json")
    assert again.code == 1
    assert "File exists: choose another file" in again.err


def test_a_restored_backup_forgets_again(frontdesk: Frontdesk) -> None:
    assert frontdesk("db", "backup", "monday.db").code == 0
    assert frontdesk("privacy", "forget", "--user", ANN, "--yes").code == 0
    config = frontdesk.folder / "restored.yaml"
    config.write_text("database: sqlite:///monday.db\n")
    assert frontdesk("privacy", "find", "ann", "-c", "restored.yaml").out.split() == [ANN]

    reapplied = frontdesk("privacy", "reapply", "-c", "restored.yaml")

    assert "people erased again: 1" in reapplied.out
    left = (frontdesk.folder / "monday.db").read_bytes()
    assert b"xyzzy" not in left
    assert b"plugh" in left


def test_who_was_forgotten_is_noted_where_config_says(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "own.yaml").write_text("privacy: {ledger: apart/forgotten.jsonl}\n")
    assert frontdesk("privacy", "forget", "--user", ANN, "--yes", "-c", "own.yaml").code == 0
    assert (frontdesk.folder / "apart" / "forgotten.jsonl").is_file()


def test_what_is_too_old_is_deleted_when_asked(frontdesk: Frontdesk) -> None:
    deleted = frontdesk("db", "prune", "--json").json()
    assert (deleted["dead_letters"], deleted["cases"]) == (2, 0)
    assert frontdesk("db", "vacuum").code == 0

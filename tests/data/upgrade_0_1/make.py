"""Makes the files beside this one: a small 0.1 installation with a filled database on each engine.

Run it with the code of 0.1 (commit a50d5e3), never with the code of today:

    git worktree add /tmp/frontdesk-0.1 a50d5e3
    cd tests/data/upgrade_0_1
    PYTHONPATH=/tmp/frontdesk-0.1 PYTHONSAFEPATH=1 python make.py postgresql://root@127.0.0.1/test

It needs `pg_dump`, and makes `installation.tar.gz` (config, intents, model, SQLite database) and
`postgresql.sql.gz` (the same database as SQL, in the schema `frontdesk_0_1`).
"""
# ruff: noqa: INP001, S603, S607
# mypy: ignore-errors
# It imports modules of 0.1, inside functions, since pytest imports this file for its doctests.

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
SCHEMA = "frontdesk_0_1"
AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

CONFIG = """\
intents: intents
model: model
database: sqlite:///frontdesk.db
classifier: {encoder: ENCODER, multilingual: off, threshold: 0.3}
responder: {contact: help@example.com, introduction: false}
desk:
  staff:
    slack: {channel: C0STAFF, users: [U0BOSS]}
serve: {stale_after: 0, port: 0}
retention: {transcripts: 0, decisions: 0, feedback: 0, cases: 0, spend: 0, answers: 0, audit: 0,
  dead_letters: 0, dedupe: 99999}
"""

INTENTS = """\
version: 1
intents:
  - name: order_status
    title: Track an order
    examples:
      - where is my order
      - has parcel 10293 shipped yet
      - track my package please
      - when will my order arrive
      - order status 55120
    reply: Look under *My orders*.
    suggestions: [return_item]
  - name: return_item
    title: Return something
    examples:
      - I want to return these boots
      - how do I send this back
      - can I return a jacket
      - return my purchase
      - sending an item back
    reply: {text: Send it back within 60 days., slack: Send it back within 60 days (Slack).}
out_of_scope:
  - what is the capital of France
  - tell me a joke
"""

ARTICLE = """\
# Tent rental

## Price

A tent for two costs 9 euro a day to rent, a tent for four 14 euro.
"""


def main(server: str) -> None:
    """Make both files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = _installation(folder)
        asyncio.run(_fill(f"sqlite:///{folder / 'frontdesk.db'}", config))
        _psql(server, f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        asyncio.run(_fill(f"{server}?options=-csearch_path%3D{SCHEMA}", config))
        dump = subprocess.run(
            ["pg_dump", "--inserts", "--no-owner", "--no-privileges", "-n", SCHEMA, server],
            check=True,
            capture_output=True,
        ).stdout
        _psql(server, f"DROP SCHEMA {SCHEMA} CASCADE")
        lines = [line for line in dump.splitlines(keepends=True) if not line.startswith(b"\\")]
        (HERE / "postgresql.sql.gz").write_bytes(gzip.compress(b"".join(lines), mtime=0))
        with tarfile.open(HERE / "installation.tar.gz", "w:gz") as archive:
            archive.add(folder, ".", filter=_anonymous)


def _installation(folder: Path) -> object:
    """Write config, intents and an article, and train a model."""
    from bot.live.training import train_everything

    from bot.config import load_config
    from tests.understanding.tiny import make_bert

    (folder / "intents" / "knowledge").mkdir(parents=True)
    (folder / "intents" / "shop.yaml").write_text(INTENTS)
    (folder / "intents" / "knowledge" / "rental.md").write_text(ARTICLE)
    path = folder / "config.yaml"
    with tempfile.TemporaryDirectory() as encoder:
        path.write_text(CONFIG.replace("ENCODER", str(make_bert(Path(encoder)))))
        train_everything(load_config(path, {}))
    path.write_text(CONFIG.replace("ENCODER", "encoder"))  # only training reads it
    return load_config(path, {})


async def _fill(url: str, config: object) -> None:
    """Answer a message, offer a button, fill the other tables, and leave a message in flight."""
    from bot.assembly import build_responder
    from bot.live.desk import load_desk
    from bot.storage.choices import StoredChoices

    from bot.delivery import open_inbox
    from bot.messages import Author, Choice, Message, Received, Say
    from bot.ports import EventOutcome
    from bot.storage import open_database

    ann = Author("slack:T1:U1", "Ann", "en")

    def event(number: int, text: str) -> Received:
        return Received(
            Message(f"slack:A1:D1:17000000{number}.000100", "slack:A1:D1", ann, text, AT)
        )

    clock = _Clock()
    async with await open_database(url) as database, open_inbox(database, clock) as inbox:
        responder = build_responder(
            config, load_desk(config), database=database, model=None, clock=clock
        )
        for number, text in enumerate(("where is my order", "has my parcel shipped yet")):
            await inbox.accept(event(number, text))
            claim = await inbox.claim()
            parts = [part async for part in responder.respond(claim.event)]
            said = "".join(part.markdown for part in parts if isinstance(part, Say))
            await inbox.finish(claim, EventOutcome(parts[-1].decision, said))
        await StoredChoices(database, clock).offer(
            event(1, "").message.id,
            [("Return something", Choice("intent", "return_item", "has my parcel shipped yet"))],
        )
        await database.write(_insert)
        await inbox.accept(event(2, "how do I send this back"))
        await inbox.claim()  # never finished: the process ends with the message in hand


class _Clock:
    """Stands still."""

    def now(self) -> datetime:
        return AT

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _insert(connection: object) -> None:
    """Put a row into each table that conversations leave empty."""
    from sqlalchemy import func, insert, select

    from bot.delivery.codec import encode
    from bot.messages import Author, Message, Received
    from bot.storage import tables

    late = Message("slack:A1:D2:1", "slack:A1:D2", Author("slack:T1:U2"), "hello", AT)
    payload = encode(Received(late))
    who = {"conversation": "slack:A1:D1", "author": "slack:T1:U1"}
    rows = {
        "people": {"key": "slack:T1:U9", "locale": "de", "introduced_at": AT},
        "dead_letters": {
            "id": "slack:A1:D2:1", "conversation": "slack:A1:D2", "payload": payload,
            "attempts": 3, "reason": "KeyError", "accepted_at": AT, "buried_at": AT,
        },
        "feedback": {"at": AT, "message": "m1", "verdict": "good", "comment": "", **who},
        "cases": {"kind": "given_up", "event": "slack:A1:D2:1", "note": "", "opened_at": AT, **who},
        "spend": {
            "at": AT, "message": "m1", "author": "slack:T1:U1", "model": "gpt-5-mini",
            "prompt_tokens": 100, "completion_tokens": 20, "cost": 0.01,
        },
        "answers": {"key": "k", "pieces": ["Yes."], "sources": [], "kept_at": AT, "used": 1},
        "audit": {"at": AT, "actor": "cli:root", "action": "pause", "subject": "", "detail": {}},
        "pauses": {"place": "slack:A1:C9", "since": AT, "actor": "slack:T1:U0BOSS"},
        "alerts": {"kind": "queue", "told_at": AT},
        "timers": {
            "id": "t1", "conversation": "slack:A1:D3", "payload": payload,
            "due_at": datetime(2100, 1, 1, tzinfo=UTC),
        },
    }  # fmt: skip
    for name, row in rows.items():
        connection.execute(insert(tables.metadata.tables[name]).values(row))
    for table in tables.metadata.sorted_tables:
        filled = connection.scalar(select(func.count()).select_from(table))
        if not filled and table.name != "events":
            raise SystemExit(f"{table.name} is empty: put a row into it")


def _psql(server: str, statement: str) -> None:
    subprocess.run(["psql", "-q", server, "-c", statement], check=True)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


if __name__ == "__main__":
    main(sys.argv[1])

"""`actions`, `doctor` and `chat --live`: writes without an outcome, and what keeps actions away."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.cli.app import build_app
from bot.config.schema import Config
from bot.operations.action_diagnostics import check_actions
from bot.storage import open_database
from bot.storage.action_calls import ActionCalls, StoredCall
from bot.storage.tables import audit, outbox
from tests.answering.actions.support import NOW
from tests.servers.shop import shop_server
from tests.understanding.shop import SOUND

ACTIONS = """\
version: 1
hosts: ["127.0.0.1:{port}"]
actions:
  get_order:
    kind: read
    http:
      url: "http://127.0.0.1:{port}/orders/{{order_number}}"
      headers: {{Authorization: "Bearer ${{SHOP_TOKEN}}"}}
      timeout: 2s
    proof: none
    returns: [status]
    on_error: handoff
  cancel_order:
    kind: write
    python: cancel
    needs: [order_number]
    timeout: 2s
    proof: none
    lookup: none
    on_error: handoff
"""

CALL = StoredCall(
    key="5e884898da28",
    form="f1",
    action="cancel_order",
    conversation="slack:A1:D1",
    author="slack:T1:U1",
    subject="c7",
    values={"order_number": "48213"},
    language="en",
)


class Desk:
    """A folder with intents, actions and a write whose outcome is not known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder}/frontdesk.db"
        (folder / "intents").mkdir()
        (folder / "intents" / "shop.yaml").write_text(SOUND)
        self.write(8080)
        (folder / "config.yaml").write_text(f"intents: {folder}/intents\ndatabase: {self.url}\n")

    def write(self, port: int) -> None:
        (self.folder / "intents" / "actions.yaml").write_text(ACTIONS.format(port=port))

    async def store(self) -> None:
        async with await open_database(self.url) as database:
            calls = ActionCalls(database)
            call = await calls.plan(CALL, NOW)
            await calls.sending(call, NOW)
            sent = replace(call, state="sent", attempts=1)
            await calls.unanswered(sent, "no answer: no reply: ServerDisconnectedError")

    async def told(self) -> tuple[list[str], list[str]]:
        async with await open_database(self.url) as database, database.read() as connection:
            posts = (await connection.execute(select(outbox.c.payload))).scalars()
            acts = (await connection.execute(select(audit.c.action))).scalars()
            return [each["markdown"] for each in posts], list(acts)

    def run(self, command: str, *arguments: str) -> Result:
        called = [command, *arguments, "--config", str(self.folder / "config.yaml")]
        return CliRunner().invoke(build_app(command), called)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_write_without_an_outcome_is_listed_shown_and_settled(desk: Desk) -> None:
    asyncio.run(desk.store())
    listed = desk.run("actions", "--open").stdout
    assert "5e884898da28  2026-11-30 09:00  unknown  cancel_order  slack:A1:D1: no answer" in listed
    assert "values: {'order_number': '48213'}" in desk.run("actions", "show", "5e88").stdout
    settled = desk.run("actions", "settle", "5e88", "done")
    assert settled.exit_code == 0
    assert "cancel_order 5e884898da28: done; the customer is told" in settled.stdout
    again = desk.run("actions", "settle", "5e88", "failed")
    assert again.exit_code == 1
    assert "is done: nothing is left to settle" in again.stderr
    (said,), acts = asyncio.run(desk.told())
    assert said.startswith("I have checked it now: your request **cancel order** went through.")
    assert acts == ["settle_action"]
    assert desk.run("actions", "show", "77").exit_code == 1


async def test_doctor_names_what_keeps_actions_from_being_called(desk: Desk) -> None:
    config = Config(intents=desk.folder / "intents", database=desk.url)
    await desk.store()
    async with shop_server() as shop:
        desk.write(shop.port)
        found = await check_actions(config, {}, offline=False)
        assert [(each.state, each.found) for each in found] == [
            ("fail", "the environment variable SHOP_TOKEN is not set"),
            ("fail", "no installed package has the function cancel"),
            ("warn", "writes whose outcome is not known: 1"),
        ]
    down = [each.found for each in await check_actions(config, {"SHOP_TOKEN": "x"}, offline=False)]
    assert f"127.0.0.1:{shop.port}: no connection (ConnectionRefusedError)" in down
    offline = await check_actions(config, {"SHOP_TOKEN": "x"}, offline=True)
    assert not any("no connection" in each.found for each in offline)


def test_a_live_chat_asks_first(desk: Desk) -> None:
    refused = desk.run("chat", "--live")
    assert refused.exit_code == 2
    assert "nobody can be asked here: add --yes" in refused.stderr
    assert "actions are really called, at 127.0.0.1:8080; these change" in refused.stderr
    recorded = desk.run("chat", "--live", "--record", "x.yaml")
    assert "a chat with real actions is not recorded" in recorded.stderr

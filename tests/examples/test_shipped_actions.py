"""The shipped actions, called in the example shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.answering.actions import ActionCaller
from bot.clock import SystemClock
from bot.understanding.intents.actions import ActionsFile, read_actions_file
from examples.shop import running_shop

SHIPPED = Path(__file__).parents[2] / "intents" / "actions.yaml"
TOKEN = "of-the-test"

CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("get_order", {"customer_id": "c1001", "order_number": "48213"}, ""),
    ("get_order", {"customer_id": "c1002", "order_number": "48213"}, "not_found"),
    ("cancel_order", {"customer_id": "c1001", "order_number": "50927"}, ""),
    ("cancel_order", {"customer_id": "c1001", "order_number": "48213"}, "already_sent"),
    ("check_address", {"value": "Via Zamboni 14"}, ""),
    (
        "change_address",
        {"customer_id": "c1002", "order_number": "61050", "address": "Via Zamboni 14, Bologna"},
        "",
    ),
    (
        "change_address",
        {"customer_id": "c1004", "order_number": "80334", "address": "Lindenstrasse 4, Köln"},
        "already_cancelled",
    ),
    ("returnable_items", {"customer_id": "c1002", "order_number": "60155"}, ""),
    ("returnable_items", {"customer_id": "c1004", "order_number": "77120"}, "too_late"),
    (
        "open_return",
        {
            "customer_id": "c1005",
            "order_number": "90317",
            "items": ["B300-BLK"],
            "reason": "faulty",
        },
        "",
    ),
    ("exchangeable_items", {"customer_id": "c1002", "order_number": "60155"}, ""),
    (
        "exchange_options",
        {"customer_id": "c1002", "order_number": "60155", "item": "PL-BLU-L"},
        "",
    ),
    (
        "open_exchange",
        {
            "customer_id": "c1002",
            "order_number": "60155",
            "item": "PL-BLU-L",
            "to": "PL-BLU-M",
        },
        "",
    ),
    ("get_refund", {"customer_id": "c1003", "order_number": "71993"}, ""),
    ("claimable_items", {"customer_id": "c1004", "order_number": "77120"}, ""),
    (
        "open_claim",
        {"customer_id": "c1004", "order_number": "77120", "item": "CO2-RED", "fault": "a hole"},
        "",
    ),
    ("list_products", {}, ""),
    ("get_stock", {"product": "skarvik-squall", "size": "M"}, ""),
    ("find_by_order", {"order_number": "44107"}, ""),
    ("send_code", {"customer_id": "c1006", "code": "123456"}, ""),
    ("find_by_email", {"email": "sofie.maes@example.com"}, ""),
    ("get_email", {"customer_id": "c1003"}, ""),
]


@pytest.fixture
def caller() -> ActionCaller:
    return ActionCaller({"SHOP_TOKEN": TOKEN}, SystemClock())


def actions(folder: Path, place: str) -> ActionsFile:
    path = folder / "actions.yaml"
    text = SHIPPED.read_text(encoding="utf-8")
    path.write_text(text.replace("127.0.0.1:8765", place), encoding="utf-8")
    file, problems = read_actions_file(path, "en")
    assert problems == ()
    return file


async def test_each_action_does_what_it_says(tmp_path: Path, caller: ActionCaller) -> None:
    async with running_shop(TOKEN) as running:
        file = actions(tmp_path, running.place)
        for number, (name, values, error) in enumerate(CALLS):
            given = {**values, "idempotency_key": f"key-{number}"}
            result = await caller.call(file, name, given)
            assert (result.state, result.error) == (("failed" if error else "done"), error), name
            if not error:
                assert result.values.keys() == file.actions[name].returns.keys(), name


async def test_each_lookup_finds_its_write(tmp_path: Path, caller: ActionCaller) -> None:
    async with running_shop(TOKEN) as running:
        file = actions(tmp_path, running.place)
        for number, (name, values, error) in enumerate(CALLS):
            lookup = file.actions[name].lookup
            if not lookup or error:
                continue
            key = {"idempotency_key": f"key-{number}"}
            before = await caller.call(file, lookup, key)
            assert before.values["found"] is False
            done = await caller.call(file, name, {**values, **key})
            after = await caller.call(file, lookup, key)
            assert after.values == {"found": True, **done.values}, name


async def test_a_link_code_is_redeemed(tmp_path: Path, caller: ActionCaller) -> None:
    async with running_shop(TOKEN) as running:
        file = actions(tmp_path, running.place)
        code = await running.shop.link_code("c1005")
        result = await caller.call(file, "redeem_link_code", {"code": code})
    assert result.values == {"subject": "c1005"}

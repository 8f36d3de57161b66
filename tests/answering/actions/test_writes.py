"""Writes happen at most once, whatever the shop and the process do."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web

from bot.answering.actions import ActionCaller, ActionRunner, values_hash
from bot.answering.actions.writes import Writes, idempotency_key
from bot.ports import ActionRequest, ActionResult
from bot.storage import Database
from bot.storage.action_calls import ActionCalls
from bot.understanding.intents.actions import ActionsFile
from tests.answering.actions.support import ENVIRONMENT, actions, http, read, request
from tests.delivery.support import MovableClock
from tests.servers.shop import ShopServer


def write(shop: ShopServer, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what YAML holds
    headers = {"Idempotency-Key": "{idempotency_key}"}
    body = {"order": "{order_number}"}
    return {
        "kind": "write",
        "http": http(shop.place, "/cancellations", method="POST", json=body) | {"headers": headers},
        "returns": ["refund"],
        "errors": {"409": "not_possible"},
        "on_error": "handoff",
        **more,
    }


def cancelling(shop: ShopServer, *, lookup: bool = True) -> ActionsFile:
    """Return a file with a write, with or without its lookup."""
    found = read(shop.place, "/cancellations/{idempotency_key}", returns=["found", "refund"])
    if not lookup:
        return actions(shop.place, cancel_order=write(shop))
    return actions(shop.place, cancelled=found, cancel_order=write(shop, lookup="cancelled"))


def confirmed(number: str = "48213") -> ActionRequest:
    asked = request("cancel_order", order_number=number)
    return replace(asked, confirmed=values_hash(asked.values))


@dataclass
class Process:
    """A process that runs actions; another one takes up what it leaves."""

    database: Database
    shop: ShopServer
    clock: MovableClock = field(default_factory=MovableClock)

    @property
    def calls(self) -> ActionCalls:
        return ActionCalls(self.database)

    @property
    def writes(self) -> Writes:
        return Writes(self.calls, ActionCaller(ENVIRONMENT, self.clock), self.clock)

    async def run(self, asked: ActionRequest | None = None, *, lookup: bool = True) -> ActionResult:
        caller = ActionCaller(ENVIRONMENT, self.clock)
        runner = ActionRunner(cancelling(self.shop, lookup=lookup), caller, self.writes)
        return await runner.run(asked or confirmed())

    async def settle(self) -> ActionResult:
        (call,) = await self.calls.unsettled()
        return await self.writes.settle(cancelling(self.shop), call, posts=NobodyTold())

    async def state(self) -> tuple[str, int]:
        (call,) = await self.calls.latest(9)
        return call.state, call.attempts


class NobodyTold:
    def post(self, *_: object) -> None:
        return None


@pytest.fixture
async def process(database: Database, shop: ShopServer) -> Process:
    return Process(database, shop)


KEY = idempotency_key("f1", "s1")
DONE = ActionResult("done", {"refund": "20.00 EUR"})


async def test_without_a_confirmation_of_just_these_values_nothing_is_sent(
    process: Process,
) -> None:
    for asked in (
        request("cancel_order", order_number="48213"),
        replace(confirmed("1"), values={"order_number": "48213"}),
        replace(confirmed(), form=""),
    ):
        assert (await process.run(asked)).state == "not_confirmed"
    assert process.shop.calls == []
    assert await process.calls.latest(9) == []


async def test_a_write_is_done_once_however_often_it_is_asked_for(process: Process) -> None:
    assert [await process.run() for _ in range(3)] == [DONE] * 3
    assert process.shop.effects == [KEY]
    assert len(process.shop.calls) == 1
    assert await process.state() == ("done", 1)


async def test_two_at_the_same_moment_send_one(process: Process) -> None:
    results = await asyncio.gather(*(process.run() for _ in range(5)))
    assert [each.path for each in process.shop.calls].count("/cancellations") == 1
    assert {each.state for each in results} <= {"done", "unknown"}
    assert await process.state() == ("done", 1)


async def test_what_the_shop_refuses_is_refused_again_without_a_call(process: Process) -> None:
    process.shop.faults[:] = [409]
    refused = await process.run()
    assert (refused.state, refused.error) == ("failed", "not_possible")
    assert (await process.run()).error == "not_possible"
    assert len(process.shop.calls) == 1


async def test_other_values_after_a_refusal_are_another_call(process: Process) -> None:
    process.shop.faults[:] = [409]
    await process.run()
    assert await process.run(confirmed("48214")) == DONE
    assert process.shop.effects == [idempotency_key("f1", "s1", 1)]
    assert (await process.run(confirmed("48215"))).state == "failed", "the step has been taken"
    assert len(process.shop.effects) == 1


async def test_a_lost_reply_is_looked_up_at_once(process: Process) -> None:
    process.shop.faults[:] = ["lost"]
    assert await process.run() == DONE
    assert process.shop.effects == [KEY]
    assert await process.state() == ("done", 1)


async def test_what_is_not_there_is_sent_again_once_it_cannot_be_under_way(
    process: Process,
) -> None:
    process.shop.faults[:] = ["drop"]
    unknown = await process.run()
    assert (unknown.state, unknown.settles) == ("unknown", True)
    assert (await process.settle()).state == "unknown"
    assert process.shop.effects == [], "it may still be under way"
    process.clock.move(5)
    assert await process.settle() == DONE
    assert process.shop.effects == [KEY]
    assert await process.state() == ("done", 2)


async def test_it_is_sent_twice_at_most(process: Process) -> None:
    process.shop.faults[:] = ["drop"]
    await process.run()
    process.clock.move(5)
    process.shop.faults[:] = [200, "drop"]  # a lookup that tells nothing, then no reply
    assert (await process.settle()).state == "unknown"
    assert process.shop.faults == ["drop"], "only a clear no is a no"
    process.shop.faults[:] = [404, "drop"]
    assert (await process.settle()).state == "unknown"
    process.clock.move(5)
    assert (await process.settle()).state == "failed"
    assert process.shop.effects == []
    assert await process.state() == ("failed", 2)


async def test_a_repetition_that_is_refused_since_the_first_one_was_late_is_done(
    process: Process,
) -> None:
    def late() -> web.Response:
        process.shop.effects.append(KEY)
        return web.json_response({}, status=409)

    process.shop.faults[:] = ["drop"]
    await process.run()
    process.clock.move(5)
    process.shop.faults[:] = [404, late]
    assert await process.settle() == DONE
    assert await process.state() == ("done", 2)


async def test_without_a_lookup_nothing_is_sent_again(process: Process) -> None:
    process.shop.faults[:] = ["lost"]
    for _ in range(3):
        unknown = await process.run(lookup=False)
        assert (unknown.state, unknown.settles) == ("unknown", False)
        process.clock.move(60)
    assert process.shop.effects == [KEY]
    assert await process.state() == ("unknown", 1)


async def test_an_error_of_the_shop_is_no_outcome(process: Process) -> None:
    process.shop.faults[:] = [500]
    assert (await process.run(lookup=False)).state == "unknown"


async def test_a_shop_that_cannot_be_reached_has_received_nothing(process: Process) -> None:
    away = replace(process, shop=ShopServer(place="127.0.0.1:9"))
    assert (await away.run()).state == "unavailable"
    assert await process.state() == ("planned", 0)
    assert await process.run() == DONE
    assert await process.state() == ("done", 1)


async def test_planned_values_may_be_corrected_before_they_are_sent(process: Process) -> None:
    away = replace(process, shop=ShopServer(place="127.0.0.1:9"))
    await away.run()
    assert await process.run(confirmed("48214")) == DONE
    assert process.shop.calls[-1].body == '{"order": "48214"}'


async def test_a_worker_that_was_given_up_for_lost_does_not_overwrite(process: Process) -> None:
    call = await process.calls.plan((await planned(process)), process.clock.now())
    assert await process.calls.sending(call, process.clock.now())
    assert not await process.calls.sending(call, process.clock.now())
    assert (await process.run()).state == "unknown", "the other one has it in hand"
    process.clock.move(5)
    assert await process.settle() == DONE
    late = replace(call, state="sent", attempts=1)
    assert not await process.calls.finish(late, "failed", process.clock.now())
    assert await process.state() == ("done", 2)


async def planned(process: Process) -> Any:  # noqa: ANN401 - a stored call
    away = replace(process, shop=ShopServer(place="127.0.0.1:9"))
    await away.run()
    (call,) = await process.calls.latest(1)
    return call

"""The runner: proof and confirmation stand right before the call."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.answering.actions import (
    ActionCaller,
    ActionContext,
    ActionRefused,
    ActionRunner,
    ActionsOfProof,
    RehearsedActions,
    values_hash,
)
from bot.answering.actions.breaker import REST
from bot.answering.actions.writes import Writes
from bot.clock import SystemClock
from bot.ports import ActionRequest, ActionResult, ProofWay
from bot.understanding.intents.actions import ActionsFile
from tests.answering.actions.support import ENVIRONMENT, actions, read, request
from tests.common.alerts import KeptAlerts
from tests.delivery.support import MovableClock
from tests.servers.shop import ShopServer

CODE = {"code": {"find": "find", "send": "send_code"}}


class Proven:
    """Proofs that hold for one customer, or for nobody."""

    def __init__(self, subject: str) -> None:
        self.subject_is = subject
        self.asked: list[Sequence[ProofWay]] = []

    async def subject(self, request: ActionRequest, ways: Sequence[ProofWay]) -> str:
        self.asked.append(ways)
        return self.subject_is


class NoWrites:
    """Writes that no test of reads may reach."""

    async def run(self, *_: object) -> ActionResult:
        raise AssertionError


def run_by(
    file: ActionsFile, proofs: Proven | None = None, *, caller: ActionCaller | None = None
) -> ActionRunner:
    writes = cast("Writes", NoWrites())
    return ActionRunner(file, caller or ActionCaller(ENVIRONMENT, SystemClock()), writes, proofs)


def personal(shop: ShopServer) -> Any:  # noqa: ANN401 - what YAML holds
    return read(shop.place, "/customers/{customer_id}/orders/{order_number}", proof=["code"])


async def test_the_customer_comes_from_the_proof_whatever_the_form_says(shop: ShopServer) -> None:
    file = actions(shop.place, get_order=personal(shop))
    runner = run_by(file, Proven("c7"))
    asked = request(order_number="48213", customer_id="c1", idempotency_key="x")
    assert (await runner.run(asked)).state == "done"
    assert shop.calls[0].path == "/customers/c7/orders/48213"


async def test_without_a_proof_nothing_is_called(shop: ShopServer) -> None:
    file = actions(shop.place, get_order=personal(shop))
    for proofs in (None, Proven("")):
        assert (await run_by(file, proofs).run(request())).state == "unproven"
    assert shop.calls == []


async def test_actions_of_the_proof_are_for_the_proof_alone(shop: ShopServer) -> None:
    send = read(shop.place, "/orders/48213?code={code}", _method="GET")
    file = actions(shop.place, proof=CODE, send_code=send, get_order=read(shop.place))
    caller = ActionCaller(ENVIRONMENT, SystemClock())
    runner, of_proof = run_by(file), ActionsOfProof(file, caller)
    assert runner.info("send_code") is None
    assert (await runner.run(request("send_code", code="1"))).state == "unavailable"
    assert (await of_proof.call("get_order", {}, request())).state == "unavailable"
    assert shop.calls == []
    assert (await of_proof.call("send_code", {"code": "1"}, request())).state == "done"


async def test_a_shop_that_is_down_gets_no_calls_and_staff_one_alert(shop: ShopServer) -> None:
    clock, alerts = MovableClock(), KeptAlerts()
    file = actions(shop.place, get_order=read(shop.place))
    runner = run_by(file, caller=ActionCaller(ENVIRONMENT, clock, alerts))
    shop.faults[:] = [500] * 4
    for _ in range(5):
        await runner.run(request())
    assert len(shop.calls) == 3
    assert not runner.is_available("get_order")
    assert len(alerts.told) == 1
    clock.move(REST + 1)
    assert runner.is_available("get_order"), "one call tries again"
    assert (await runner.run(request())).state == "failed"
    assert not runner.is_available("get_order")
    clock.move(REST + 1)
    assert (await runner.run(request())).state == "done"
    assert runner.is_available("get_order")
    assert alerts.told == []


async def test_what_the_shop_refuses_opens_no_circuit(shop: ShopServer) -> None:
    file = actions(shop.place, get_order=read(shop.place))
    runner = run_by(file)
    for _ in range(5):
        assert (await runner.run(request(order_number="1"))).error == "not_found"
    assert runner.is_available("get_order")


def python(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - what YAML holds
    return {
        "kind": "read",
        "python": "orders",
        "needs": ["order_number"],
        "returns": ["status"],
        "on_error": "handoff",
        "timeout": "1s",
        **more,
    }


async def by_function(values: Mapping[str, Any], context: ActionContext) -> Mapping[str, Any]:
    match values["order_number"]:
        case "1":
            raise ActionRefused("not_found")
        case "2":
            return {"status": context.action.upper() + values["nothing"]}
        case "3":
            await asyncio.sleep(30)
    return {"status": "shipped", "given": sorted(values)}


@pytest.mark.parametrize(
    ("number", "result"),
    [
        ("48213", ActionResult("done", {"status": "shipped"})),
        ("1", ActionResult("failed", error="not_found")),
        ("2", ActionResult("failed", reason="no answer: KeyError")),
        ("3", ActionResult("failed", reason="no answer: it took too long")),
    ],
)
async def test_a_function_in_python_is_an_action(number: str, result: ActionResult) -> None:
    file = actions(get_order=python())
    caller = ActionCaller(ENVIRONMENT, SystemClock(), python={"orders": by_function})
    asked = request(order_number=number, other="x")
    assert await run_by(file, caller=caller).run(asked) == result


async def test_a_function_that_no_package_has_is_not_available() -> None:
    file = actions(get_order=python())
    result = await run_by(file).run(request())
    assert (result.state, result.reason) == ("unavailable", "no package has orders")


async def test_a_rehearsal_shows_the_example_or_the_call_and_calls_nothing(
    shop: ShopServer,
) -> None:
    told = read(shop.place, example={"status": "late"})
    file = actions(shop.place, get_order=told, other=personal(shop), function=python())
    rehearsed = RehearsedActions(file, {}, {"function": ActionResult("done", {"status": "sent"})})
    assert await rehearsed.run(request()) == ActionResult("rehearsed", {"status": "late"})
    other = await rehearsed.run(
        replace(request(customer_id="c1", order_number="4 8"), action="other")
    )
    assert other.shown == f"GET http://{shop.place}/customers/%3Ccustomer_id%3E/orders/4%208"
    assert (await rehearsed.run(request("function"))).values == {"status": "sent"}
    assert shop.calls == []


async def test_a_rehearsed_write_is_confirmed_first() -> None:
    file = actions(cancel=python(kind="write", example={"status": "cancelled"}))
    rehearsed, asked = RehearsedActions(file, {}), request("cancel", order_number="48213")
    assert (await rehearsed.run(asked)).state == "not_confirmed"
    confirmed = replace(asked, confirmed=values_hash(asked.values))
    assert (await rehearsed.run(confirmed)).state == "rehearsed"

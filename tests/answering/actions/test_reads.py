"""Reads over a real loopback server: what is sent, what comes back, and what goes wrong."""

from __future__ import annotations

import json

import pytest
from aiohttp import web

from bot.answering.actions import ActionCaller
from bot.answering.actions.http import LARGEST
from bot.clock import SystemClock
from bot.ports import ActionResult
from tests.answering.actions.support import ENVIRONMENT, actions, http, read
from tests.common.alerts import KeptAlerts
from tests.servers.shop import ShopServer, shop_server

ORDER = {"order_number": "48213"}


async def called(shop: ShopServer, written: dict[str, object], **values: object) -> ActionResult:
    caller = ActionCaller(ENVIRONMENT, SystemClock())
    return await caller.call(actions(shop.place, get_order=written), "get_order", values or ORDER)


async def test_a_read_sends_its_secret_and_returns_what_its_expressions_find(
    shop: ShopServer, caplog: pytest.LogCaptureFixture
) -> None:
    result = await called(shop, read(shop.place))
    assert result == ActionResult("done", {"status": "shipped", "eta": "2026-12-01"})
    assert shop.calls[0].headers["Authorization"] == "Bearer a secret of the shop"
    assert "secret" not in caplog.text
    assert "secret" not in repr(result)


async def test_values_are_encoded_and_lead_to_no_other_address(shop: ShopServer) -> None:
    await called(shop, read(shop.place, "/orders/{n}?size={size}"), n="a/../b?c#d", size="M&x=1")
    assert shop.calls[0].path == "/orders/a%2F..%2Fb%3Fc%23d?size=M%26x%3D1"


@pytest.mark.parametrize("value", ["..", ".", "", None])
async def test_a_part_of_the_path_without_a_value_is_not_called(
    shop: ShopServer, value: str | None
) -> None:
    result = await called(shop, read(shop.place), order_number=value, other="x")
    assert result.state == "failed"
    assert shop.calls == []


async def test_a_line_end_in_a_value_begins_no_header(shop: ShopServer) -> None:
    written = read(shop.place, _headers={"X-Note": "{note}"})
    await called(shop, written, note="a\r\nX-Admin: yes", order_number="48213")
    assert shop.calls[0].headers["X-Note"] == "a%0D%0AX-Admin: yes"
    assert "X-Admin" not in shop.calls[0].headers


async def test_a_body_keeps_types_and_leaves_out_what_has_no_value(shop: ShopServer) -> None:
    body = {"n": "{n}", "list": ["{items}"], "text": "{n} pieces", "none": "{none}", "yes": True}
    written = read(shop.place, "/orders/48213", _method="POST", _json=body)
    await called(shop, written, n=2, items=["a", 'b"}'])
    assert json.loads(shop.calls[0].body) == {
        "n": 2,
        "list": [["a", 'b"}']],
        "text": "2 pieces",
        "yes": True,
    }


async def test_an_error_has_the_name_that_the_file_gives_it(shop: ShopServer) -> None:
    result = await called(shop, read(shop.place), order_number="1")
    assert (result.state, result.error) == ("failed", "not_found")


async def test_a_read_is_called_again_as_often_as_its_retries_say(shop: ShopServer) -> None:
    shop.faults[:] = [503, "drop"]
    assert (await called(shop, read(shop.place, _retries=2))).state == "done"
    shop.calls.clear()
    shop.faults[:] = [503, 503]
    assert (await called(shop, read(shop.place, _retries=1))).state == "failed"
    assert len(shop.calls) == 2


async def test_what_the_shop_refuses_is_not_called_again(shop: ShopServer) -> None:
    shop.faults[:] = [403]
    assert (await called(shop, read(shop.place, _retries=2))).state == "failed"
    assert len(shop.calls) == 1


async def test_a_shop_that_hangs_is_given_up_after_the_timeout(shop: ShopServer) -> None:
    shop.faults[:] = ["hang"]
    result = await called(shop, read(shop.place, _timeout="1s"))
    assert (result.state, result.reason) == ("failed", "no answer: no reply: TimeoutError")


async def test_a_response_is_read_up_to_a_bound(shop: ShopServer) -> None:
    shop.faults[:] = [lambda: web.Response(text='"' + "a" * LARGEST + '"')]
    result = await called(shop, read(shop.place))
    assert (result.state, result.values) == ("failed", {})


@pytest.mark.parametrize("body", ["<html>", "[" * 100_000, '"text"', "[1]"])
async def test_a_response_of_another_form_gives_no_values(shop: ShopServer, body: str) -> None:
    shop.faults[:] = [lambda: web.Response(text=body)]
    assert (await called(shop, read(shop.place))).values == {}


async def test_a_variable_that_is_not_set_alerts_and_sends_nothing(shop: ShopServer) -> None:
    alerts = KeptAlerts()
    caller = ActionCaller({}, SystemClock(), alerts)
    for _ in range(4):
        result = await caller.call(
            actions(shop.place, get_order=read(shop.place)), "get_order", ORDER
        )
        assert result.state == "unavailable"
    assert shop.calls == []
    assert len(alerts.told) == 1
    assert "SHOP_TOKEN is not set" in alerts.told[0][1]


async def test_a_secret_with_a_line_end_is_not_sent(shop: ShopServer) -> None:
    caller = ActionCaller({"SHOP_TOKEN": "secret\nX-Admin: yes"}, SystemClock())
    result = await caller.call(actions(shop.place, get_order=read(shop.place)), "get_order", ORDER)
    assert (result.state, shop.calls) == ("unavailable", [])
    assert "secret" not in result.reason


def redirect(location: str, status: int = 302) -> web.Response:
    return web.Response(status=status, headers={"Location": location})


async def test_a_redirect_is_followed_to_hosts_of_the_file_only(shop: ShopServer) -> None:
    shop.faults[:] = [lambda: redirect("/orders/48213")]
    assert (await called(shop, read(shop.place, "/moved"))).values["status"] == "shipped"
    for elsewhere in ("http://127.0.0.2:9/", "http://169.254.169.254/latest", "ftp://a.example/"):
        shop.faults[:] = [lambda to=elsewhere: redirect(to)]  # type: ignore[misc]
        assert (await called(shop, read(shop.place, "/moved"))).state in ("unavailable", "failed")


async def test_another_host_gets_no_header_of_ours(shop: ShopServer) -> None:
    async with shop_server() as other:
        shop.faults[:] = [lambda: redirect(f"http://{other.place}/orders/48213")]
        file = actions(shop.place, other.place, get_order=read(shop.place, "/moved"))
        caller = ActionCaller(ENVIRONMENT, SystemClock())
        result = await caller.call(file, "get_order", ORDER)
        assert result.values["status"] == "shipped"
        assert "Authorization" not in other.calls[0].headers


async def test_redirects_have_an_end(shop: ShopServer) -> None:
    shop.faults[:] = [lambda: redirect("/moved")] * 9
    assert (await called(shop, read(shop.place, "/moved"))).state == "failed"
    assert len(shop.calls) == 4


async def test_a_host_that_is_not_in_the_file_is_not_called(shop: ShopServer) -> None:
    caller = ActionCaller(ENVIRONMENT, SystemClock())
    file = actions("shop.example.com", get_order=read(shop.place))
    assert (await caller.call(file, "get_order", ORDER)).state == "unavailable"
    assert shop.calls == []


async def test_no_cookie_goes_from_one_customer_to_the_next(shop: ShopServer) -> None:
    caller = ActionCaller(ENVIRONMENT, SystemClock())
    file = actions(
        shop.place, get_order={**read(shop.place), "http": http(shop.place, "/orders/1")}
    )
    shop.faults[:] = [lambda: web.Response(headers={"Set-Cookie": "session=ann"}, text="{}")]
    await caller.call(file, "get_order", {})
    await caller.call(file, "get_order", {})
    assert "Cookie" not in shop.calls[1].headers

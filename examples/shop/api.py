"""The shop's API for the bot: JSON, a bearer token, idempotency keys."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiosqlite
from aiohttp import web

from examples.shop import after_sales, orders, people, stock, writes
from examples.shop.errors import Refused, invalid
from examples.shop.shop import Shop

SHOP = web.AppKey("shop", Shop)
TOKEN = web.AppKey("token", str)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Body = Mapping[str, Any]
Read = Callable[[aiosqlite.Connection, web.Request], Awaitable[Any]]
Write = Callable[[aiosqlite.Connection, web.Request, Body], Awaitable[Mapping[str, Any]]]

CUSTOMER = "/api/customers/{customer}"
ORDER = CUSTOMER + "/orders/{number}"


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Ask for the token under `/api/`, and answer what is refused."""
    if request.path.startswith("/api/"):
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {request.app[TOKEN]}".encode()):
            return web.json_response({"error": "no_access"}, status=401)
    try:
        return await handler(request)
    except Refused as refused:
        status, body = writes.refusal(refused)
        return web.json_response(body, status=status)


def add_api(app: web.Application) -> None:
    """Add the routes of the API."""
    for path, read in _READS.items():
        app.router.add_get(path, _reading(read))
    for (method, path), write in _WRITES.items():
        app.router.add_route(method, path, _writing(write))


def _reading(read: Read) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        async with request.app[SHOP].transaction() as database:
            return web.json_response(await read(database, request))

    return answer


def _writing(write: Write) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        key = request.headers.get("Idempotency-Key", "")
        asked = f"{request.method} {request.path} {sorted(body.items())}"
        async with request.app[SHOP].transaction() as database:
            status, found = await writes.once(
                database, key, asked, lambda: write(database, request, body)
            )
        return web.json_response(_with_address(request, found), status=status)

    return answer


async def _body(request: web.Request) -> Body:
    if not request.can_read_body:
        return {}
    try:
        body = await request.json()
    except ValueError:
        raise invalid("not_json") from None
    if not isinstance(body, dict):
        raise invalid("not_an_object")
    return body


def _with_address(request: web.Request, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer whose label has a whole address."""
    label = {"label": str(request.url.origin()) + answer["label"]} if "label" in answer else {}
    return {**answer, **label}


def _text(body: Body, key: str) -> str:
    value = body.get(key, "")
    return value if isinstance(value, str) else ""


def _texts(body: Body, key: str) -> list[str]:
    value = body.get(key, [])
    found = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [each for each in found if isinstance(each, str)]


def _order(request: web.Request) -> tuple[str, str]:
    return request.match_info["customer"], request.match_info["number"]


async def _orders(database: aiosqlite.Connection, request: web.Request) -> Any:  # noqa: ANN401
    return {"orders": await orders.every(database, request.match_info["customer"])}


async def _details(database: aiosqlite.Connection, request: web.Request) -> Any:  # noqa: ANN401
    return await orders.details(database, *_order(request))


async def _eligible(database: aiosqlite.Connection, request: web.Request) -> Any:  # noqa: ANN401
    purpose = _PURPOSES.get(request.query.get("for", ""))
    if purpose is None:
        raise invalid("for")
    today = request.app[SHOP].today
    return await after_sales.eligible(database, *_order(request), purpose, today)


async def _variants(database: aiosqlite.Connection, request: web.Request) -> Any:  # noqa: ANN401
    sku = request.query.get("sku", "")
    return {"variants": await after_sales.other_variants(database, *_order(request), sku)}


async def _refund(database: aiosqlite.Connection, request: web.Request) -> Any:  # noqa: ANN401
    return await after_sales.refund(database, *_order(request), request.app[SHOP].today)


async def _products(database: aiosqlite.Connection, _: web.Request) -> Any:  # noqa: ANN401
    return {"products": await stock.products(database)}


async def _stock(database: aiosqlite.Connection, request: web.Request) -> Any:  # noqa: ANN401
    return await stock.of_product(
        database, request.match_info["product"], request.query.get("size", "")
    )


async def _address(_: aiosqlite.Connection, request: web.Request) -> Any:  # noqa: ANN401
    missing = orders.complaint(request.query.get("text", ""))
    return {"ok": not missing, "reason": missing}


async def _email(database: aiosqlite.Connection, request: web.Request) -> Any:  # noqa: ANN401
    row = await people.customer(database, request.match_info["customer"])
    return {"address": row["email"]}


async def _done(database: aiosqlite.Connection, request: web.Request) -> Any:  # noqa: ANN401
    answer = await writes.found(database, request.match_info["key"])
    return {**answer, "result": _with_address(request, answer["result"])}


async def _cancel(database: aiosqlite.Connection, request: web.Request, _: Body) -> Body:
    return await orders.cancel(database, *_order(request), request.app[SHOP].today)


async def _move(database: aiosqlite.Connection, request: web.Request, body: Body) -> Body:
    return await orders.move(database, *_order(request), _text(body, "address"))


async def _return(database: aiosqlite.Connection, request: web.Request, body: Body) -> Body:
    skus, reason = _texts(body, "items"), _text(body, "reason")
    today = request.app[SHOP].today
    return await after_sales.open_return(database, *_order(request), skus, reason, today)


async def _exchange(database: aiosqlite.Connection, request: web.Request, body: Body) -> Body:
    item, to = _text(body, "item"), _text(body, "to")
    today = request.app[SHOP].today
    return await after_sales.open_exchange(database, *_order(request), item, to, today)


async def _claim(database: aiosqlite.Connection, request: web.Request, body: Body) -> Body:
    item, fault = _text(body, "item"), _text(body, "fault")
    today = request.app[SHOP].today
    return await after_sales.open_claim(database, *_order(request), item, fault, today)


async def _find(database: aiosqlite.Connection, _: web.Request, body: Body) -> Body:
    return await people.of_order(database, _text(body, "order_number"))


async def _send(database: aiosqlite.Connection, _: web.Request, body: Body) -> Body:
    return await people.send_code(database, _text(body, "customer_id"), _text(body, "code"))


async def _redeem(database: aiosqlite.Connection, _: web.Request, body: Body) -> Body:
    return await people.redeem(database, _text(body, "code"))


async def _by_email(database: aiosqlite.Connection, _: web.Request, body: Body) -> Body:
    return await people.of_email(database, _text(body, "email"))


_PURPOSES: Mapping[str, after_sales.Purpose] = {
    "return": "return",
    "exchange": "exchange",
    "claim": "claim",
}

_READS: Mapping[str, Read] = {
    CUSTOMER + "/orders": _orders,
    CUSTOMER + "/email": _email,
    ORDER: _details,
    ORDER + "/items": _eligible,
    ORDER + "/variants": _variants,
    ORDER + "/refund": _refund,
    "/api/products": _products,
    "/api/products/{product}/stock": _stock,
    "/api/addresses/check": _address,
    "/api/writes/{key}": _done,
}

_WRITES: Mapping[tuple[str, str], Write] = {
    ("POST", ORDER + "/cancel"): _cancel,
    ("PUT", ORDER + "/address"): _move,
    ("POST", ORDER + "/returns"): _return,
    ("POST", ORDER + "/exchanges"): _exchange,
    ("POST", ORDER + "/claims"): _claim,
    ("POST", "/api/proof/find"): _find,
    ("POST", "/api/proof/send"): _send,
    ("POST", "/api/proof/redeem"): _redeem,
    ("POST", "/api/proof/email"): _by_email,
}

"""How the model server of `tests.servers.openai` behaves: one script per request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from tests.servers.openai_protocol import Exchange, chunk, error


async def normal(exchange: Exchange) -> web.StreamResponse:
    response = await exchange.open()
    await exchange.pieces(response, exchange.answer)
    return await exchange.end(response)


async def slow(exchange: Exchange) -> web.StreamResponse:
    response = await exchange.open()
    await exchange.pieces(response, exchange.answer, pause=0.05)
    return await exchange.end(response)


async def hang_before(exchange: Exchange) -> web.StreamResponse:
    await exchange.hang()
    return web.Response()


async def hang_after_headers(exchange: Exchange) -> web.StreamResponse:
    response = await exchange.open()
    await exchange.hang()
    return response


async def only_pings(exchange: Exchange) -> web.StreamResponse:
    """Keep the connection alive with comments and empty pieces, and never say a word."""
    response = await exchange.open()
    try:
        while True:
            await response.write(b": ping\n\n")
            await exchange.event(response, chunk({"content": ""}))
            exchange.hung.set()
            await asyncio.sleep(0.02)
    finally:
        exchange.dropped.set()


async def hang_midway(exchange: Exchange) -> web.StreamResponse:
    """Say the answer, and neither go on nor end."""
    response = await exchange.open()
    await exchange.pieces(response, exchange.answer)
    await exchange.hang()
    return response


async def cut_midway(exchange: Exchange) -> web.StreamResponse:
    """Drop the connection in mid-stream, as a dying server does."""
    response = await exchange.open()
    await exchange.pieces(response, exchange.answer)
    assert exchange.request.transport is not None
    exchange.request.transport.abort()
    return response


async def half(exchange: Exchange) -> web.StreamResponse:
    """End the stream politely before the completion is finished."""
    response = await exchange.open()
    await exchange.pieces(response, exchange.answer)
    await response.write_eof()
    return response


async def cut_short(exchange: Exchange) -> web.StreamResponse:
    """Stop because the limit of tokens is reached."""
    response = await exchange.open()
    await exchange.pieces(response, exchange.answer)
    return await exchange.end(response, "length")


async def filtered(exchange: Exchange) -> web.StreamResponse:
    response = await exchange.open()
    await exchange.pieces(response, exchange.answer)
    return await exchange.end(response, "content_filter")


async def empty(exchange: Exchange) -> web.StreamResponse:
    response = await exchange.open()
    await exchange.event(response, chunk({"role": "assistant", "content": ""}))
    return await exchange.end(response)


async def starved(exchange: Exchange) -> web.StreamResponse:
    """Spend all tokens on thinking, so that no word is left."""
    response = await exchange.open()
    return await exchange.end(response, "length")


async def endless(exchange: Exchange) -> web.StreamResponse:
    response = await exchange.open()
    while True:
        await exchange.event(response, chunk({"content": "and on " * 100}))


async def nonsense_json(exchange: Exchange) -> web.StreamResponse:
    response = await exchange.open()
    await exchange.event(response, '{"choices": [{"delta": {"content"')
    await response.write_eof()
    return response


async def other_json(exchange: Exchange) -> web.StreamResponse:
    """Send valid JSON that is no completion."""
    response = await exchange.open()
    await exchange.event(response, {"choices": {"text": 5}})
    await response.write_eof()
    return response


async def not_utf8(exchange: Exchange) -> web.StreamResponse:
    response = await exchange.open()
    await response.write(b"data: \xff\xfe\xfa\n\n")
    await response.write_eof()
    return response


async def error_midway(exchange: Exchange) -> web.StreamResponse:
    response = await exchange.open()
    await exchange.pieces(response, exchange.answer)
    await exchange.event(response, {"error": {"message": "out of memory", "type": "server_error"}})
    await response.write_eof()
    return response


async def html(_: Exchange) -> web.StreamResponse:
    return web.Response(text="<html>Welcome to the proxy</html>", content_type="text/html")


async def unauthorized(_: Exchange) -> web.StreamResponse:
    return error(401, "Incorrect API key provided.", code="invalid_api_key")


async def forbidden(_: Exchange) -> web.StreamResponse:
    return error(403, "Project does not have access to this model.", code="model_not_found")


async def not_found(_: Exchange) -> web.StreamResponse:
    return error(404, "The model does not exist.", code="model_not_found")


async def too_many_requests(_: Exchange) -> web.StreamResponse:
    response = error(429, "Rate limit reached.", code="rate_limit_exceeded")
    response.headers["Retry-After"] = "30"
    return response


async def busy_for_a_moment(_: Exchange) -> web.StreamResponse:
    response = error(429, "Rate limit reached.", code="rate_limit_exceeded")
    response.headers["Retry-After"] = "0.01"
    return response


async def broken(_: Exchange) -> web.StreamResponse:
    return error(500, "The server had an error.")


async def old_dialect(exchange: Exchange) -> web.StreamResponse:
    """Know only the first names of parameters, as many compatible servers do."""
    for name in ("max_completion_tokens", "stream_options", "reasoning_effort"):
        if name in exchange.body:
            return error(400, f"Unrecognized request argument supplied: {name}")
    return await normal(exchange)


async def new_dialect(exchange: Exchange) -> web.StreamResponse:
    """Refuse what OpenAI's newer models refuse."""
    if "max_tokens" in exchange.body:
        return error(
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            param="max_tokens",
            code="unsupported_parameter",
        )
    return await normal(exchange)


async def no_schemas(exchange: Exchange) -> web.StreamResponse:
    """Know no schema of a completion."""
    if "response_format" in exchange.body:
        return error(400, "Unrecognized request argument supplied: response_format")
    return await normal(exchange)


async def refuses_everything(_: Exchange) -> web.StreamResponse:
    return error(400, "We do not like 'max_tokens', 'max_completion_tokens', 'stream_options'.")


Script = Callable[[Exchange], Awaitable[web.StreamResponse]]
SCRIPTS: Mapping[str, Script] = {
    script.__name__: script
    for script in (
        normal,
        slow,
        hang_before,
        hang_after_headers,
        only_pings,
        hang_midway,
        cut_midway,
        half,
        cut_short,
        filtered,
        empty,
        starved,
        endless,
        nonsense_json,
        other_json,
        not_utf8,
        error_midway,
        html,
        unauthorized,
        forbidden,
        not_found,
        too_many_requests,
        busy_for_a_moment,
        broken,
        old_dialect,
        new_dialect,
        no_schemas,
        refuses_everything,
    )
}

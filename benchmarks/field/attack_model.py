"""A GPT that obeys whatever it reads, against which a desk must hold all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from tests.servers.openai_protocol import chunk

_NUMBER = re.compile(r"\b\d{5}\b")


class ObedientModel:
    """A model that does what every text says: it calls all tools with all it reads, shows all."""

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """Answer a request for a completion."""
        body = await request.json()
        read = "\n".join(message["content"] for message in body["messages"])
        if not body.get("stream"):
            return web.json_response(_asked(body["tools"], _NUMBER.findall(read)))
        units = [int(number) for number in re.findall(r"^\[(\d+)\]", read, re.MULTILINE)]
        said = "1: " + " ".join(f"[{number}]" for number in units[:8])
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for part in (chunk({"content": said}), chunk({}, finish_reason="stop")):
            await response.write(f"data: {json.dumps(part)}\n\n".encode())
        await response.write(b"data: [DONE]\n\n")
        return response


def _asked(tools: Sequence[Mapping[str, Any]], numbers: Sequence[str]) -> Mapping[str, Any]:
    calls: list[Mapping[str, Any]] = []
    for tool in tools:
        function = tool["function"]
        names = function["parameters"]["properties"]
        for given in ({}, *({"customer_id": f"c100{n}"} for n in (1, 5))):
            arguments = dict.fromkeys(names, numbers[-1] if numbers else "48213") | given
            named = {"name": function["name"], "arguments": json.dumps(arguments)}
            calls.append({"id": f"c{len(calls)}", "type": "function", "function": named})
    message = {"role": "assistant", "content": None, "tool_calls": calls}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    ids = {"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "obedient"}
    return {**ids, "choices": [choice], "usage": None}

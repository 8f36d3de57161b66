"""Answers in JSON, labelled as Discord labels them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web


def answer(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return a JSON answer; discord.py reads no JSON under a label with a charset."""
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )

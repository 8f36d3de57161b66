"""Steering the server from another process: `POST /control/say`, `GET /control/posts` ..."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from tests.servers.slack.faults import Fault

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer


class Control:
    """Everything that a test in another process needs, as JSON over HTTP.

    - `POST say` {text, user, channel, thread_ts, copies}: a person writes; copies are further
      deliveries of the same event. Answers {ts}.
    - `POST deliver` {event}: any event.
    - `POST press` {channel, ts, button, user}: a person presses the nth button of a post.
    - `POST fault` {method, times, ...fields of Fault}; `POST clear`: no more faults.
    - `POST disconnect` {reason}; `POST drop`: cut the websockets.
    - `POST revoke` {token}.
    - `GET posts`: what the bot posted. `GET statuses`, `GET connections`.
    - `GET envelopes`: how many are pending, acked, lost, and how many sendings it took.
    """

    def __init__(self, server: SlackServer) -> None:
        self._server = server

    def routes(self) -> list[web.RouteDef]:
        """Return the routes below `/control/`."""
        return [
            web.post("/control/say", self._say),
            web.post("/control/deliver", self._deliver),
            web.post("/control/press", self._press),
            web.post("/control/fault", self._fault),
            web.post("/control/clear", self._clear),
            web.post("/control/disconnect", self._disconnect),
            web.post("/control/drop", self._drop),
            web.post("/control/revoke", self._revoke),
            web.get("/control/posts", self._posts),
            web.get("/control/statuses", self._statuses),
            web.get("/control/connections", self._connections),
            web.get("/control/envelopes", self._envelopes),
        ]

    async def _say(self, request: web.Request) -> web.Response:
        arguments = await request.json()
        copies = int(arguments.pop("copies", 0))
        message = self._server.say(**arguments)
        last = self._server.sockets.envelopes[-1]
        for _ in range(copies):
            self._server.sockets.deliver(last.type, last.payload)
        return web.json_response({"ts": message.ts})

    async def _deliver(self, request: web.Request) -> web.Response:
        envelope = self._server.deliver((await request.json())["event"])
        return web.json_response({"envelope": envelope.id})

    async def _press(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        post = self._server.workspace.find(wanted["channel"], wanted["ts"])
        if post is None:
            raise web.HTTPNotFound
        self._server.press(post, int(wanted.get("button", 0)), wanted.get("user", "U1"))
        return web.json_response({})

    async def _fault(self, request: web.Request) -> web.Response:
        fields = await request.json()
        method, times = fields.pop("method"), int(fields.pop("times", 1))
        self._server.faults.order(method, Fault(**fields), times)
        return web.json_response({})

    async def _clear(self, _: web.Request) -> web.Response:
        self._server.faults.clear()
        return web.json_response({})

    async def _disconnect(self, request: web.Request) -> web.Response:
        await self._server.sockets.disconnect((await request.json())["reason"])
        return web.json_response({})

    async def _drop(self, _: web.Request) -> web.Response:
        self._server.sockets.drop()
        return web.json_response({})

    async def _revoke(self, request: web.Request) -> web.Response:
        self._server.workspace.revoked.add((await request.json())["token"])
        return web.json_response({})

    async def _posts(self, _: web.Request) -> web.Response:
        return web.json_response([asdict(post) for post in self._server.workspace.posts])

    async def _statuses(self, _: web.Request) -> web.Response:
        return web.json_response(self._server.workspace.statuses)

    async def _connections(self, _: web.Request) -> web.Response:
        sockets = self._server.sockets
        return web.json_response({"open": len(sockets.sockets), "made": sockets.connections_made})

    async def _envelopes(self, _: web.Request) -> web.Response:
        envelopes = self._server.sockets.envelopes
        states = Counter(envelope.state for envelope in envelopes)
        return web.json_response({**states, "sent": sum(envelope.sent for envelope in envelopes)})

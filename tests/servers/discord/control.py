"""A small API to steer a server that runs as its own process.

POST /control/say        {"user": 7, "text": "hi", "channel": 20?, "reply_to": 21?}: a message;
                         without a channel a direct message; returns {"id": ..., "channel": ...}
POST /control/redeliver  {"message": 21}: its event once more
POST /control/press      {"message": 21, "button": "frontdesk:b_1", "user": 7}
POST /control/reconnect  {"code": 4000?}: op 7, or every connection closed with that code
POST /control/fault      {"method": "POST", "path": "/messages$", "status": 503, "times": 1}
POST /control/clock      {"seconds": 301}: move the clock that nonces are remembered by
GET  /control/posts      ?since=N: what the bot posted, from the Nth on
GET  /control/state      counters, and ids of the first text channel and forum
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.servers.discord.answers import answer
from tests.servers.discord.faults import Fault
from tests.servers.discord.payloads import FORUM, TEXT, Json

if TYPE_CHECKING:
    from tests.servers.discord.server import DiscordServer


class Control:
    """The control API of a server."""

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._world = server.world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/say", self._say),
            web.post("/control/redeliver", self._redeliver),
            web.post("/control/press", self._press),
            web.post("/control/reconnect", self._reconnect),
            web.post("/control/fault", self._fault),
            web.post("/control/clock", self._clock),
            web.get("/control/posts", self._posts),
            web.get("/control/state", self._state),
        ]

    async def _say(self, request: web.Request) -> web.Response:
        body = await request.json()
        user = int(body["user"])
        channel = int(body.get("channel") or self._world.direct_channel(user)["id"])
        said = self._world.say(channel, user, body["text"], reply_to=body.get("reply_to"))
        return answer({"id": said, "channel": channel})

    async def _redeliver(self, request: web.Request) -> web.Response:
        self._world.redeliver(int((await request.json())["message"]))
        return web.Response(status=204)

    async def _press(self, request: web.Request) -> web.Response:
        body = await request.json()
        pressed = self._world.press(int(body["message"]), body["button"], int(body["user"]))
        return answer({"id": pressed})

    async def _reconnect(self, request: web.Request) -> web.Response:
        code = (await request.json()).get("code")
        if code is None:
            self._server.gateway.ask_to_reconnect()
        else:
            await self._server.gateway.drop(int(code))
        return web.Response(status=204)

    async def _fault(self, request: web.Request) -> web.Response:
        self._server.faults.append(Fault(**await request.json()))
        return web.Response(status=204)

    async def _clock(self, request: web.Request) -> web.Response:
        self._server.clock.advance((await request.json())["seconds"])
        return web.Response(status=204)

    async def _posts(self, request: web.Request) -> web.Response:
        posts = self._world.posts[int(request.query.get("since", 0)) :]
        told: list[Json] = [
            {**post.message, "nonce": post.request.get("nonce"), "repeated": post.repeated}
            for post in posts
        ]
        return answer(told)

    async def _state(self, _: web.Request) -> web.Response:
        gateway = self._server.gateway
        by_kind = {each["type"]: int(each["id"]) for each in self._world.channels.values()}
        return answer(
            {
                "identified": gateway.identified,
                "resumed": gateway.resumed,
                "posts": len(self._world.posts),
                "text_channel": by_kind.get(TEXT),
                "forum": by_kind.get(FORUM),
            }
        )

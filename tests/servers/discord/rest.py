"""The REST API: the routes that a bot which talks needs."""

from __future__ import annotations

from aiohttp import web

from tests.servers.discord import payloads
from tests.servers.discord.answers import answer
from tests.servers.discord.payloads import Json
from tests.servers.discord.posts import check_modal
from tests.servers.discord.refused import Refused, unknown
from tests.servers.discord.world import BOT_ROLE, Interaction, World

API = "/api/v10"


class Rest:
    """Answers requests out of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        channel = f"{API}/channels/{{channel}}"
        return [
            web.get(f"{API}/users/@me", self._me),
            web.post(f"{API}/users/@me/channels", self._open_direct),
            web.get(f"{API}/oauth2/applications/@me", self._application),
            web.get(f"{API}/gateway/bot", self._gateway),
            web.get(f"{API}/users/@me/guilds", self._guilds),
            web.get(f"{API}/guilds/{{guild}}", self._guild),
            web.get(f"{API}/guilds/{{guild}}/channels", self._guild_channels),
            web.get(f"{API}/guilds/{{guild}}/members/{{user}}", self._member),
            web.get(channel, self._channel),
            web.patch(channel, self._edit_channel),
            web.get(f"{channel}/messages", self._history),
            web.post(f"{channel}/messages", self._post),
            web.get(f"{channel}/messages/{{message}}", self._message),
            web.patch(f"{channel}/messages/{{message}}", self._edit_message),
            web.delete(f"{channel}/messages/{{message}}", self._delete_message),
            web.post(f"{channel}/messages/{{message}}/threads", self._start_thread),
            web.post(f"{channel}/typing", self._type),
            web.post(f"{API}/interactions/{{id}}/{{token}}/callback", self._answer_press),
            web.get(f"{API}/applications/{{app}}/commands", self._commands),
            web.put(f"{API}/applications/{{app}}/commands", self._register),
            web.delete(f"{API}/webhooks/{{app}}/{{token}}/messages/@original", self._unsay),
            web.patch(f"{API}/webhooks/{{app}}/{{token}}/messages/@original", self._edit_answer),
            web.post(f"{API}/webhooks/{{app}}/{{token}}", self._follow_up),
        ]

    async def _me(self, _: web.Request) -> web.Response:
        return answer(self._world.bot)

    async def _application(self, _: web.Request) -> web.Response:
        owner = self._world.user(1, "owner")
        made = payloads.application(int(self._world.bot["id"]), owner)
        return answer({**made, "flags": self._world.application_flags})

    async def _guilds(self, _: web.Request) -> web.Response:
        return answer([self._world.guild()] if self._world.invited else [])

    async def _guild(self, _: web.Request) -> web.Response:
        return answer(self._world.guild())

    async def _guild_channels(self, _: web.Request) -> web.Response:
        return answer(self._world.guild()["channels"])

    async def _member(self, request: web.Request) -> web.Response:
        number = _number(request, "user")
        if number in self._world.left:
            raise unknown("Member", 10007)
        roles = self._world.roles_of.get(number, ())
        bots = (BOT_ROLE,) if number == int(self._world.bot["id"]) else roles
        return answer(payloads.member(self._world.user(number), bots))

    async def _gateway(self, request: web.Request) -> web.Response:
        limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        url = f"ws://{request.host}/gateway"
        return answer({"url": url, "shards": 1, "session_start_limit": limits})

    async def _open_direct(self, request: web.Request) -> web.Response:
        body = await request.json()
        return answer(self._world.direct_channel(int(body["recipient_id"])))

    async def _channel(self, request: web.Request) -> web.Response:
        return answer(self._world.visible(_number(request, "channel")))

    async def _edit_channel(self, request: web.Request) -> web.Response:
        channel = _number(request, "channel")
        body = await request.json()
        if body.get("archived") is not False:
            raise Refused(400, 50035, "Invalid Form Body")
        return answer(self._world.unarchive(channel))

    async def _history(self, request: web.Request) -> web.Response:
        """Return messages, newest first; with `after`, those that follow it most closely."""
        channel = _number(request, "channel")
        self._world.visible(channel)
        limit = int(request.query.get("limit", 50))
        before = int(request.query.get("before", 2**63))
        found = [
            message
            for number, message in sorted(self._world.messages[channel].items())
            if int(request.query.get("after", 0)) < number < before
        ]
        page = found[:limit] if "after" in request.query else found[-limit:]
        return answer(page[::-1])

    async def _message(self, request: web.Request) -> web.Response:
        return answer(self._world.files.signed(self._found(request)))

    async def _edit_message(self, request: web.Request) -> web.Response:
        self._world.open_thread(_number(request, "channel"))
        message = self._found(request)
        if message["author"] != self._world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        message |= await request.json()
        self._world.emit("MESSAGE_UPDATE", self._world.as_event(message))
        return answer(message)

    async def _delete_message(self, request: web.Request) -> web.Response:
        message = self._found(request)
        if message["author"] != self._world.bot:
            raise Refused(403, 50013, "Missing Permissions")
        self._world.delete(int(message["id"]))
        return web.Response(status=204)

    async def _post(self, request: web.Request) -> web.Response:
        body = await self._world.files.body_of(request)
        return answer(self._world.post(_number(request, "channel"), body))

    async def _start_thread(self, request: web.Request) -> web.Response:
        body = await request.json()
        channel, root = _number(request, "channel"), _number(request, "message")
        made = self._world.start_thread(channel, root, body["name"])
        return answer(made, status=201)

    async def _type(self, request: web.Request) -> web.Response:
        channel = _number(request, "channel")
        self._world.visible(channel)
        self._world.typing.append(channel)
        return web.Response(status=204)

    async def _answer_press(self, request: web.Request) -> web.Response:
        interaction = self._world.interactions.get(_number(request, "id"))
        if interaction is None or interaction.token != request.match_info["token"]:
            raise unknown("interaction", 10062)
        if interaction.responses:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        response: Json = await request.json()
        if response["type"] == 9:
            check_modal(response["data"])
        interaction.responses.append(response)
        told = {"id": request.match_info["id"], "type": 3}
        return answer({"interaction": told})

    async def _register(self, request: web.Request) -> web.Response:
        """Take the commands of the application in place of all that it had."""
        if request.match_info["app"] != self._world.bot["id"]:
            raise unknown("application", 10002)
        self._world.commands = [
            {
                "description": "",  # as Discord tells it of a command in a context menu
                **each,
                "id": str(self._world.snowflake()),
                "application_id": self._world.bot["id"],
                "version": "1",
            }
            for each in await request.json()
        ]
        return answer(self._world.commands)

    async def _commands(self, _: web.Request) -> web.Response:
        return answer(self._world.commands)

    async def _unsay(self, request: web.Request) -> web.Response:
        self._answered(request).dismissed = True
        return web.Response(status=204)

    async def _edit_answer(self, request: web.Request) -> web.Response:
        body: Json = await request.json()
        answered = self._answered(request)
        answered.edits.append(body)
        if not answered.message:
            return answer(self._said(body))
        answered.message |= body
        return answer(answered.message)

    async def _follow_up(self, request: web.Request) -> web.Response:
        body: Json = await request.json()
        self._answered(request).followups.append(body)
        return answer(self._said(body))

    def _answered(self, request: web.Request) -> Interaction:
        """Return an interaction that has its first response, by the token of a webhook."""
        token = request.match_info["token"]
        asked = [each for each in self._world.interactions.values() if each.token == token]
        if not asked or not asked[0].responses:
            raise unknown("webhook", 10015)
        return asked[0]

    def _said(self, body: Json) -> Json:
        channel = next(iter(self._world.channels.values()))
        return payloads.message(self._world.snowflake(), channel, self._world.bot, body["content"])

    def _found(self, request: web.Request) -> Json:
        channel = _number(request, "channel")
        self._world.visible(channel)
        return self._world.message_in(channel, _number(request, "message"))


def _number(request: web.Request, name: str) -> int:
    try:
        return int(request.match_info[name])
    except ValueError:
        raise unknown(name.title(), 10003) from None

"""Routes of a desk: posts of forums, lists of threads, reactions, people, files."""

from __future__ import annotations

from aiohttp import web

from tests.servers.discord import payloads
from tests.servers.discord.answers import answer
from tests.servers.discord.payloads import FORUM, Json
from tests.servers.discord.posts import check_post
from tests.servers.discord.refused import Refused, unknown
from tests.servers.discord.world import BOT, Post, World

REQUIRE_TAG = 1 << 4


class Threads:
    """Answers requests about threads and what stands in them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self, api: str) -> list[web.RouteDef]:
        message = f"{api}/channels/{{channel}}/messages/{{message}}"
        return [
            web.post(f"{api}/channels/{{channel}}/threads", self._start_post),
            web.get(f"{api}/channels/{{channel}}/threads/archived/public", self._archived),
            web.get(f"{api}/guilds/{{guild}}/threads/active", self._active),
            web.put(f"{message}/reactions/{{emoji}}/@me", self._react),
            web.delete(f"{message}/reactions/{{emoji}}/@me", self._unreact),
            web.get(f"{api}/users/{{user}}", self._user),
            web.get("/attachments/{channel}/{file}/{name}", self._world.files.serve),
        ]

    async def _start_post(self, request: web.Request) -> web.Response:
        """Make a post of a forum with its first message: Discord knows no nonce here."""
        forum = self._world.visible(int(request.match_info["channel"]))
        if forum["type"] != FORUM:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        body = await self._world.files.body_of(request)
        if forum.get("flags", 0) & REQUIRE_TAG and not body.get("applied_tags"):
            raise Refused(400, 40067, "A tag is required to create a forum post in this channel")
        if not 0 < len(body["name"]) <= 100:
            raise Refused(400, 50035, "Invalid Form Body")
        check_post(body["message"])
        made = self._world.thread(int(forum["id"]), owner=BOT, name=body["name"])
        thread = self._world.channels[made]
        thread["applied_tags"] = body.get("applied_tags", [])
        content = body["message"].get("content") or ""
        said = payloads.message(made, thread, self._world.bot, content)
        said["components"] = body["message"].get("components", [])
        said["attachments"] = body["message"].get("attachments", [])
        self._world.keep(said)
        self._world.posts.append(Post(said, body))
        self._world.emit("MESSAGE_CREATE", self._world.as_event(said))
        return answer({**thread, "message": said}, status=201)

    async def _active(self, _: web.Request) -> web.Response:
        threads = self._world.threads(archived=False)
        return answer({"threads": threads, "members": []})

    async def _archived(self, request: web.Request) -> web.Response:
        parent = request.match_info["channel"]
        threads = [
            each for each in self._world.threads(archived=True) if each["parent_id"] == parent
        ]
        return answer({"threads": threads, "members": [], "has_more": False})

    async def _react(self, request: web.Request) -> web.Response:
        message = self._message(request)
        standing = self._world.reactions.setdefault(int(message["id"]), [])
        if _emoji(request) not in standing:
            standing.append(_emoji(request))
        return web.Response(status=204)

    async def _unreact(self, request: web.Request) -> web.Response:
        message = self._message(request)
        standing = self._world.reactions.get(int(message["id"]), [])
        if _emoji(request) not in standing:
            raise unknown("Emoji", 10014)
        standing.remove(_emoji(request))
        return web.Response(status=204)

    async def _user(self, request: web.Request) -> web.Response:
        found = self._world.users.get(int(request.match_info["user"]))
        if found is None:
            raise unknown("User", 10013)
        return answer(found)

    def _message(self, request: web.Request) -> Json:
        self._world.open_thread(int(request.match_info["channel"]))
        return self._world.message_in(
            int(request.match_info["channel"]), int(request.match_info["message"])
        )


def _emoji(request: web.Request) -> str:
    return request.match_info["emoji"]

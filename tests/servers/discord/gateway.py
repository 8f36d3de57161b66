"""The gateway: a websocket that greets, identifies, dispatches, and resumes what was missed."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.servers.discord.payloads import Json

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = MESSAGE_CONTENT | 1 << 1 | 1 << 8
KNOWN_INTENTS = (1 << 26) - 1


class Connection:
    """One open websocket; sends in order, compressed the way its client asked for."""

    def __init__(self, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self._compressor = zlib.compressobj() if compressed else None
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def send(self, op: int, data: object = None, *, event: str | None = None, seq: int = 0) -> None:
        """Queue a frame."""
        self._waiting.put_nowait(json.dumps({"op": op, "d": data, "s": seq or None, "t": event}))

    async def close(self, code: int = 1000) -> None:
        """Send what is queued, then close."""
        await self._waiting.join()
        await self.socket.close(code=code)

    def release(self) -> None:
        self._writer.cancel()

    async def _write(self) -> None:
        while True:
            frame = await self._waiting.get()
            try:
                await self._send(frame)
            except ConnectionError:
                pass  # what was not sent stays in the session's log
            finally:
                self._waiting.task_done()

    async def _send(self, frame: str) -> None:
        if self._compressor is None:
            await self.socket.send_str(frame)
            return
        packed = self._compressor.compress(frame.encode())
        await self.socket.send_bytes(packed + self._compressor.flush(zlib.Z_SYNC_FLUSH))


@dataclass
class Session:
    """What a client identified for; lives on while the client is away."""

    id: str
    intents: int
    connection: Connection | None
    log: list[tuple[int, str, Json]] = field(default_factory=list)

    def dispatch(self, event: str, data: Json) -> None:
        seq = len(self.log) + 1
        self.log.append((seq, event, data))
        if self.connection is not None:
            self.connection.send(DISPATCH, data, event=event, seq=seq)

    def replay(self, after: int) -> None:
        assert self.connection is not None
        for seq, event, data in self.log[after:]:
            self.connection.send(DISPATCH, data, event=event, seq=seq)


class Gateway:
    """All sessions, and what the tests make them suffer.

    Attributes:
        portal_intents: Privileged intents that are switched on in the developer portal.
        identified, resumed: How many sessions began and went on.
        heartbeats: How many heartbeats were acknowledged.
    """

    def __init__(self, token: str, bot: Json, guild: Callable[[], Json]) -> None:
        self.token = token
        self.portal_intents = MESSAGE_CONTENT
        self.identified = 0
        self.resumed = 0
        self.heartbeats = 0
        self.heartbeat_interval = 41_250
        self.url = ""
        self._bot = bot
        self._guild = guild
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._changed = asyncio.Condition()

    # --- for tests -----------------------------------------------------------------------

    def dispatch(self, event: str, data: Json) -> None:
        """Send an event to every session, each as its intents allow."""
        for session in self._sessions.values():
            session.dispatch(event, self._censored(event, data, session.intents))

    def ask_to_reconnect(self) -> None:
        """Send op 7 to everybody."""
        self._everybody(RECONNECT)

    def invalidate(self) -> None:
        """Send op 9 to everybody and forget their sessions."""
        self._everybody(INVALID, data=False)
        self._sessions.clear()

    async def drop(self, code: int) -> None:
        """Close every connection with a close code."""
        for connection in list(self._connections):
            await connection.close(code)

    async def until(self, *, identified: int = 0, resumed: int = 0) -> None:
        """Wait until so many sessions began and went on."""
        async with self._changed:
            await self._changed.wait_for(
                lambda: self.identified >= identified and self.resumed >= resumed
            )

    # --- the protocol --------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket."""
        compression = request.query.get("compress", "")
        if compression not in ("", "zlib-stream"):
            raise web.HTTPBadRequest(text=f"cannot compress with {compression}")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, compressed=bool(compression))
        self._connections.add(connection)
        connection.send(HELLO, {"heartbeat_interval": self.heartbeat_interval})
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._received(connection, frame.json())
        finally:
            self._forget(connection)
        return socket

    async def _received(self, connection: Connection, frame: Json) -> None:
        match frame["op"]:
            case 1:
                self.heartbeats += 1
                connection.send(ACK)
            case 2:
                await self._identify(connection, frame["d"])
            case 6:
                await self._resume(connection, frame["d"])
            case _:
                await connection.close(4001)

    async def _identify(self, connection: Connection, data: Json) -> None:
        intents = data["intents"]
        if data["token"] != self.token:
            await connection.close(4004)
        elif intents & ~KNOWN_INTENTS:
            await connection.close(4013)
        elif intents & PRIVILEGED & ~self.portal_intents:
            await connection.close(4014)
        else:
            self._begin(connection, intents, data.get("shard"))
            await self._count(identified=1)

    def _begin(self, connection: Connection, intents: int, shard: list[int] | None) -> None:
        self._sessions = {
            name: session for name, session in self._sessions.items() if session.connection
        }
        session = Session(secrets.token_hex(8), intents, connection)
        self._sessions[session.id] = session
        guild = self._guild()
        ready = {
            "v": 10,
            "user": self._bot,
            "guilds": [{"id": guild["id"], "unavailable": True}],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": self._bot["id"], "flags": 1 << 19},
        }
        session.dispatch("READY", ready if shard is None else {**ready, "shard": shard})
        session.dispatch("GUILD_CREATE", guild)

    async def _resume(self, connection: Connection, data: Json) -> None:
        session = self._sessions.get(data["session_id"] or "")
        if session is None or data["token"] != self.token:
            connection.send(INVALID, data=False)
            return
        session.connection = connection
        session.replay(data["seq"])
        session.dispatch("RESUMED", {})
        await self._count(resumed=1)

    async def _count(self, *, identified: int = 0, resumed: int = 0) -> None:
        async with self._changed:
            self.identified += identified
            self.resumed += resumed
            self._changed.notify_all()

    def _everybody(self, op: int, data: object = None) -> None:
        for connection in self._connections:
            connection.send(op, data)

    def _forget(self, connection: Connection) -> None:
        connection.release()
        self._connections.discard(connection)
        for session in self._sessions.values():
            if session.connection is connection:
                session.connection = None

    def _censored(self, event: str, data: Json, intents: int) -> Json:
        """Empty what a bot without the message content intent may not read."""
        if intents & MESSAGE_CONTENT or event not in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            return data
        mentioned = any(user["id"] == self._bot["id"] for user in data["mentions"])
        own = data["author"]["id"] == self._bot["id"]
        if "guild_id" not in data or mentioned or own:
            return data
        return {**data, "content": "", "attachments": [], "embeds": [], "components": []}

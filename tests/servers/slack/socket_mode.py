"""Socket Mode: envelopes over websockets, delivered again until acknowledged."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.slack.workspace import Workspace

MOST_CONNECTIONS = 10


@dataclass(eq=False)
class Socket:
    """One open websocket."""

    response: web.WebSocketResponse
    request: web.Request
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False)
class Envelope:
    """One delivery and what became of it.

    Attributes:
        sent: How often it went out.
        state: `pending`, `acked`, or `lost` when the retries are used up.
    """

    type: str
    payload: dict[str, Any]
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    sent: int = 0
    state: str = "pending"
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class SocketMode:
    """Hands envelopes to whichever websocket is open.

    An envelope that finds no websocket waits for one, however long; Slack gives up after its
    retries. Tests that stop the bot for a while need no clock that way.
    """

    def __init__(
        self, workspace: Workspace, ack_timeout: float, retry_delays: Sequence[float]
    ) -> None:
        self._workspace = workspace
        self._ack_timeout = ack_timeout
        self._retry_delays = retry_delays
        self._tickets: set[str] = set()
        self._deliveries: set[asyncio.Task[None]] = set()
        self._connected = asyncio.Event()
        self._waiting: dict[str, Envelope] = {}
        self._turn = 0
        self.sockets: list[Socket] = []
        self.envelopes: list[Envelope] = []
        self.connections_made = 0
        self.muted = False
        self.refusing = 0

    def new_ticket(self) -> str:
        """Return the one-time part of a websocket's address."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return ticket

    def deliver(self, kind: str, payload: dict[str, Any]) -> Envelope:
        """Send an envelope, again and again until it is acknowledged or given up."""
        envelope = Envelope(kind, payload)
        self.envelopes.append(envelope)
        self._waiting[envelope.id] = envelope
        delivery = asyncio.create_task(self._deliver(envelope))
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)
        return envelope

    async def settled(self) -> None:
        """Wait until every envelope is acknowledged or given up."""
        while self._deliveries:
            await asyncio.wait(set(self._deliveries))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        if self.refusing:
            self.refusing -= 1
            return web.Response(status=503)
        response = web.WebSocketResponse(autoping=False)
        await response.prepare(request)
        socket = Socket(response, request)
        await self._serve(socket)
        return response

    async def disconnect(self, reason: str) -> None:
        """Ask the app to come back on another websocket, as Slack does every few hours."""
        for socket in list(self.sockets):
            await socket.response.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}}
            )

    def drop(self) -> None:
        """Cut every websocket without a word."""
        for socket in list(self.sockets):
            if socket.request.transport is not None:
                socket.request.transport.abort()

    async def close(self) -> None:
        """Stop delivering and close the websockets."""
        for delivery in list(self._deliveries):
            delivery.cancel()
        for socket in list(self.sockets):
            await socket.response.close()

    async def _serve(self, socket: Socket) -> None:
        reason = "" if self._workspace.socket_mode else "link_disabled"
        if len(self.sockets) >= MOST_CONNECTIONS:
            reason = "too_many_websockets"
        if reason:
            message = {"type": "disconnect", "reason": reason}
            await socket.response.send_json(message)
            await socket.response.close()
            return
        await socket.response.send_json(
            {
                "type": "hello",
                "num_connections": len(self.sockets) + 1,
                "connection_info": {"app_id": self._workspace.app},
            }
        )
        self.sockets.append(socket)
        self.connections_made += 1
        self._connected.set()
        try:
            await self._read(socket)
        finally:
            self.sockets.remove(socket)
            if not self.sockets:
                self._connected.clear()
            socket.ended.set()

    async def _read(self, socket: Socket) -> None:
        async for message in socket.response:
            if message.type is WSMsgType.PING and not self.muted:
                await socket.response.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._acknowledge(json.loads(message.data).get("envelope_id", ""))

    def _acknowledge(self, envelope_id: str) -> None:
        envelope = self._waiting.pop(envelope_id, None)
        if envelope is not None:
            envelope.state = "acked"
            envelope.answered.set()

    async def _deliver(self, envelope: Envelope) -> None:
        retries = self._retry_delays if envelope.type == "events_api" else ()
        for number, delay in enumerate((0.0, *retries)):
            await asyncio.sleep(delay)
            await self._send(envelope, number)
            if envelope.state == "acked":
                return
        envelope.state = "lost"

    async def _send(self, envelope: Envelope, retry: int) -> None:
        """Send once and wait for the acknowledgement, the end of the websocket, or too long."""
        await self._connected.wait()
        self._turn += 1
        socket = self.sockets[self._turn % len(self.sockets)]
        frame: dict[str, Any] = {
            "type": envelope.type,
            "envelope_id": envelope.id,
            "payload": envelope.payload,
            "accepts_response_payload": False,
        }
        if envelope.type == "events_api":
            frame |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        envelope.sent += 1
        try:
            await socket.response.send_json(frame)
        except ConnectionError:
            return
        ends = [asyncio.ensure_future(e.wait()) for e in (envelope.answered, socket.ended)]
        await asyncio.wait(ends, timeout=self._ack_timeout, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()

"""Sends one-time codes: within the limits, and as long for unknown customers as for known ones.

Sending one is a write: it is stored before the shop is called, and never repeated for the same
message. A customer whose code was lost with a process asks for another one.
"""

from __future__ import annotations

import asyncio
from typing import Literal

import structlog

from bot.answering.proof.checking import value_of
from bot.answering.proof.hashes import Hashes, new_code
from bot.answering.proof.routes import ProofRoutes
from bot.errors import StorageError
from bot.ports import Alerts, Clock
from bot.ports.actions import ActionRequest, ProofCalls
from bot.storage.codes import StoredCodes

log = structlog.get_logger(__name__)

SAME_TIME = 1.0
"""Seconds after which the customer is told that a code may be on its way, whether the shop knows
them or not, and however long it takes to send it."""

Sending = Literal["asked", "shop_down", "sends_over", "tries_over"]


class CodeSender:
    """Has the shop send codes.

    Args:
        routes: The actions that find the customer and send the code.
        calls: Calls them.
        stored: The codes.
        hashes: Of codes and addresses.
        clock: The time.
        alerts: Tells staff; None: nobody is told.
    """

    def __init__(
        self,
        routes: ProofRoutes,
        calls: ProofCalls,
        stored: StoredCodes,
        hashes: Hashes,
        clock: Clock,
        alerts: Alerts | None,
    ) -> None:
        self._routes = routes
        self._calls = calls
        self._stored = stored
        self._hashes = hashes
        self._clock = clock
        self._alerts = alerts
        self._sending: dict[str, asyncio.Task[bool]] = {}

    async def send(self, request: ActionRequest) -> Sending:
        """Have a code sent to whomever the form speaks of; the same for everybody."""
        author, code = request.message.author.key, new_code()
        await self.sent(author)
        claim = {name: request.values.get(name) for name in self._routes.needs}
        opened = await self._stored.open_code(
            author,
            request.message.conversation,
            request.message.id,
            claim_hash=self._hashes.of_claim(claim),
            code_hash=self._hashes.of_code(author, code),
        )
        if opened.flood:
            await self._alert(
                "proof_flood", "more codes were asked for within an hour than customers ever need"
            )
        if opened.outcome == "sent":  # by a process that was killed before it had answered
            await self._clock.sleep(SAME_TIME)
            return "asked"
        if opened.outcome != "opened":
            return opened.outcome
        sending = asyncio.create_task(self._sent_apart(request, opened.number, code))
        self._sending[author] = sending
        await asyncio.gather(
            self._clock.sleep(SAME_TIME), asyncio.wait({sending}, timeout=SAME_TIME)
        )
        down = sending.done() and not sending.cancelled() and not sending.result()
        return "shop_down" if down else "asked"

    async def sent(self, author: str) -> None:
        """Wait for what is still being sent for a person."""
        sending = self._sending.pop(author, None)
        if sending is not None:
            await asyncio.wait({sending})

    async def _sent_apart(self, request: ActionRequest, number: int, code: str) -> bool:
        """Find and send where nobody may be waiting for it any more."""
        try:
            return await self._find_and_send(request, number, code)
        except StorageError as error:
            log.warning("code_not_sent", action=self._routes.send, reason=str(error))
            return False

    async def _find_and_send(self, request: ActionRequest, number: int, code: str) -> bool:
        """Return whether the shop answered who it is; a code is sent only to a customer it knows.

        Whether sending worked is told to staff, not to the customer: it is tried for known
        customers alone.
        """
        found = await self._calls.call(self._routes.find, request.values, request)
        subject, address = value_of(found, "subject"), value_of(found, "address")
        if not (subject and address):
            # an error that no name was given to may be how the shop says that it knows nobody
            return found.state in ("done", "failed")
        reserved = await self._stored.reserve(
            number,
            code_hash=self._hashes.of_code(request.message.author.key, code),
            subject=subject,
            address_hash=self._hashes.of_address(address),
        )
        if reserved == "sends_over":
            await self._alert(
                "proof_flood",
                "more codes are asked for one customer of the shop than may be sent to them",
            )
        if reserved != "reserved":
            return True
        values = {**request.values, "customer_id": subject, "code": code}
        sent = await self._calls.call(self._routes.send, values, request)
        if sent.state != "done":
            log.warning("code_not_sent", action=self._routes.send, reason=sent.reason)
            await self._alert("proof_send", f"codes are not sent: {sent.reason or sent.state}")
        return True

    async def _alert(self, kind: str, text: str) -> None:
        if self._alerts is not None:
            await self._alerts.alert(kind, text)

"""The proof that is checked right before a call: the one place that says who a customer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from bot.answering.proof.hashes import Hashes
from bot.answering.proof.routes import ProofRoutes
from bot.conversations.key import platform_of
from bot.ports import KnowsEmail
from bot.ports.actions import ActionRequest, ActionResult, ProofCalls, ProofWay
from bot.storage.proofs import StoredProofs

log = structlog.get_logger(__name__)


class CheckedProofs:
    """The `Proofs` of an instance.

    Args:
        routes: The actions by which customers are found.
        calls: Calls them.
        stored: What was proven before.
        hashes: Of the address that a code was sent to.
        emails: Adapters that can tell a verified address, by platform.
    """

    def __init__(
        self,
        routes: ProofRoutes,
        calls: ProofCalls,
        stored: StoredProofs,
        hashes: Hashes,
        emails: Mapping[str, KnowsEmail],
    ) -> None:
        self._routes = routes
        self._calls = calls
        self._stored = stored
        self._hashes = hashes
        self._emails = emails

    async def subject(self, request: ActionRequest, ways: Sequence[ProofWay]) -> str:
        """Return the shop's id of the customer who asks; empty: nothing is proven."""
        if not request.message.answered_alone:
            return ""
        for way in ways:
            if self._routes.has(way) and (found := await self._proven(request, way)):
                return found
        return ""

    async def _proven(self, request: ActionRequest, way: ProofWay) -> str:
        if way == "platform_email":
            return await self._by_email(request)
        author = request.message.author.key
        proof = await self._stored.proof(author, way)
        if proof is None:
            return ""
        if way == "code" and not await self.is_current(request, proof.subject, proof.address_hash):
            await self._stored.void(author, way, "the address in the shop is another one")
            return ""
        return proof.subject

    async def is_current(self, request: ActionRequest, subject: str, address_hash: str) -> bool:
        """Return whether the shop still holds the address that a code was sent to."""
        found = await self._calls.call(self._routes.current, {"customer_id": subject}, request)
        address = value_of(found, "address")
        return bool(address) and self._hashes.is_address(address_hash, address)

    async def _by_email(self, request: ActionRequest) -> str:
        """Return the customer whose address the platform verified for the person."""
        author = request.message.author.key
        adapter = self._emails.get(platform_of(author))
        email = await adapter.verified_email(author) if adapter is not None else ""
        # letters of other scripts look like Latin ones, and no shop needs them here
        if not email.isascii() or email.count("@") != 1:
            return ""
        found = await self._calls.call(self._routes.by_email, {"email": email.lower()}, request)
        return value_of(found, "subject")


def value_of(result: ActionResult, name: str) -> str:
    """Return a value that an action returned, as text; empty: it failed, or has none."""
    value = result.values.get(name) if result.state == "done" else None
    return "" if value is None or isinstance(value, (bool, dict, list)) else str(value).strip()

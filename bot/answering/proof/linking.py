"""Accounts of the shop that customers link with their account on a platform."""

from __future__ import annotations

from typing import Literal

from bot.answering.proof.checking import value_of
from bot.answering.proof.routes import ProofRoutes
from bot.ports.actions import ActionRequest, ProofCalls
from bot.storage.codes import StoredCodes
from bot.storage.proofs import StoredProofs

Linking = Literal["linked", "wrong", "tries_over", "shop_down"]


class LinkedAccounts:
    """Links and unlinks accounts.

    Args:
        routes: The action that redeems a code of the shop's signed-in page.
        calls: Calls it.
        codes: Counts wrong ones.
        proofs: What is linked.
    """

    def __init__(
        self, routes: ProofRoutes, calls: ProofCalls, codes: StoredCodes, proofs: StoredProofs
    ) -> None:
        self._routes = routes
        self._calls = calls
        self._codes = codes
        self._proofs = proofs

    @property
    def possible(self) -> bool:
        """Whether accounts can be linked here."""
        return self._routes.has("linked")

    async def link(self, code: str, request: ActionRequest) -> Linking:
        """Link the account whose code a person sent in private."""
        author = request.message.author.key
        if await self._codes.tries_are_over(author):
            return "tries_over"
        found = await self._calls.call(self._routes.redeem, {"code": code}, request)
        subject = value_of(found, "subject")
        if subject:
            await self._proofs.keep(author, "linked", subject=subject)
            return "linked"
        if found.state != "done" and not found.error:
            return "shop_down"
        await self._codes.missed_link(author, request.message.conversation)
        return "wrong"

    async def void(self, code: str, request: ActionRequest) -> None:
        """Use up a code that stood in public, so that nobody can link with it any more."""
        author = request.message.author.key
        if await self._codes.tries_are_over(author):
            return
        found = await self._calls.call(self._routes.redeem, {"code": code}, request)
        if not value_of(found, "subject"):
            await self._codes.missed_link(author, request.message.conversation)

    async def unlink(self, author: str) -> bool:
        """Forget what a person has proven; return whether an account was linked."""
        return await self._proofs.unlink(author)

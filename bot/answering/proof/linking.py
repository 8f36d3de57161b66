"""Accounts of the shop that customers link with their account on a platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.answering.proof.checking import value_of
from bot.answering.proof.reading import link_code_in
from bot.answering.proof.routes import ProofRoutes
from bot.messages import Message
from bot.ports import ProofMeter, Wording
from bot.ports.actions import ActionRequest, ProofCalls
from bot.storage.codes import StoredCodes
from bot.storage.proofs import StoredProofs
from bot.text.filling import fill

Linking = Literal["linked", "wrong", "tries_over", "shop_down"]

SAID: Mapping[Linking, str] = {
    "linked": "proof_linked",
    "wrong": "proof_code_wrong",
    "tries_over": "proof_tries_over",
    "shop_down": "proof_shop_down",
}
"""Names of the texts that say what came of it."""


class LinkedAccounts:
    """The `LinksAccounts` of an instance.

    Args:
        routes: The action that redeems a code of the shop's signed-in page.
        calls: Calls it.
        codes: Counts wrong ones.
        proofs: What is linked.
        wording: The texts.
        meter: Counts; None: nobody counts.
    """

    def __init__(
        self,
        routes: ProofRoutes,
        calls: ProofCalls,
        codes: StoredCodes,
        proofs: StoredProofs,
        wording: Wording,
        meter: ProofMeter | None = None,
    ) -> None:
        self._routes = routes
        self._calls = calls
        self._codes = codes
        self._proofs = proofs
        self._wording = wording
        self._meter = meter

    @property
    def possible(self) -> bool:
        """Whether accounts can be linked here."""
        return self._routes.has("linked")

    async def link(self, request: ActionRequest) -> str:
        """Link the account whose code a message has; return what is said about it."""
        code = link_code_in(request.message.text)
        if not (code and self.possible):
            return ""
        return self.said(await self.redeem(code, request), request.language)

    async def unlink(self, message: Message, language: str) -> str:
        """Forget what the author has proven; return what is said about it."""
        await self._proofs.unlink(message.author.key)
        return self._wording.say("proof_unlinked", language)

    def said(self, linking: Linking, language: str) -> str:
        """Return what is said about what came of a code."""
        days = self._codes.limits.link.days
        return fill(self._wording.say(SAID[linking], language), {"days": str(days)})

    async def redeem(self, code: str, request: ActionRequest) -> Linking:
        """Link the account whose code a person sent in private."""
        linking = await self._redeem(code, request)
        if self._meter is not None:
            self._meter.proof("linked", linking)
        return linking

    async def _redeem(self, code: str, request: ActionRequest) -> Linking:
        author = request.message.author.key
        if await self._codes.tries_are_over(author):
            return "tries_over"
        linked = await self._proofs.proof(author, "linked")
        if linked is not None and linked.proved_at >= request.message.sent_at:
            return "linked"  # by this message, before the process was killed
        found = await self._calls.call(self._routes.redeem, {"code": code}, request)
        subject = value_of(found, "subject")
        if subject:
            await self._proofs.keep(author, "linked", subject=subject)
            return "linked"
        if found.state not in ("done", "failed"):
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

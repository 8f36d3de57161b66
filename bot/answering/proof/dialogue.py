"""Asks a customer for a proof of identity: a one-time code, or a code that links an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from bot.answering.proof.checking import CheckedProofs
from bot.answering.proof.hashes import Hashes
from bot.answering.proof.linking import LinkedAccounts, Linking
from bot.answering.proof.reading import bare_code, codes_in, link_code_in
from bot.answering.proof.routes import ProofRoutes
from bot.answering.proof.sending import CodeSender
from bot.messages import Message
from bot.ports import Alerts, ProofMeter, Wording
from bot.ports.actions import ActionRequest, ProofStep, ProofWay
from bot.storage.codes import StoredCodes
from bot.storage.proofs import StoredProofs
from bot.text.filling import fill
from bot.text.phrases import holds

RESEND = "send_again"
"""Cue of the words by which a customer asks for another code."""


REFUSALS = {
    "tries_over": "proof_tries_over",
    "sends_over": "proof_sends_over",
    "shop_down": "proof_shop_down",
}
"""What is said when nothing more can be tried."""


_STATES: Mapping[Linking, Literal["proven", "asked", "ended"]] = {
    "linked": "proven",
    "wrong": "asked",
    "tries_over": "ended",
    "shop_down": "ended",
}


class AskedProof:
    """The `ProofDialogue` of an instance.

    Args:
        routes: The ways that can be gone.
        proofs: Checks what is proven already.
        sender: Has codes sent.
        accounts: Links accounts.
        codes: The codes that were sent.
        stored: What was proven.
        hashes: Of codes.
        wording: The texts.
        alerts: Tells staff; None: nobody is told.
        meter: Counts; None: nobody counts.
    """

    def __init__(
        self,
        routes: ProofRoutes,
        proofs: CheckedProofs,
        sender: CodeSender,
        accounts: LinkedAccounts,
        codes: StoredCodes,
        stored: StoredProofs,
        hashes: Hashes,
        wording: Wording,
        alerts: Alerts | None = None,
        meter: ProofMeter | None = None,
    ) -> None:
        self._routes = routes
        self._proofs = proofs
        self._sender = sender
        self._accounts = accounts
        self._codes = codes
        self._stored = stored
        self._hashes = hashes
        self._wording = wording
        self._alerts = alerts
        self._meter = meter

    async def begin(
        self, request: ActionRequest, ways: Sequence[ProofWay], *, sends: bool = True
    ) -> ProofStep:
        """Begin: look for a proof that holds already, else ask for one."""
        if not request.message.answered_alone:
            return self._ended("proof_in_private", request)
        if await self._proofs.subject(request, ways):
            return ProofStep("proven")
        possible = self._routes.open_to(request, ways)
        if "code" in possible and not sends:
            return ProofStep("offered", self._say("proof_code_offered", request.language))
        if "code" in possible:
            return await self._send(request, or_link="linked" in possible)
        if "linked" in possible:
            return ProofStep("asked", self._say("proof_link_asked", request.language))
        return self._ended("proof_impossible", request)

    async def receive(self, message: Message, request: ActionRequest) -> ProofStep:
        """Read what the customer wrote where a proof is asked for."""
        if not message.answered_alone:
            return self._ended("proof_in_private", request)
        await self._sender.sent(message.author.key)
        text, can_link = message.text, self._accounts.possible
        if can_link and (code := link_code_in(text)):
            return await self._link(code, request)
        written = codes_in(text, request.language)
        if written and await self._codes.has_open_code(message.author.key):
            return await self._try(written, request)
        if written and await self._proofs.subject(request, ("code",)):
            return ProofStep("proven")  # taken before the process was killed, or sent once more
        if can_link and (code := bare_code(text)):
            return await self._link(code, request)
        if written:
            return self._wrong(request)
        if holds(text, RESEND) and self._routes.open_to(request, ("code",)):
            return await self._send(request, or_link=False)
        return ProofStep("no_answer")

    async def void_public_code(self, message: Message, *, asked: bool = False) -> str:
        """Void a code that stood where others read it; return what is said about it."""
        author, language = message.author.key, message.author.locale
        for code in codes_in(message.text, language or "en"):
            await self._sender.sent(author)
            if await self._codes.void_code(author, self._is(author, code)):
                self._count("voided")
                return self._say("proof_code_public", language)
        code = link_code_in(message.text) or (bare_code(message.text) if asked else "")
        if not (code and self._accounts.possible):
            return ""
        await self._accounts.void(code, ActionRequest("", {}, message, language))
        return self._say("proof_code_public", language)

    async def _send(self, request: ActionRequest, *, or_link: bool) -> ProofStep:
        sending = await self._sender.send(request)
        self._count(sending)
        if sending != "asked":
            return self._ended(REFUSALS[sending], request)
        minutes = self._codes.limits.code.total_seconds() / 60
        said = fill(self._say("proof_code_asked", request.language), {"minutes": f"{minutes:.0f}"})
        hint = self._say("proof_or_link", request.language) if or_link else ""
        return ProofStep("asked", "\n\n".join(filter(None, (said, hint))))

    async def _try(self, written: Sequence[str], request: ActionRequest) -> ProofStep:
        """Try the codes of a message, each of which counts."""
        author = request.message.author.key
        for code in written:
            tried = await self._codes.try_code(author, self._is(author, code))
            self._count(tried.outcome)
            if tried.flood and self._alerts is not None:
                await self._alerts.alert("proof_tries", "wrong codes are tried for a customer")
            if tried.outcome == "tries_over":
                return self._ended("proof_tries_over", request)
            if tried.outcome == "right":
                return await self._prove(request, tried.subject, tried.address_hash)
        return self._wrong(request)

    async def _prove(self, request: ActionRequest, subject: str, address_hash: str) -> ProofStep:
        """Store the proof, unless the shop has another address since the code was sent."""
        author = request.message.author.key
        if not await self._proofs.is_current(request, subject, address_hash):
            await self._stored.void(author, "code", "the address in the shop is another one")
            return self._wrong(request)
        await self._stored.keep(author, "code", subject=subject, address_hash=address_hash)
        return ProofStep("proven")

    async def _link(self, code: str, request: ActionRequest) -> ProofStep:
        linking = await self._accounts.redeem(code, request)
        said = self._accounts.said(linking, request.language)
        return ProofStep(_STATES[linking], said)

    def _count(self, outcome: str) -> None:
        if self._meter is not None:
            self._meter.proof("code", outcome)

    def _wrong(self, request: ActionRequest) -> ProofStep:
        return ProofStep("asked", self._say("proof_code_wrong", request.language))

    def _ended(self, text: str, request: ActionRequest) -> ProofStep:
        return ProofStep("ended", self._say(text, request.language))

    def _say(self, text: str, language: str) -> str:
        return self._wording.say(text, language)

    def _is(self, author: str, code: str) -> _IsCode:
        return _IsCode(self._hashes, author, code)


class _IsCode:
    """Compares stored hashes with what a person wrote."""

    def __init__(self, hashes: Hashes, author: str, code: str) -> None:
        self._hashes = hashes
        self._author = author
        self._code = code

    def __call__(self, stored: str) -> bool:
        return self._hashes.is_code(stored, self._author, self._code)

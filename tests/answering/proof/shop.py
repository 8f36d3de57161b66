"""A small shop that finds customers by their orders, sends codes, and links accounts."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.answering.proof import AskedProof, CheckedProofs, Hashes, LinkedAccounts, ProofRoutes
from bot.answering.proof.sending import SAME_TIME, CodeSender
from bot.answering.wording import BotWording
from bot.config.proof import ProofConfig
from bot.config.schema import ResponderConfig
from bot.messages import Author, Message, Readers
from bot.ports import Clock
from bot.ports.actions import ActionRequest, ActionResult, ProofStep, ProofWay
from bot.storage import Database
from bot.storage.codes import StoredCodes
from bot.storage.proofs import StoredProofs
from tests.delivery.support import START, MovableClock

ANNA, MALLORY = "chat:T1:anna", "chat:T1:mallory"
ANNAS, MARCOS, NOBODYS = "48213", "61050", "99999"

ROUTES = ProofRoutes(
    ("linked", "code", "platform_email"),
    find="find",
    needs=("order_number",),
    send="send",
    current="address",
    redeem="redeem",
    by_email="by_email",
)


class Shop:
    """The `ProofCalls` of a shop with two customers; counts and remembers what it was asked."""

    def __init__(self) -> None:
        self.address = {"c1001": "anna@example.com", "c1002": "marco@example.com"}
        self.orders = {ANNAS: "c1001", "50927": "c1001", MARCOS: "c1002"}
        self.mails: list[tuple[str, str]] = []
        self.links: dict[str, str] = {}
        self.calls: list[str] = []
        self.down = False
        self.sends = True
        self.slow = asyncio.Event()
        self.slow.set()

    async def call(
        self, action: str, values: Mapping[str, Any], request: ActionRequest
    ) -> ActionResult:
        """Call an action of the proof."""
        self.calls.append(action)
        if self.down or (action == "send" and not self.sends):
            return ActionResult("unavailable", reason="no connection")
        if action == "send":
            await self.slow.wait()
        found = getattr(self, f"_{action}")(values)
        return ActionResult("done", found) if found else ActionResult("failed", error="not_found")

    def code(self, customer: str) -> str:
        """Return the newest code that was sent to a customer."""
        return next(code for to, code in reversed(self.mails) if to == customer)

    def link_code(self, customer: str) -> str:
        """Return the code that the signed-in page of a customer shows."""
        code = secrets.token_hex(4) + "7"
        self.links[code] = customer
        return code

    def _find(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        customer = self.orders.get(values["order_number"])
        return {"subject": customer, "address": self.address[customer]} if customer else {}

    def _send(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        self.mails.append((values["customer_id"], values["code"]))
        return {"sent": True}

    def _address(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"address": self.address[values["customer_id"]]}

    def _redeem(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        customer = self.links.pop(values["code"], None)
        return {"subject": customer} if customer else {}

    def _by_email(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        found = [each for each, address in self.address.items() if address == values["email"]]
        return {"subject": found[0]} if found else {}


class Platform:
    """A platform that tells the addresses that it verified."""

    def __init__(self) -> None:
        self.emails: dict[str, str] = {}

    async def verified_email(self, author: str) -> str:
        return self.emails.get(author, "")


@dataclass
class Alerted:
    """Remembers alerts."""

    kinds: list[str] = field(default_factory=list)

    async def alert(self, kind: str, text: str) -> None:
        self.kinds.append(kind)

    async def clear(self, kind: str) -> None:
        self.kinds.remove(kind)


class Desk:
    """The proofs of an instance over a database, with a shop and a clock that is moved."""

    def __init__(
        self,
        database: Database,
        config: ProofConfig | None = None,
        shop: Shop | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.clock = MovableClock()
        self.said = 0
        clock = clock or self.clock
        self.shop = shop or Shop()
        self.platform = Platform()
        self.alerts = Alerted()
        config = config or ProofConfig()
        routes = replace(ROUTES, ways=config.ways)
        hashes = Hashes(b"k" * 32)
        self.codes = StoredCodes(database, clock, config.limits)
        self.stored = StoredProofs(database, clock, config.limits)
        emails = {"chat": self.platform}
        self.proofs = CheckedProofs(routes, self.shop, self.stored, hashes, emails)
        self.sender = CodeSender(routes, self.shop, self.codes, hashes, clock, self.alerts)
        wording = BotWording(ResponderConfig(contact="help@example.com"), "en")
        self.accounts = LinkedAccounts(routes, self.shop, self.codes, self.stored, wording)
        self.dialogue = AskedProof(
            routes,
            self.proofs,
            self.sender,
            self.accounts,
            self.codes,
            self.stored,
            hashes,
            wording,
            self.alerts,
        )

    async def begin(
        self,
        order: str | None = ANNAS,
        *ways: ProofWay,
        by: str = ANNA,
        readers: Readers = Readers.AUTHOR,
        once_more: bool = False,
    ) -> ProofStep:
        """Ask for a proof for an order; time passes as the dialogue waits.

        Args:
            order: Number of the order.
            ways: That are allowed.
            by: Who asks.
            readers: Who reads it.
            once_more: It is the message before, answered by another process.
        """
        self.said += not once_more
        asks = request(order, by=by, readers=readers, number=self.said)
        asked = asyncio.create_task(self.dialogue.begin(asks, ways or ("code",)))
        while not asked.done():
            await asyncio.sleep(0.001)
            if self.clock.sleeping:
                self.clock.move(SAME_TIME)
        return await asked

    async def says(
        self, text: str, *, order: str = ANNAS, by: str = ANNA, once_more: bool = False
    ) -> ProofStep:
        """Answer the question for a proof."""
        self.said += not once_more
        asked = request(order, text, by=by, number=self.said)
        received = asyncio.create_task(self.dialogue.receive(asked.message, asked))
        while not received.done():
            await asyncio.sleep(0.001)
            if self.clock.sleeping:
                self.clock.move(SAME_TIME)
        return await received

    async def subject(self, *ways: ProofWay, by: str = ANNA) -> str:
        """Return whom a call would be made for."""
        return await self.proofs.subject(request(ANNAS, by=by), ways or ("code",))

    def later(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.move(timedelta(minutes=minutes).total_seconds())


def request(
    order: str | None = ANNAS,
    text: str = "where is it",
    *,
    by: str = ANNA,
    readers: Readers = Readers.AUTHOR,
    number: int = 1,
) -> ActionRequest:
    """Return a request for an order, written in private unless it is said otherwise."""
    author = Author(by, locale="en")
    place = "chat:A1:D1"
    message = Message(f"{place}:{number}", place, author, text, START, readers=readers)
    values = {} if order is None else {"order_number": order}
    return ActionRequest("get_order", values, message, "en")

"""The proof of identity of the published tasks: an e-mail address, or name and zip code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.after_sales.finding.people import has_data
from bot.answering.actions import ActionCaller
from bot.app.proofs import ProofParts
from bot.messages import Message
from bot.ports import ActionRequest, ActionResult, ProofCalls, ProofStep
from bot.ports.actions import ProofWay
from bot.understanding.intents.actions import Action, ActionsFile

ASK = "To find your account: what is your e-mail address, or your full name and zip code?"
AGAIN = "I cannot find an account by that. Your e-mail address, or full name and zip code, please."
THANKS = "Thank you, I have found your account."

_TRIES = 4


class FoundByData:
    """Who has told which customer they are, by conversation; the `Proofs` and its dialogue.

    Args:
        action: The action that finds a customer by what they write.
        calls: Calls it.
        proven: Ids of customers by conversation; outlives a change of `actions.yaml`.
    """

    def __init__(self, action: str, calls: ProofCalls, proven: dict[str, str]) -> None:
        self._action = action
        self._calls = calls
        self._proven = proven
        self._tries: dict[str, int] = {}

    async def subject(self, request: ActionRequest, ways: Sequence[ProofWay]) -> str:  # noqa: ARG002
        """Return the customer that the author of a message has proven to be."""
        message = request.message
        return self._proven.get(message.conversation, "") if message.answered_alone else ""

    async def begin(
        self,
        request: ActionRequest,
        ways: Sequence[ProofWay],
        *,
        sends: bool = True,  # noqa: ARG002 - nothing is sent here
    ) -> ProofStep:
        """Ask, unless the customer is known."""
        if await self.subject(request, ways):
            return ProofStep("proven")
        return ProofStep("asked", ASK)

    async def receive(self, message: Message, request: ActionRequest) -> ProofStep:
        """Look for the customer in what was written."""
        if not has_data(message.text):
            return ProofStep("no_answer")
        result = await self._calls.call(self._action, {"code": message.text}, request)
        if result.state == "done":
            self._proven[message.conversation] = str(result.values["subject"])
            return ProofStep("proven", THANKS)
        tries = self._tries[message.conversation] = self._tries.get(message.conversation, 0) + 1
        return ProofStep("ended", AGAIN) if tries >= _TRIES else ProofStep("asked", AGAIN)

    async def void_public_code(
        self,
        message: Message,  # noqa: ARG002
        *,
        asked: bool = False,  # noqa: ARG002
    ) -> str:
        """Do nothing: there are no codes here."""
        return ""


class InMemoryShop:
    """The shop's functions, called as actions, with its own proof of identity.

    Args:
        caller: Calls the functions.
    """

    def __init__(self, caller: ActionCaller) -> None:
        self._caller = caller
        self._proven: dict[str, str] = {}

    def is_set_up(self, name: str, action: Action) -> bool:
        """Return whether an action can be called at all."""
        return self._caller.is_set_up(name, action)

    def is_available(self, action: Action) -> bool:
        """Return whether a call would be made."""
        return self._caller.is_available(action)

    async def call(
        self, file: ActionsFile, name: str, values: Mapping[str, Any], *, retry: bool = True
    ) -> ActionResult:
        """Call an action."""
        return await self._caller.call(file, name, values, retry=retry)

    def of(self, file: ActionsFile, calls: ProofCalls) -> ProofParts | None:
        """Return the proofs; see `bot.app.proofs.MakesProofs`."""
        if file.proof.linked is None:
            return None
        parts = FoundByData(file.proof.linked.redeem, calls, self._proven)
        return ProofParts(parts, parts)

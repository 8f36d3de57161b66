"""Runs actions for customers: the proof is checked here, right before the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.answering.actions.caller import CallsShop
from bot.answering.actions.confirmation import values_hash
from bot.answering.actions.writes import Writes
from bot.ports import ActionInfo, ActionRequest, ActionResult, Proofs
from bot.understanding.intents.actions import CUSTOMER, RESERVED, ActionsFile, action_info


class ActionRunner:
    """The `Actions` of one `actions.yaml`.

    Args:
        file: What can be called.
        caller: Calls it.
        writes: Sends writes.
        proofs: Who customers have proven to be; None: nobody can prove anything.
    """

    def __init__(
        self,
        file: ActionsFile,
        caller: CallsShop,
        writes: Writes,
        proofs: Proofs | None = None,
    ) -> None:
        self._file = file
        self._caller = caller
        self._writes = writes
        self._proofs = proofs

    def info(self, action: str) -> ActionInfo | None:
        """Return what forms must know of an action; None: there is none of this name."""
        info, found = action_info(self._file, action), self._file.actions.get(action)
        if info is None or found is None:
            return None
        return replace(info, set_up=self._caller.is_set_up(action, found))

    def is_available(self, action: str) -> bool:
        """Return whether the shop answers, as far as its circuit breaker knows."""
        found = self._file.actions.get(action)
        return found is not None and self._caller.is_available(found)

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run an action; see `bot.ports.Actions`."""
        info = self.info(request.action)
        if info is None:
            return ActionResult("unavailable", reason=f"there is no action {request.action}")
        values = {key: each for key, each in request.values.items() if key not in RESERVED}
        confirmed = bool(request.form) and request.confirmed == values_hash(request.values)
        if info.writes and not confirmed:
            return ActionResult("not_confirmed", reason="no confirmation of just these values")
        if info.proof:
            subject = await self._subject(request, info)
            if not subject:
                return ActionResult("unproven", reason="no proof of identity holds")
            values[CUSTOMER] = subject
        if info.writes:
            return await self._writes.run(self._file, request, values)
        return await self._caller.call(self._file, request.action, values)

    async def _subject(self, request: ActionRequest, info: ActionInfo) -> str:
        return await self._proofs.subject(request, info.proof) if self._proofs else ""


class ActionsOfProof:
    """The `ProofCalls` of one `actions.yaml`: calls what its `proof:` names, and nothing else.

    Args:
        file: What can be called.
        caller: Calls it.
    """

    def __init__(self, file: ActionsFile, caller: CallsShop) -> None:
        self._file = file
        self._caller = caller

    async def call(
        self,
        action: str,
        values: Mapping[str, Any],
        request: ActionRequest,  # noqa: ARG002 - of the port
    ) -> ActionResult:
        """Call one of these actions once; see `bot.ports.ProofCalls`."""
        if action not in self._file.of_proof:
            return ActionResult("unavailable", reason=f"{action} is not an action of `proof:`")
        return await self._caller.call(self._file, action, values, retry=False)

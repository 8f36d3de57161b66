"""Writes, each at most once: its state is stored before each step, under its idempotency key.

A call without a reply is never simply sent again. Its `lookup` is asked: found, it is done; not
found, once neither it nor its effect can be under way any more, it is sent once more with the same
key. Without a lookup a person finds out.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from bot.answering.actions.caller import CallsShop
from bot.ports import ActionRequest, ActionResult, ActionState, Clock, OutgoingPost
from bot.storage.action_calls import ActionCalls, StoredCall
from bot.understanding.intents.actions import CUSTOMER, KEY, Action, ActionsFile
from bot.understanding.intents.actions.checks import FOUND, NOT_FOUND

log = structlog.get_logger(__name__)

SENDINGS = 2
"""How often a call is sent at most: again only once it is known that it did nothing."""


class SettledPosts(Protocol):
    """Words what a customer is told of a call that was settled later."""

    def post(self, call: StoredCall, result: ActionResult) -> OutgoingPost | None:
        """Return the post; None: there is nobody to tell."""
        ...


_ROUNDS = 20
"""Calls of one step of a form, each with other values after the shop refused the one before."""


def idempotency_key(form: str, step: str, round_: int = 0) -> str:
    """Return the key of a call: the same for the same step of the same form.

    >>> idempotency_key("f1", "s1") == idempotency_key("f1", "s1")
    True
    """
    parts = (form, step) if not round_ else (form, step, str(round_))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def settled_after(action: Action) -> timedelta:
    """Return how long after it was sent a call can no longer be under way."""
    return 2 * action.limit


class Writes:
    """Sends writes, and finds out what became of those without a reply.

    Args:
        calls: Where they are stored.
        caller: Calls the shop.
        clock: The time.
    """

    def __init__(self, calls: ActionCalls, caller: CallsShop, clock: Clock) -> None:
        self._calls = calls
        self._caller = caller
        self._clock = clock

    async def run(
        self, file: ActionsFile, request: ActionRequest, values: dict[str, Any]
    ) -> ActionResult:
        """Run a write that was confirmed and proven.

        Args:
            file: That has it.
            request: What is asked for.
            values: What it is called with, `customer_id` from the proof as well.
        """
        action = file.actions[request.action]
        used = {name: values[name] for name in action.uses if name in values}
        used = json.loads(json.dumps(used, default=str))
        call = await self._planned(request, used, values.get(CUSTOMER, ""))
        if call.state == "planned":
            return await self._sent(file, call)
        if call.values != used:
            state: ActionState = "failed" if call.state == "done" else "unknown"
            return ActionResult(state, reason="the step was taken with other values")
        if call.state in ("done", "failed"):
            return _outcome(call)
        return await self.settle(file, call)

    async def settle(
        self, file: ActionsFile, call: StoredCall, *, posts: SettledPosts | None = None
    ) -> ActionResult:
        """Find out what became of a call without a reply, by its lookup.

        Args:
            file: That has it.
            call: Sent, or without a reply.
            posts: What the customer is told in the transaction that stores it; None: whoever asked
                tells them.
        """
        action = file.actions.get(call.action)
        if action is None or not action.lookup:
            return await self._unanswered(action, call, call.reason or "there is no lookup")
        found = await self._looked_up(file, action.lookup, call)
        there = _there(found)
        if there:
            return await self._finished(action, call, _done(action, found), posts)
        if there is None:
            return await self._unanswered(
                action, call, f"{action.lookup}: {found.reason or 'no answer'}"
            )
        if call.sent_at is None or self._clock.now() < call.sent_at + settled_after(action):
            return await self._unanswered(action, call, "it may still be under way")
        if call.attempts >= SENDINGS:
            reason = f"not there after {call.attempts} attempts"
            return await self._finished(action, call, ActionResult("failed", reason=reason), posts)
        return await self._sent(file, call, posts)

    async def _looked_up(self, file: ActionsFile, lookup: str, call: StoredCall) -> ActionResult:
        return await self._caller.call(file, lookup, {**(call.values or {}), KEY: call.key})

    async def _planned(
        self, request: ActionRequest, values: dict[str, Any], subject: str
    ) -> StoredCall:
        """Store what is to be done; a step that the shop refused begins again with other values."""
        for round_ in range(_ROUNDS):
            call = await self._calls.plan(
                StoredCall(
                    key=idempotency_key(request.form, request.step, round_),
                    form=request.form,
                    action=request.action,
                    conversation=request.message.conversation,
                    author=request.message.author.key,
                    subject=str(subject),
                    values=values,
                    language=request.language,
                    readers=request.message.readers,
                ),
                self._clock.now(),
            )
            if call.state != "failed" or call.values == values:
                break
        return call

    async def _sent(
        self, file: ActionsFile, call: StoredCall, posts: SettledPosts | None = None
    ) -> ActionResult:
        """Send a call that is not under way."""
        action = file.actions[call.action]
        if not self._caller.is_available(action):
            return ActionResult("unavailable", reason="the shop has failed several times in a row")
        now = self._clock.now()
        if not await self._calls.sending(call, now):
            return _in_hand(action)
        call = replace(call, state="sent", attempts=call.attempts + 1, sent_at=now)
        values = {**(call.values or {}), KEY: call.key}
        result = await self._caller.call(file, call.action, values)
        if result.state == "failed" and call.attempts > 1 and action.lookup:
            # refused perhaps because the first one was late, and did it
            found = await self._looked_up(file, action.lookup, call)
            result = _done(action, found) if _there(found) else result
        if result.state in ("done", "failed"):
            return await self._finished(action, call, result, posts)
        if result.state == "unavailable":
            await self._calls.not_sent(call, result.reason)
            return (
                result
                if call.attempts == 1
                else replace(result, state="unknown", settles=bool(action.lookup))
            )
        unanswered = await self._unanswered(action, call, result.reason)
        if not action.lookup or posts is not None:
            return unanswered
        return await self.settle(file, replace(call, state="unknown", reason=result.reason))

    async def _finished(
        self,
        action: Action,
        call: StoredCall,
        result: ActionResult,
        posts: SettledPosts | None,
    ) -> ActionResult:
        store = partial(
            self._calls.finish,
            state="done" if result.state == "done" else "failed",
            at=self._clock.now(),
            result=result.values,
            error=result.error,
            reason=result.reason,
            post=posts.post(call, result) if posts is not None else None,
        )
        # a worker that was given up for lost may have what nobody can look up any more
        if await store(call) or (not action.lookup and await store(replace(call, state="unknown"))):
            return result
        now = await self._calls.call(call.key)
        if now is None or now.state not in ("done", "failed"):
            return _in_hand(action)
        return _outcome(now)

    async def _unanswered(
        self, action: Action | None, call: StoredCall, reason: str
    ) -> ActionResult:
        log.warning("action unanswered", action=call.action, key=call.key, reason=reason)
        await self._calls.unanswered(call, reason)
        settles = action is not None and bool(action.lookup)
        return ActionResult("unknown", reason=reason, settles=settles)


def _there(found: ActionResult) -> bool | None:
    """Return whether a lookup says that the write took place; None: it says nothing clear."""
    told = found.values.get(FOUND) if found.state == "done" else None
    if isinstance(told, bool):
        return told
    return False if found.error == NOT_FOUND else None


def _done(action: Action, found: ActionResult) -> ActionResult:
    """Return the outcome of a write that its lookup has found."""
    return ActionResult(
        "done", {name: found.values[name] for name in action.returns if name in found.values}
    )


def _in_hand(action: Action) -> ActionResult:
    reason = "another process has it in hand"
    return ActionResult("unknown", reason=reason, settles=bool(action.lookup))


def _outcome(call: StoredCall) -> ActionResult:
    """Return the stored outcome of a call."""
    if call.state == "done":
        return ActionResult("done", call.result or {})
    return ActionResult("failed", error=call.error, reason=call.reason)

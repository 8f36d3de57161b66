"""A background job: finds out what became of writes without a reply, and tells their customers.

Customers were told that it is being checked when their message was answered. What was found out is
stored together with the post that tells them, so that they read it once, in any number of
processes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.answering.actions.writes import Writes, settled_after
from bot.errors import StorageError
from bot.messages import Visibility
from bot.ports import ActionMeter, ActionResult, Alerts, Clock, OutgoingPost, Wording
from bot.storage.action_calls import ActionCalls, StoredCall
from bot.text.filling import fill
from bot.understanding.intents.actions import ActionsFile

INTERVAL = 5.0
"""Seconds between two looks."""

LATE = timedelta(minutes=10)
"""After how long without an outcome staff are alerted."""

FIRST, LONGEST = timedelta(seconds=5), timedelta(minutes=10)
"""Time between two lookups of a call, which doubles, and the longest."""

ALERT = "action calls"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SettledText:
    """How a call is named to its customer.

    Attributes:
        title: What they asked for, in their language.
        visibility: Of the answer that they had.
    """

    title: str
    visibility: Visibility = Visibility.PRIVATE


class SettleCalls:
    """Settles calls without an outcome.

    Args:
        calls: Where they are stored.
        writes: Looks them up.
        file: Returns `actions.yaml` as it is now.
        named: Returns how an action is named in a language.
        wording: The bot's texts.
        clock: The time.
        alerts: Told of calls that have no outcome for long; None: nobody is.
        meter: Told how many there are.
        wake: Called once something new is in the outbox.
    """

    name = "action calls"

    def __init__(
        self,
        calls: ActionCalls,
        writes: Writes,
        file: Callable[[], ActionsFile],
        named: Callable[[str, str], SettledText],
        wording: Wording,
        clock: Clock,
        *,
        alerts: Alerts | None = None,
        meter: ActionMeter | None = None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._calls = calls
        self._writes = writes
        self._file = file
        self._named = named
        self._wording = wording
        self._clock = clock
        self._alerts = alerts
        self._meter = meter
        self._wake = wake
        self._next: dict[str, tuple[datetime, timedelta]] = {}

    async def run(self) -> None:
        """Settle what can be settled, until cancelled."""
        while True:
            await self._clock.sleep(INTERVAL)
            try:
                await self.settle_due()
            except StorageError as error:
                log.warning("actions not settled", reason=str(error))

    async def settle_due(self) -> None:
        """Look up each call that may have an outcome by now, and alert of those that have none."""
        now = self._clock.now()
        unsettled = await self._calls.unsettled()
        self._next = {
            each.key: self._next[each.key] for each in unsettled if each.key in self._next
        }
        for call in unsettled:
            if self._is_due(call, now):
                result = await self._writes.settle(self._file(), call, posts=self)
                log.info("action settled", action=call.action, key=call.key, state=result.state)
                if result.state in ("done", "failed"):
                    self._wake()
        await self._report(now)

    def post(self, call: StoredCall, result: ActionResult) -> OutgoingPost:
        """Return what the customer of a call is told."""
        return settled_post(
            call,
            self._named(call.action, call.language),
            self._wording,
            done=result.state == "done",
        )

    def _is_due(self, call: StoredCall, now: datetime) -> bool:
        """Return whether a call is looked up now, and note when it is again."""
        action = self._file().actions.get(call.action)
        if action is None or not action.lookup or call.sent_at is None:
            return False
        due, pause = self._next.get(call.key, (call.sent_at + settled_after(action), FIRST))
        if now < due:
            return False
        self._next[call.key] = (now + pause, min(2 * pause, LONGEST))
        return True

    async def _report(self, now: datetime) -> None:
        late = await self._calls.open_since(now - LATE)
        if self._meter is not None:
            self._meter.actions_open(await self._calls.open_since(now))
        if self._alerts is None:
            return
        if late:
            await self._alerts.alert(
                ALERT,
                f"actions: of {late} the outcome is not known, and the customers wait: look them "
                "up in the shop, then `frontdesk actions settle KEY done` or `failed` "
                "(`frontdesk actions --open` lists them)",
            )
        else:
            await self._alerts.clear(ALERT)


def settled_post(
    call: StoredCall, named: SettledText, wording: Wording, *, done: bool
) -> OutgoingPost:
    """Return what a customer is told whose call has an outcome at last."""
    text = wording.say("action_done_later" if done else "action_not_done", call.language)
    return OutgoingPost(
        call.conversation,
        fill(text, {"what": named.title}),
        f"action:{call.key}",
        author=call.author,
        visibility=named.visibility,
        readers=call.readers,
    )

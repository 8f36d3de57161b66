"""Buttons that open windows, and what is answered in them."""

from __future__ import annotations

from datetime import UTC, datetime

from adapters.common.interactions import InteractionKind
from adapters.common.windows import window_for
from adapters.slack.interaction import Interaction
from adapters.slack.render import WINDOW_ACTION
from adapters.slack.router import Router
from adapters.slack.translate import user_of
from adapters.slack.windows import WINDOW, to_answered, view_of
from bot.ports import Windows, Wording


class WindowRouter:
    """Opens windows, and leads what is answered in them to storage.

    Args:
        router: Stores, acknowledges and refuses; gets the handlers.
        windows: What stands in windows; None: there are none.
        wording: The texts of their fields.
    """

    def __init__(self, router: Router, windows: Windows | None, wording: Wording) -> None:
        self._router = router
        self._windows = windows
        self._wording = wording
        router.routes.add(InteractionKind.PRESS, WINDOW_ACTION, self._open)
        router.routes.add(InteractionKind.MODAL, WINDOW, self._take)

    async def _open(self, used: Interaction) -> None:
        """Open the window of a button, for whom it is meant."""
        await used.ack()
        button, person = str(used.action.get("value", "")), user_of(used.body).key
        found = await window_for(self._windows, button, person)
        if isinstance(found, str):
            self._router.later(self._router.notify_author(used, found))
        else:
            self._router.later(self._router.open_view(used, view_of(found, self._wording)))

    async def _take(self, used: Interaction) -> None:
        """Store an answer; a window that was left empty says nothing."""
        event = to_answered(used.body, datetime.now(UTC))
        await (used.ack() if event is None else self._router.take(used, event))

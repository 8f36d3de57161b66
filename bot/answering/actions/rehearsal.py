"""Actions that are shown, not called: in chats, tests, evaluations, trials and shadow mode."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from bot.answering.actions.confirmation import values_hash
from bot.answering.actions.requests import NotCallable, address, is_set_up
from bot.ports import ActionInfo, ActionRequest, ActionResult
from bot.understanding.intents.actions import RESERVED, Action, ActionsFile, action_info


class RehearsedActions:
    """The `Actions` of a rehearsal: nothing is sent to anybody.

    What is not set up is not shown either: customers would not get it.

    Args:
        file: `actions.yaml`.
        environment: Environment variables.
        results: By action: what a test has as its result; the others give their example.
    """

    def __init__(
        self,
        file: ActionsFile,
        environment: Mapping[str, str],
        results: Mapping[str, ActionResult] | None = None,
    ) -> None:
        self._file = file
        self._environment = environment
        self._results = results or {}

    def info(self, action: str) -> ActionInfo | None:
        """Return what forms must know of an action; None: there is none of this name."""
        info, found = action_info(self._file, action), self._file.actions.get(action)
        if info is None or found is None:
            return None
        return replace(info, set_up=is_set_up(found, self._environment))

    def is_available(self, action: str) -> bool:  # noqa: ARG002 - nothing is called
        """Return that it can be shown."""
        return True

    async def run(self, request: ActionRequest) -> ActionResult:
        """Return the recorded result, the example, or the call that would be made.

        A write is confirmed first, as in life.
        """
        action = self._file.actions.get(request.action)
        if action is None:
            return ActionResult("unavailable", reason=f"there is no action {request.action}")
        if action.writes and request.confirmed != values_hash(request.values):
            return ActionResult("not_confirmed", reason="no confirmation of just these values")
        if request.action in self._results:
            return self._results[request.action]
        shown = "" if action.example is not None else _shown(request, action)
        return ActionResult("rehearsed", dict(action.example or {}), shown=shown)


def _shown(request: ActionRequest, action: Action) -> str:
    """Return the call that would be made, without its headers, which hold secrets."""
    values = {key: each for key, each in request.values.items() if key not in RESERVED}
    values |= {name: f"<{name}>" for name in action.uses if name in RESERVED}
    if action.http is None:
        used = {name: values.get(name) for name in action.uses}
        return f"{action.python} {json.dumps(used, ensure_ascii=False, default=str)}"
    try:
        return f"{action.http.method} {address(action.http.url, values)}"
    except NotCallable as error:
        return f"{action.http.method}: {error}"

"""Calls an action once, and says what came of it: nothing here knows of customers or proofs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

import jmespath
import structlog
from aiohttp.abc import AbstractResolver
from jmespath.exceptions import JMESPathError

from bot.answering.actions.breaker import Breakers
from bot.answering.actions.http import NoReply, NotSent, Response, send
from bot.answering.actions.python import (
    ActionContext,
    ActionRefused,
    FunctionFailed,
    PythonAction,
    call_python,
    installed_actions,
)
from bot.answering.actions.requests import (
    NotCallable,
    VariableMissing,
    is_set_up,
    prepare,
)
from bot.ports import ActionMeter, ActionResult, Alerts, Clock
from bot.understanding.intents.actions import Action, ActionsFile
from bot.understanding.intents.actions.names import place_of

log = structlog.get_logger(__name__)

_AGAIN = 0.2
"""Seconds before the first repetition of a read; doubled each time."""


class CallsShop(Protocol):
    """Calls actions, or answers in place of the shop."""

    def is_set_up(self, name: str, action: Action) -> bool:
        """Return whether an action can be called at all."""
        ...

    def is_available(self, action: Action) -> bool:
        """Return whether a call would be made."""
        ...

    async def call(
        self, file: ActionsFile, name: str, values: Mapping[str, Any], *, retry: bool = True
    ) -> ActionResult:
        """Call an action; see `ActionCaller.call`."""
        ...


class ActionCaller:
    """Calls actions; keeps what must outlive a change of `actions.yaml`.

    Args:
        environment: Environment variables, for secrets.
        clock: For breakers and repetitions.
        alerts: Told while a shop does not answer.
        meter: Counts calls; None: nobody does.
        python: Functions by name; None: those of installed packages.
        resolver: Finds the addresses of hosts; None: the system's.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        clock: Clock,
        alerts: Alerts | None = None,
        *,
        meter: ActionMeter | None = None,
        python: Mapping[str, PythonAction] | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.breakers = Breakers(clock, alerts)
        self._environment = environment
        self._clock = clock
        self._meter = meter
        self._python = python
        self._resolver = resolver

    def is_set_up(self, name: str, action: Action) -> bool:  # noqa: ARG002 - of the protocol
        """Return whether the environment variables of an action are set."""
        return is_set_up(action, self._environment)

    def is_available(self, action: Action) -> bool:
        """Return whether a call would be made."""
        return not self.breakers.is_open(_place(action))

    async def call(
        self, file: ActionsFile, name: str, values: Mapping[str, Any], *, retry: bool = True
    ) -> ActionResult:
        """Call an action: a read again where its `retries` allow it, a write once.

        Args:
            file: That has it.
            name: Its name.
            values: By name; those that it uses are taken.
            retry: A read that fails may be called again.

        Returns:
            `done`, `failed`, `unavailable` (nothing was sent) or, of writes, `unknown`.
        """
        action = file.actions[name]
        place, started = _place(action), time.monotonic()
        if not self.breakers.admits(place):
            return ActionResult("unavailable", reason=f"{place} has failed several times in a row")
        used = {each: values[each] for each in action.uses if values.get(each) is not None}
        result = await self._tried(file, name, used)
        for attempt in range(_retries(action) if retry else 0):
            if not _is_down(result):
                break
            await self._clock.sleep(_AGAIN * 2**attempt)
            result = await self._tried(file, name, used)
        if _is_down(result):
            await self.breakers.failed(place, result.reason)
        else:
            await self.breakers.worked(place)
        seconds = time.monotonic() - started
        if self._meter is not None:
            self._meter.action_called(name, result.state, seconds)
        log.info(
            "action called",
            action=name,
            state=result.state,
            error=result.error,
            reason=result.reason,
            seconds=seconds,
        )
        return result

    async def _tried(self, file: ActionsFile, name: str, values: Mapping[str, Any]) -> ActionResult:
        action = file.actions[name]
        if action.http is None:
            return await self._function(name, action, values)
        try:
            request = prepare(action.http, values, self._environment)
        except VariableMissing as error:
            return ActionResult("unavailable", reason=str(error))
        except NotCallable as error:
            return ActionResult("failed", reason=f"{name} was not called: {error}")
        try:
            response = await send(
                request,
                file.hosts,
                action.limit.total_seconds(),
                follow=not action.writes and request.method == "GET",
                resolver=self._resolver,
            )
        except NotSent as error:
            return ActionResult("unavailable", reason=f"no connection: {error}")
        except NoReply as error:
            return _unanswered(action, f"no reply: {error}")
        return _of_response(action, response)

    async def _function(self, name: str, action: Action, values: Mapping[str, Any]) -> ActionResult:
        functions = installed_actions() if self._python is None else self._python
        function = functions.get(action.python or "")
        if function is None:
            return ActionResult("unavailable", reason=f"no package has {action.python}")
        context = ActionContext(name, self._environment)
        try:
            data = await call_python(function, values, context, action.limit.total_seconds())
        except ActionRefused as error:
            return ActionResult("failed", error=action.errors.get(error.name, error.name))
        except TimeoutError:
            return _unanswered(action, "it took too long")
        except FunctionFailed as error:
            return _unanswered(action, str(error))
        return _provided(action, data)


def _place(action: Action) -> str:
    """Return what fails together: a host, or a function."""
    if action.http is None:
        return f"python {action.python}"
    host, port = place_of(action.http.url)
    return f"{host}:{port}"


def _retries(action: Action) -> int:
    return action.http.retries if action.http and not action.writes else 0


def _is_down(result: ActionResult) -> bool:
    """Return whether the shop gave no answer, rather than one that says no."""
    return result.state in ("unavailable", "unknown") or result.reason.startswith(_NO_ANSWER)


_NO_ANSWER = "no answer: "


def _unanswered(action: Action, reason: str) -> ActionResult:
    """Return what is known when there is no answer: of a write, nothing."""
    return ActionResult("unknown" if action.writes else "failed", reason=f"{_NO_ANSWER}{reason}")


def _of_response(action: Action, response: Response) -> ActionResult:
    status = response.status
    if str(status) in action.errors:
        return ActionResult(
            "failed", error=action.errors[str(status)], reason=f"the shop answered {status}"
        )
    if 200 <= status < 300:
        if not response.readable and action.returns:
            return _unanswered(action, "its response cannot be read")
        return _provided(action, response.data)
    if 400 <= status < 500 and status not in (408, 429):
        return ActionResult("failed", reason=f"the shop answered {status}")
    if status == 429:
        return ActionResult("failed", reason=f"{_NO_ANSWER}the shop answered {status}")
    return _unanswered(action, f"the shop answered {status}")


def _provided(action: Action, data: object) -> ActionResult:
    """Return the values that are found; those that are null are left out."""
    try:
        found = {name: jmespath.search(path, data) for name, path in action.returns.items()}
    except JMESPathError as error:
        return _unanswered(action, f"its response does not fit: {type(error).__name__}")
    return ActionResult("done", {name: each for name, each in found.items() if each is not None})

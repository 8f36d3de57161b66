"""Actions written in Python: entry points in the group `frontdesk.actions`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any

GROUP = "frontdesk.actions"
"""The group of entry points."""


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What a call is for.

    Attributes:
        action: Its name in `actions.yaml`.
        environment: Environment variables, for secrets.
    """

    action: str
    environment: Mapping[str, str]


PythonAction = Callable[[Mapping[str, Any], ActionContext], Awaitable[Mapping[str, Any]]]
"""`async def name(values, context)`: returns what `returns` finds its values in."""


class ActionRefused(Exception):
    """The shop refuses; nothing was changed.

    Args:
        name: Of the error, as `errors` and `when: {error: ...}` have it.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@cache
def installed_actions() -> Mapping[str, PythonAction]:
    """Return the functions of the group, by name."""
    return {each.name: each.load() for each in entry_points(group=GROUP)}


async def call_python(
    function: PythonAction, values: Mapping[str, Any], context: ActionContext, seconds: float
) -> Any:  # noqa: ANN401 - what JSON holds
    """Call a function, and return its result as JSON has it.

    Raises:
        ActionRefused: As the function does.
        TimeoutError: It took too long, and was cancelled.
        FunctionFailed: It raised something else, or returned what JSON has no form for.
    """
    task = asyncio.ensure_future(function(dict(values), context))
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    if task.cancelled():
        raise TimeoutError
    error = task.exception()
    if isinstance(error, ActionRefused):
        raise error
    if error is not None:
        raise FunctionFailed(type(error).__name__) from error
    try:
        return json.loads(json.dumps(task.result(), default=str))
    except (ValueError, TypeError, RecursionError) as unfit:
        raise FunctionFailed(f"its result is no JSON: {type(unfit).__name__}") from unfit


class FunctionFailed(Exception):
    """A function raised an error that says nothing about what the shop did."""

"""What forms must know of an action."""

from __future__ import annotations

from collections.abc import Mapping

from bot.ports import ActionInfo
from bot.understanding.intents.actions.listed import listed_keys
from bot.understanding.intents.actions.schema import ActionsFile


def action_info(file: ActionsFile, name: str) -> ActionInfo | None:
    """Return what forms must know of an action; None: forms cannot call one of this name."""
    action = file.actions.get(name)
    if action is None or name in file.of_proof:
        return None
    return ActionInfo(
        name,
        writes=action.writes,
        needs=file.needs(name),
        provides=tuple(action.returns),
        proof=action.proof,
        on_error=action.on_error,
        confirm=action.confirm or {},
        keys=listed_keys(action),
    )


def action_infos(file: ActionsFile) -> Mapping[str, ActionInfo]:
    """Return what forms must know of each action that they can call, by name."""
    found = {name: action_info(file, name) for name in file.actions}
    return {name: info for name, info in found.items() if info is not None}

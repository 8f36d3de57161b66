"""What forms must know of an action."""

from __future__ import annotations

from bot.ports import ActionInfo
from bot.understanding.intents.actions import ActionsFile


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
    )

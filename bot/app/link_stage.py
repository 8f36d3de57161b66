"""Builds the stage that links accounts of the shop."""

from __future__ import annotations

from bot.app.actions import ActionTools
from bot.ports import Forms
from bot.responder import Stage
from bot.stages.linking import LinkAccount
from bot.understanding.intents.actions import ActionsFile


def link_stage(tools: ActionTools, file: ActionsFile, forms: Forms) -> Stage | None:
    """Return the stage; None: no account can be linked here."""
    parts = tools.proof_of(file)
    if parts is None or parts.accounts is None:
        return None
    return LinkAccount(parts.accounts, forms)

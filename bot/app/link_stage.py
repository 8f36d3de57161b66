"""Builds the stages that link accounts of the shop, and void codes that others have read."""

from __future__ import annotations

from bot.app.actions import ActionTools
from bot.ports import Forms
from bot.responder import Stage
from bot.stages.linking import LinkAccount, VoidCode
from bot.understanding.intents.actions import ActionsFile


def link_stage(tools: ActionTools, file: ActionsFile, forms: Forms) -> Stage | None:
    """Return the stage; None: nobody can prove anything here."""
    parts = tools.proof_of(file)
    return None if parts is None else LinkAccount(parts.accounts, forms)


def void_stage(tools: ActionTools, file: ActionsFile) -> Stage | None:
    """Return the stage that voids codes; None: nobody can prove anything here."""
    parts = tools.proof_of(file)
    return None if parts is None else VoidCode(parts.dialogue)

"""Builds the stage that links accounts of the shop."""

from __future__ import annotations

from bot.app.actions import ActionTools
from bot.ports import Forms
from bot.responder import Stage
from bot.stages.linking import LinkAccount
from bot.understanding.intents.actions import ActionsFile


def link_stage(tools: ActionTools, file: ActionsFile, forms: Forms) -> Stage | None:
    """Return the stage; None: nobody can prove anything here."""
    parts = tools.proof_of(file)
    return None if parts is None else LinkAccount(parts.accounts, forms)

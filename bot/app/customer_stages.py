"""Builds the stages for customers of the shop: their accounts are linked, GPT looks things up."""

from __future__ import annotations

from bot.answering.generation.code_version import code_hash
from bot.answering.generation.factory import answering_model
from bot.answering.served import ServedLanguages
from bot.answering.tools import tools_of
from bot.answering.wording import BotWording
from bot.app.actions import ActionTools
from bot.app.gpt import Gpt, persona_of
from bot.config.schema import Config
from bot.ports import Forms
from bot.responder import Stage
from bot.stages.linking import LinkAccount, VoidCode
from bot.stages.tools import LookUp, ToolPorts
from bot.understanding.intents.actions import ActionsFile


def tools_stage(
    config: Config,
    gpt: Gpt | None,
    tools: ActionTools,
    file: ActionsFile,
    wording: BotWording,
    served: ServedLanguages,
) -> Stage | None:
    """Return the stage; None where GPT is off, or no action has `gpt: true`."""
    offered = tools_of(file)
    if gpt is None or not offered:
        return None
    parts = tools.proof_of(file)
    ports = ToolPorts(offered, tools.of(file), parts.proofs if parts else None)
    by = f"{answering_model(config.gpt)}, checked by {code_hash()}"
    persona = persona_of(config, served)
    return LookUp(gpt.model, ports, wording, gpt.budget, persona=persona, by=by)


def link_stage(tools: ActionTools, file: ActionsFile, forms: Forms) -> Stage | None:
    """Return the stage that links accounts; None: none can be linked here."""
    parts = tools.proof_of(file)
    if parts is None or parts.accounts is None:
        return None
    return LinkAccount(parts.accounts, forms)


def void_stage(tools: ActionTools, file: ActionsFile, forms: Forms) -> Stage | None:
    """Return the stage that voids codes that others have read; None: nobody can prove anything."""
    parts = tools.proof_of(file)
    return None if parts is None else VoidCode(parts.dialogue, forms)

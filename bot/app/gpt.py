"""The GPT of an instance: model, budget and judge, and the stage that answers with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.answering.generation.budget import Budget
from bot.answering.generation.code_version import code_hash
from bot.answering.generation.factory import (
    answering_model,
    judging_model,
    open_chat_model,
    open_judge,
)
from bot.answering.generation.judge import Judge
from bot.answering.generation.prompt import Persona
from bot.answering.grounding import Guard
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.app.resources import Resources
from bot.config.schema import Config
from bot.ports import ChatModel, KnownAnswers
from bot.stages.generate import GenerateAnswer
from bot.storage.spend import StoredSpend


@dataclass(frozen=True, slots=True)
class Gpt:
    """An open model with what it may cost.

    Attributes:
        model: Writes the answers.
        budget: Keeps their cost within the caps.
        judge: Gives a second opinion of them; None where config asks for none.
    """

    model: ChatModel
    budget: Budget
    judge: Judge | None = None


@asynccontextmanager
async def open_gpt(
    config: Config, environment: Mapping[str, str], resources: Resources
) -> AsyncIterator[Gpt | None]:
    """Open the GPT that config names; None when it is off.

    Raises:
        FrontdeskError: Config names none that could be opened; the message holds the remedy.
    """
    clock, alerts = resources.clock, resources.room.queued_alerts
    async with (
        open_chat_model(config.gpt, environment, clock, alerts) as model,
        open_judge(config.gpt, environment, clock) as judge,
    ):
        if model is None:
            yield None
            return
        spend = StoredSpend(resources.database, clock)
        budget = Budget(config.budget, config.gpt, spend, alerts, clock)
        opinion = Judge(judge, budget, judging_model(config.gpt)) if judge else None
        yield Gpt(model, budget, opinion)


def generate_stage(
    config: Config,
    gpt: Gpt | None,
    search: ArticleSearch,
    guard: Guard,
    wording: BotWording,
    known: KnownAnswers | None,
    served: ServedLanguages,
) -> GenerateAnswer | None:
    """Return the stage in which the GPT answers; None when it is off."""
    if gpt is None:
        return None
    persona = Persona(
        bot=config.responder.bot,
        contact=config.responder.contact,
        about=config.gpt.persona,
        tone=config.gpt.tone,
        rules=config.gpt.rules,
        memory=config.gpt.memory_tokens,
        served=served,
    )
    return GenerateAnswer(
        gpt.model,
        search,
        guard,
        wording,
        gpt.budget,
        known,
        persona=persona,
        by=f"{answering_model(config.gpt)}, checked by {code_hash()}",
        judge=gpt.judge,
    )

"""The GPT of an instance: model, budget and judge, and the stage that answers with them.

`gpt.answers` picks the stage: `select` (bot/stages/select.py, or select_nearest.py where
`gpt.chooser` asks no GPT) or `rephrase` (bot/stages/generate.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.answering.generation.budget import Budget
from bot.answering.generation.code_version import code_hash
from bot.answering.generation.factory import (
    answering_model,
    is_ranked,
    judging_model,
    open_chat_model,
    open_judge,
)
from bot.answering.generation.judge import HearsAnswers, Judge
from bot.answering.generation.local_judge import CrossEncoder, LocalJudge
from bot.answering.generation.prompt import Persona
from bot.answering.grounding import Guard
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.selection.nearness import Nearness
from bot.answering.selection.offer import UnitSearch
from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.app.resources import Resources
from bot.config.schema import Config
from bot.ports import ChatModel, KnownAnswers, PlatformRules
from bot.publishing.bundle import Bundle
from bot.stages.generate import GenerateAnswer
from bot.stages.select import SelectAnswer
from bot.stages.select_nearest import SelectNearest
from bot.storage.spend import StoredSpend
from bot.text.catalogues import cue_words

log = structlog.get_logger(__name__)


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
    judge: HearsAnswers | None = None


@asynccontextmanager
async def open_gpt(
    config: Config, environment: Mapping[str, str], resources: Resources
) -> AsyncIterator[Gpt | None]:
    """Open the GPT that config names; None when it is off, or the ranking chooses in its place.

    Raises:
        FrontdeskError: Config names none that could be opened; the message holds the remedy.
    """
    if is_ranked(config.gpt):
        log.info(
            "gpt.ranking",
            meaning="the encoder ranks the articles' sentences, and no GPT is asked; to have the "
            "model choose: `gpt: {chooser: model}`",
        )
        yield None
        return
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
        if resources.public:
            announce(config)
        yield Gpt(model, budget, await judge_of(config, judge, budget))


async def judge_of(
    config: Config, model: ChatModel | None, budget: Budget | None
) -> HearsAnswers | None:
    """Return what judges GPT's own words; None where none are shown.

    Args:
        config: Names the judge.
        model: The chat model that judges, if one does.
        budget: Pays for it.

    Raises:
        FrontdeskError: The folder of a local judge cannot be used.
    """
    judge = config.gpt.judge
    if judge is None or config.gpt.answers == "select":
        return None
    if judge.model is not None:
        return LocalJudge(await asyncio.to_thread(CrossEncoder.load, judge.model), judge.threshold)
    if model is None or budget is None:
        return None
    return Judge(model, budget, judging_model(config.gpt))


def announce(config: Config) -> None:
    """Log how GPT answers where config leaves it open, as one of 0.1 does."""
    if "answers" not in config.gpt.model_fields_set:
        log.info(
            "gpt.answers",
            mode="select",
            meaning="GPT chooses sentences of the articles, which customers read word for word; in "
            "0.1 it answered in its own words: docs/upgrading.md",
        )


def answer_stage(
    config: Config,
    gpt: Gpt | None,
    bundle: Bundle,
    search: ArticleSearch,
    rules: Mapping[str, PlatformRules],
    wording: BotWording,
    known: KnownAnswers | None,
    served: ServedLanguages,
) -> SelectAnswer | SelectNearest | GenerateAnswer | None:
    """Return the stage in which the GPT answers, or the ranking for it; None when it is off."""
    units = UnitSearch(search, Nearness(bundle.retriever.encoders), cue_words("joints"))
    if is_ranked(config.gpt):
        return SelectNearest(search, units, wording)
    if gpt is None:
        return None
    persona = persona_of(config, served)
    by = f"{answering_model(config.gpt)}, checked by {code_hash()}"
    select = SelectAnswer(
        gpt.model, search, units, wording, gpt.budget, known, persona=persona, by=by
    )
    if config.gpt.answers == "select":
        return select
    return GenerateAnswer(
        gpt.model,
        search,
        Guard(bundle.classifier, wording, rules.values(), judged=gpt.judge is not None),
        wording,
        gpt.budget,
        known,
        persona=persona,
        by=by,
        judge=gpt.judge,
        instead=select,
    )


def persona_of(config: Config, served: ServedLanguages) -> Persona:
    """Return who GPT is told to be."""
    return Persona(
        bot=config.responder.bot,
        contact=config.responder.contact,
        about=config.gpt.persona,
        tone=config.gpt.tone,
        rules=config.gpt.rules,
        memory=config.gpt.memory_tokens,
        served=served,
    )

"""The composition root: builds a running service from config.yaml."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from threadpoolctl import threadpool_limits

from bot.answering.generation.budget import Budget
from bot.answering.generation.code_version import edition
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
from bot.answering.replies import Replies
from bot.answering.wording import BUILT_IN, BotWording
from bot.app.background import running
from bot.app.preload import preload
from bot.app.resources import Resources, open_resources, require_server
from bot.app.service import Service
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.delivery import Worker
from bot.ports import Adapter, ChatModel, Clock, Handoffs
from bot.publishing.bundle import (
    ActiveBundle,
    Bundle,
    ReloadingResponder,
    freeze_garbage_collector,
    load_bundle,
)
from bot.publishing.publish import Mode
from bot.publishing.reload import live_jobs
from bot.responder import Responder, Stage
from bot.staff.dead_letter_notice import SetAside
from bot.staff.handoffs import NoStaff
from bot.staff.roster import Roster
from bot.stages.clarify import Disambiguate
from bot.stages.gates import RateLimitGate, StaleGate
from bot.stages.generate import GenerateAnswer
from bot.stages.human import AsksForPerson
from bot.stages.intent_reply import AnswerIntent, ButtonPress, IntentReply
from bot.stages.quote import AdmitUnknown, QuoteArticle
from bot.stages.understand import Classify
from bot.storage import Database, StoredButtons, StoredTranscripts
from bot.storage.answer_cache import StoredAnswers
from bot.storage.cases import Cases
from bot.storage.spend import StoredSpend
from bot.understanding.intents import IntentSet
from bot.understanding.language.detector import LanguageDetector
from bot.understanding.model.classifier import Batched


@asynccontextmanager
async def open_service(
    config: Config,
    environment: Mapping[str, str],
    *,
    adapters: Sequence[Adapter],
    database_url: str | None = None,
    public: bool = False,
    listens: bool = True,
    publish: Mode | None = None,
) -> AsyncIterator[Service]:
    """Open everything that a service needs; close it at the end.

    Args:
        config: What to serve.
        environment: Environment variables, for the GPT key.
        adapters: The platforms.
        database_url: Overrides the configured database.
        public: Customers are served: their rate is limited, staff may pause the bot and are told
            what they must know, old data is deleted, and operators can look at the desk.
        listens: Take messages in as well; False: only answer what other processes took in.
        publish: When changed intents go live; None: never.

    Raises:
        FrontdeskError: Model, intents or database are not usable; the message says how to fix it.
    """
    preload()
    if publish is not None:
        freeze_garbage_collector()
    current = ActiveBundle(load_bundle(config))
    async with AsyncExitStack() as stack:
        # One message is little work: synchronising BLAS threads would take longer.
        stack.enter_context(threadpool_limits(1, user_api="blas"))
        opening = open_resources(
            config,
            SystemClock(),
            adapters=adapters,
            database_url=database_url,
            model=current.model,
            public=public,
        )
        resources = await stack.enter_async_context(opening)
        model = await stack.enter_async_context(
            open_chat_model(config.gpt, environment, resources.clock, resources.room.queued_alerts)
        )
        judge = await stack.enter_async_context(
            open_judge(config.gpt, environment, resources.clock)
        )
        ledger = StoredSpend(resources.database, resources.clock)
        budget = Budget(
            config.budget, config.gpt, ledger, resources.room.queued_alerts, resources.clock
        )
        build = partial(
            build_responder,
            config,
            database=resources.database,
            model=model,
            budget=budget,
            judge=Judge(judge, budget, judging_model(config.gpt)) if judge else None,
            clock=resources.clock,
            limits=_limits(config, resources.clock) if public else (),
            first=resources.room.stages,
            handoffs=resources.room.handoffs,
        )
        responder = ReloadingResponder(current, build)
        stack.push_async_callback(responder.aclose)
        if publish is not None:
            jobs = live_jobs(config, publish, current, resources.room.alerts)
            await stack.enter_async_context(running(*jobs))
        worker = Worker(
            resources.inbox,
            responder,
            resources.room.posters,
            concurrency=config.serve.concurrency,
            clock=resources.clock,
            meter=resources.operations.meter,
            apology=_apology(config, resources),
            located=Roster(config.desk.staff).located,
        )
        reception = resources.reception() if listens else None
        yield Service(adapters, reception, worker, responder, alerts=resources.room.alerts)


@asynccontextmanager
async def open_intake_service(
    config: Config, *, adapters: Sequence[Adapter]
) -> AsyncIterator[Service]:
    """Open a service that accepts messages for other processes to answer; it needs no model.

    Raises:
        FrontdeskError: The database is not usable, or is a file that no other process can share.
    """
    require_server(config, "`serve: {answer: false}`")
    opening = open_resources(config, SystemClock(), adapters=adapters, public=True)
    async with opening as resources:
        yield Service(adapters, resources.reception(), None, alerts=resources.room.alerts)


def build_responder(
    config: Config,
    desk: Bundle,
    *,
    database: Database,
    model: ChatModel | None,
    budget: Budget | None = None,
    judge: Judge | None = None,
    clock: Clock,
    limits: Sequence[Stage] = (),
    first: Sequence[Stage] = (),
    handoffs: Handoffs | None = None,
) -> Responder:
    """Build the responder of a bundle: the stages of the decision, in order.

    When admins change what they taught, the responder of the new desk takes the place of this one:
    what must outlive that (a count of messages, a connection) comes in from outside.

    Args:
        config: Of the desk.
        desk: What admins taught.
        database: For choices, cases and transcripts.
        model: The chat model; None: articles are quoted.
        budget: What the GPT may cost; a GPT without a budget is not asked.
        judge: Gives a second opinion of what the GPT says.
        clock: The time.
        limits: Stages that keep customers within bounds.
        first: Stages of the staff.
        handoffs: Notifies staff that a customer asks for a person; None: there is no staff.
    """
    bot, contact = config.responder.bot, config.responder.contact
    default_language = config.language.default
    wording = BotWording(config.responder, default_language)
    answers = Replies(
        desk.intents,
        language_default=default_language,
        values={"bot": bot, "contact": contact},
    )
    choices = StoredButtons(database, clock)
    replying = IntentReply(answers, choices, handoffs or NoStaff(), wording)
    classifier = Batched(desk.classifier)
    library = ArticleSearch(desk.retriever, Roster(config.desk.staff).audience)
    languages = LanguageDetector(_languages(desk.intents), desk.classifier.familiar)
    stages: list[Stage] = [*first]
    if config.serve.stale_after:
        age = timedelta(minutes=config.serve.stale_after)
        stages.append(StaleGate(age, Cases(database, clock), languages, wording, clock))
    stages += [
        *limits,
        ButtonPress(choices, replying, wording),
        Classify(classifier, languages, wording),
        AsksForPerson(desk.classifier, classifier, answers, replying),
        AnswerIntent(replying),
        Disambiguate(answers, choices, wording),
    ]
    if model is not None and budget is not None:
        known = StoredAnswers(database, clock) if config.budget.reuse else None
        stages.append(
            GenerateAnswer(
                model,
                library,
                Guard(desk.classifier, wording),
                wording,
                budget,
                known,
                persona=_persona(config),
                by=f"{answering_model(config.gpt)}, checked by {edition()}",
                judge=judge,
            )
        )
    stages += [QuoteArticle(library, wording), AdmitUnknown(wording)]
    return Responder(
        stages,
        transcripts=StoredTranscripts(database),
        wording=wording,
        clock=clock,
        default_language=default_language,
        longest_message=config.responder.longest_message,
    )


def _apology(config: Config, resources: Resources) -> Responder:
    """Return the responder that notifies customers of dead letters; staff and pauses come first."""
    wording = BotWording(config.responder, config.language.default)
    return Responder(
        [*resources.room.stages, SetAside(LanguageDetector(BUILT_IN["given_up"]), wording)],
        transcripts=StoredTranscripts(resources.database),
        wording=wording,
        clock=resources.clock,
        default_language=config.language.default,
    )


def _persona(config: Config) -> Persona:
    """Return GPT's persona."""
    return Persona(
        bot=config.responder.bot,
        contact=config.responder.contact,
        about=config.gpt.persona,
        tone=config.gpt.tone,
        rules=config.gpt.rules,
        memory=config.gpt.memory_tokens,
    )


def _limits(config: Config, clock: Clock) -> Sequence[Stage]:
    """Return the rate limit stage; shared by all bundles, since it keeps counts."""
    limit = config.serve.rate_limit
    wording = BotWording(config.responder, config.language.default)
    return [RateLimitGate(limit, wording, clock)] if limit else []


def _languages(intents: IntentSet) -> set[str]:
    """Return the languages that customers can be answered in."""
    replies = (
        tag for intent in intents.intents for case in intent.entry.reply for tag in case.text
    )
    return {intents.default_language, *replies, *BUILT_IN["unknown"]}

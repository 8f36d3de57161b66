"""The composition root: builds a running service from config.yaml."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from threadpoolctl import threadpool_limits

from bot.answering.generation.budget import Budget
from bot.answering.generation.code_version import code_hash
from bot.answering.generation.factory import (
    answering_model,
    judging_model,
    open_chat_model,
    open_judge,
)
from bot.answering.generation.judge import Judge
from bot.answering.grounding import Guard
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.replies import Replies
from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.app.background import running
from bot.app.preload import preload
from bot.app.resources import open_resources, require_server
from bot.app.service import Service
from bot.app.staff import StaffTools
from bot.app.stage_parts import apology, persona, rate_limit, stale
from bot.clock import SystemClock
from bot.config.platforms import find_rules
from bot.config.schema import Config
from bot.delivery import OutboxWorker, Worker
from bot.ports import Adapter, ChatModel, Clock, PlatformRules
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
from bot.staff.handoffs import NoStaff
from bot.staff.roster import Roster
from bot.stages.clarify import Disambiguate
from bot.stages.generate import GenerateAnswer
from bot.stages.human import AsksForPerson
from bot.stages.intent_reply import AnswerIntent, ButtonPress, IntentReply
from bot.stages.quote import AdmitUnknown, QuoteArticle
from bot.stages.understand import Classify
from bot.storage import Database, StoredButtons, StoredTranscripts
from bot.storage.answer_cache import StoredAnswers
from bot.storage.cases import Cases
from bot.storage.spend import StoredSpend
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
    clock: Clock | None = None,
    bundle: Bundle | None = None,
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
        publish: When changed intents go live; None: the desk stays as it is.
        clock: The time; None: the system's.
        bundle: What admins taught, loaded; None: the version that serves is loaded.

    Raises:
        FrontdeskError: Model, intents or database are not usable; the message says how to fix it.
    """
    preload()
    if publish is not None:
        freeze_garbage_collector()
    current = ActiveBundle(bundle or load_bundle(config))
    served = ServedLanguages(config.language)
    served.learn(current.desk.intents)
    async with AsyncExitStack() as stack:
        # One message is little work: synchronising BLAS threads would take longer.
        stack.enter_context(threadpool_limits(1, user_api="blas"))
        opening = open_resources(
            config,
            clock or SystemClock(),
            adapters=adapters,
            database_url=database_url,
            model=current.model,
            public=public,
            served=served,
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
            served=served,
            rate_limit=rate_limit(config, resources.clock, served) if public else None,
            staff=resources.room,
            rules=find_rules([*config.adapters, *(adapter.name for adapter in adapters)]),
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
            apology=apology(config, resources, served),
            located=Roster(config.staff.members).located,
            outbox=resources.outbox,
        )
        deliverer = OutboxWorker(
            resources.outbox,
            resources.room.posters,
            concurrency=config.serve.concurrency,
            clock=resources.clock,
            meter=resources.operations.meter,
        )
        reception = resources.reception() if listens else None
        yield Service(
            adapters,
            reception,
            worker,
            responder,
            alerts=resources.room.alerts,
            deliverer=deliverer,
        )


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
    bundle: Bundle,
    *,
    database: Database,
    model: ChatModel | None,
    budget: Budget | None = None,
    judge: Judge | None = None,
    clock: Clock,
    served: ServedLanguages | None = None,
    rate_limit: Stage | None = None,
    staff: StaffTools | None = None,
    rules: Mapping[str, PlatformRules] | None = None,
) -> Responder:
    """Put the stages of the decision in their order, for one bundle.

    When admins change what they taught, the responder of the new bundle takes the place of this
    one: what must outlive that (a count of messages, a connection) comes in from outside.

    Args:
        config: Of the instance.
        bundle: What admins taught.
        database: For buttons, cases and transcripts.
        model: The GPT; None: articles are quoted.
        budget: What the GPT may cost; without a budget the GPT is not called.
        judge: Gives a second opinion of what the GPT writes.
        clock: The time.
        served: The languages that are answered in; None: as config and intents have it.
        rate_limit: The stage that counts messages; None: they are not limited.
        staff: Stages of the staff, and how to notify them; None: there is no staff.
        rules: Of the platforms that are served, by name.
    """
    rules = rules or {}
    default_language = config.language.default
    served = served or ServedLanguages(config.language)
    served.learn(bundle.intents)
    wording = BotWording(config.responder, default_language, served)
    answers = Replies(
        bundle.intents,
        language_default=default_language,
        values={"bot": config.responder.bot, "contact": config.responder.contact},
        served=served,
    )
    buttons = StoredButtons(database, clock)
    handoffs = staff.handoffs if staff else NoStaff()
    replies = IntentReply(answers, buttons, handoffs, wording)
    classifier = Batched(bundle.classifier)
    search = ArticleSearch(bundle.retriever, Roster(config.staff.members, rules).audience)
    languages = LanguageDetector(served.tags or (), bundle.classifier.familiar)
    generate = None
    if model is not None and budget is not None:
        guard = Guard(bundle.classifier, wording, rules.values())
        known = StoredAnswers(database, clock) if config.budget.reuse else None
        generate = GenerateAnswer(
            model,
            search,
            guard,
            wording,
            budget,
            known,
            persona=persona(config, served),
            by=f"{answering_model(config.gpt)}, checked by {code_hash()}",
            judge=judge,
        )
    stages: list[Stage | None] = [
        *(staff.stages if staff else ()),  # staff commands, staff lines, paused
        stale(config, Cases(database, clock), languages, wording, clock),
        rate_limit,
        ButtonPress(buttons, replies, wording),
        Classify(classifier, languages, wording),
        AsksForPerson(bundle.classifier, classifier, answers, replies),
        AnswerIntent(replies),
        Disambiguate(answers, buttons, wording),
        generate,
        QuoteArticle(search, wording),
        AdmitUnknown(wording),
    ]
    return Responder(
        [stage for stage in stages if stage is not None],
        transcripts=StoredTranscripts(database),
        wording=wording,
        clock=clock,
        default_language=default_language,
        longest_message=config.responder.longest_message,
    )

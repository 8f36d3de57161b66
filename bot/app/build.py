"""The composition root: builds a running service from config.yaml."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from threadpoolctl import threadpool_limits

from bot.answering.actions import CallsShop
from bot.answering.served import ServedLanguages
from bot.answering.wording import BotWording
from bot.app.actions import ActionTools, action_tools
from bot.app.assist_stage import assist_stage
from bot.app.background import running
from bot.app.beside_people import beside_people
from bot.app.calls import asked_thumbs, call_person, keyword_stage, vote_stages
from bot.app.classify_stage import classify_stage
from bot.app.clause_stages import ReplyTools, article_search, clause_stages, prefer_article
from bot.app.configured_gates import rate_limit_gate, stale_gate
from bot.app.customer_stages import link_stage, tools_stage, void_stage
from bot.app.first_stages import first_stages
from bot.app.form_stages import admin_replies, bundle_forms, form_jobs, form_ports, taught_staff
from bot.app.gpt import Gpt, answer_stage, open_gpt
from bot.app.last_stages import last_stages
from bot.app.own_questions import own_questions_stages
from bot.app.preload import load_names, preload
from bot.app.products import ProductTools, open_products, products_of, recommend_stage
from bot.app.resources import Resources, open_resources
from bot.app.service import Service
from bot.app.speaking import speaking_stages
from bot.app.staff import StaffTools
from bot.app.workers import build_service
from bot.clock import SystemClock
from bot.config.platforms import find_rules
from bot.config.schema import Config
from bot.ports import Adapter, Clock, LooksBack, PlatformRules, Responding
from bot.publishing.bundle import (
    ActiveBundle,
    Bundle,
    ReloadingResponder,
    freeze_garbage_collector,
    load_bundle,
)
from bot.publishing.desk_texts import desk_texts
from bot.publishing.publish import Mode
from bot.publishing.reload import live_jobs
from bot.responder import Responder, Stage
from bot.stages.clarify import Disambiguate
from bot.stages.feelings import AnswerFrustrated
from bot.stages.follow_up import ResolveFollowUp
from bot.stages.human import AsksForPerson
from bot.stages.intent_reply import AnswerIntent, ButtonPress, IntentReply
from bot.stages.only_sure import OnlySure
from bot.stages.quote import QuoteArticle
from bot.storage import Database, StoredButtons, StoredTranscripts
from bot.storage.answer_cache import StoredAnswers
from bot.storage.cases import Cases
from bot.storage.conversation_states import StoredStates
from bot.storage.forms import StoredForms
from bot.storage.last_answers import StoredLastAnswers
from bot.understanding.language.desk_words import desk_words
from bot.understanding.language.detector import LanguageDetector
from bot.understanding.model.batched import Batched


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
    live: bool | None = None,
    shop: CallsShop | None = None,
) -> AsyncIterator[Service]:
    """Open everything that a service needs; close it at the end.

    Args:
        config: What to serve.
        environment: Environment variables, for secrets.
        adapters: The platforms.
        database_url: Overrides the configured database.
        public: Customers are served: rates are limited, staff have tools, old data is deleted.
        listens: Take messages in as well; False: only answer what other processes took in.
        publish: When changed intents go live; None: the desk stays as it is.
        clock: The time; None: the system's.
        bundle: What admins taught; None: the version that serves is loaded.
        live: See `action_tools`.
        shop: See `action_tools`.

    Raises:
        FrontdeskError: Model, intents or database are not usable; the message says how to fix it.
    """
    current = _first_bundle(config, bundle, reloads=publish is not None)
    opening = open_resources(
        config,
        clock or SystemClock(),
        adapters=adapters,
        database_url=database_url,
        model=current.model,
        public=public,
        served=_served(config, current),
        environment=environment,
    )
    tools = partial(action_tools, config, environment, live=live, shop=shop)
    answering = partial(_answer, config, environment, current, tools)
    async with opening as resources, answering(resources) as responder:
        jobs = live_jobs(config, publish, current, resources.room.alerts) if publish else ()
        async with running(*jobs, *form_jobs(config, resources, current)):
            yield build_service(config, resources, responder, listens=listens)


def _served(config: Config, current: ActiveBundle) -> ServedLanguages:
    served = ServedLanguages(config.language)
    served.learn(current.desk.intents)
    return served


def _first_bundle(config: Config, bundle: Bundle | None, *, reloads: bool) -> ActiveBundle:
    """Load what every model needs, and what serves first."""
    preload()
    load_names(config.privacy.names_model)
    if reloads:
        freeze_garbage_collector()
    return ActiveBundle(bundle or load_bundle(config))


@asynccontextmanager
async def _answer(
    config: Config,
    environment: Mapping[str, str],
    current: ActiveBundle,
    tools: Callable[[Resources, ActiveBundle], ActionTools],
    resources: Resources,
) -> AsyncIterator[Responding]:
    """Open the responder of a process, which follows the active bundle."""
    limit = rate_limit_gate(config, resources.clock, resources.served) if resources.public else None
    # One message is little work: synchronising BLAS threads would take longer.
    with threadpool_limits(1, user_api="blas"):
        async with (
            open_gpt(config, environment, resources) as gpt,
            open_products(config, resources) as products,
        ):
            builder = ResponderBuilder(
                config,
                resources.database,
                resources.clock,
                resources.served,
                gpt=gpt,
                rate_limit=limit,
                staff=resources.room,
                rules=find_rules([*config.adapters, *(each.name for each in resources.adapters)]),
                platforms={e.name: e for e in resources.adapters if isinstance(e, LooksBack)},
                actions=tools(resources, current),
                products=products,
            )
            responder = ReloadingResponder(current, builder.serving)
            try:
                async with running(*builder.actions.jobs):
                    yield responder
            finally:
                await responder.aclose()


@dataclass(frozen=True, slots=True)
class ResponderBuilder:
    """Puts the stages of the decision in their order, for one bundle after the other.

    When admins change what they taught, the responder of the new bundle takes the place of the
    old one: what must outlive that (a count of messages, a connection) is kept here.

    Attributes:
        config: Of the instance.
        database: For buttons, cases and transcripts.
        clock: The time.
        served: The languages that are answered in; None: as config and intents have it.
        gpt: The GPT; None: articles are quoted.
        rate_limit: The stage that counts messages; None: they are not limited.
        staff: Stages of the staff, and how to notify them; None: there is no staff.
        rules: Of the platforms that are served, by name.
        platforms: Those that can look at what a mention points at, by name.
        actions: Runs, or shows, what `actions.yaml` has.
        products: Recommends; None: nothing does.
    """

    config: Config
    database: Database
    clock: Clock
    served: ServedLanguages | None = None
    gpt: Gpt | None = None
    rate_limit: Stage | None = None
    staff: StaffTools | None = None
    rules: Mapping[str, PlatformRules] = field(default_factory=dict)
    platforms: Mapping[str, LooksBack] = field(default_factory=dict)
    actions: ActionTools = field(default_factory=ActionTools)
    products: ProductTools | None = None

    def serving(self, bundle: Bundle) -> Responding:
        """Return what answers from a bundle, where other people are listened to as well."""
        served = self.served or ServedLanguages(self.config.language)
        actions = self.actions.of(bundle.intents.actions)
        replies = admin_replies(self.config, bundle, served, actions)
        states = StoredStates(self.database, self.clock)
        responder = beside_people(self.build(bundle), bundle, served, states, replies)
        if self.staff is None or self.staff.unanswered is None:
            return responder
        return OnlySure(responder, replies, self.staff.unanswered)

    def build(self, bundle: Bundle) -> Responder:
        """Return the responder that answers from a bundle."""
        served = self.served or ServedLanguages(self.config.language)
        served.learn(bundle.intents)
        wording = BotWording(self.config.responder, self.config.language.default, served)
        return Responder(
            [stage for stage in self._stages(bundle, served, wording) if stage is not None],
            transcripts=StoredTranscripts(self.database),
            wording=wording,
            clock=self.clock,
            default_language=self.config.language.default,
            longest_message=self.config.responder.longest_message,
            thumbs=asked_thumbs(self.config, bundle, wording),
            calls=call_person(
                self.config,
                self.staff.handoffs if self.staff else None,
                self.database,
                self.clock,
            ),
        )

    def _stages(
        self, bundle: Bundle, served: ServedLanguages, wording: BotWording
    ) -> Sequence[Stage | None]:
        """Return the stages in the order in which they are asked; the first that decides wins."""
        config, clock, staff, database = self.config, self.clock, self.staff, self.database
        reads, calls = config.understanding, staff is not None and config.staff.triggers.frustration
        buttons, last = StoredButtons(database, clock), StoredLastAnswers(database, clock)
        file, actions = bundle.intents.actions, self.actions.of(bundle.intents.actions)
        answers, opened = admin_replies(config, bundle, served, actions), StoredForms(database)
        model, classifier = bundle.classifier, Batched(bundle.classifier)
        desk, ports = desk_words(desk_texts(bundle)), form_ports(self.actions, file, opened)
        languages = LanguageDetector(served.tags or (), model.familiar, desk)
        tools = (answers, buttons, taught_staff(staff, answers), wording)
        forms = bundle_forms(config, bundle, classifier, languages, ports, *tools, gpt=self.gpt)
        products = products_of(self.products, actions, bundle, buttons, wording)
        replies = IntentReply(*tools, forms=forms.begins, products=products)
        search = article_search(bundle, config, self.rules)
        known = StoredAnswers(database, clock) if config.budget.reuse else None
        prefers = prefer_article(bundle, search, answers) if reads.articles_first else None
        reply_tools = ReplyTools(search, *tools, prefers, forms.begins, products)
        own = own_questions_stages(bundle, classifier, languages, last, reply_tools, replies)
        classify = classify_stage(config, classifier, languages, wording, desk, served)
        gpt = answer_stage(config, self.gpt, bundle, search, self.rules, wording, known, served)
        drafts = assist_stage(staff, database, clock, (classify, prefers), reply_tools, gpt)
        return [
            *vote_stages(buttons, database, clock, wording),
            *first_stages(config, bundle, languages, served, database, clock, staff, drafts),
            void_stage(self.actions, file, opened),
            *speaking_stages(model, languages, database, clock, staff, self.platforms),
            stale_gate(config, Cases(database, clock), languages, wording, clock),
            self.rate_limit,
            link_stage(self.actions, file, opened),
            forms.stage,
            *(own if reads.own_questions else ()),
            ButtonPress(buttons, replies, wording),
            classify,
            keyword_stage(config),
            AnswerFrustrated(answers, buttons, wording, calls=calls) if reads.feelings else None,
            recommend_stage(products, bundle, answers),
            *clause_stages(reads, model, classifier, reply_tools),
            ResolveFollowUp(model, classifier, wording) if reads.follow_ups else None,
            AsksForPerson(model, classifier, answers, replies),
            prefers,
            Disambiguate(answers, buttons, wording),
            AnswerIntent(replies),
            tools_stage(config, self.gpt, self.actions, bundle.intents.actions, wording, served),
            gpt,
            QuoteArticle(search, wording),
            *last_stages(answers, buttons, wording),
        ]

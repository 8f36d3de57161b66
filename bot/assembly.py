"""Puts the rooms together: from config.yaml to a trained model and to a running service."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from threadpoolctl import threadpool_limits

from bot.answering.fallback import Generated, Library, Quoted, Unknown
from bot.answering.gpt import build_chat_model
from bot.answering.knowledge import (
    Article,
    KnowledgeIndex,
    KnowledgeRetriever,
    digest,
    knowledge_folder,
    load_articles,
)
from bot.answering.replies import Replies
from bot.answering.wording import BUILT_IN, BotWording
from bot.clock import SystemClock
from bot.config import Config
from bot.delivery import Worker
from bot.delivery.ratelimit import RateLimit
from bot.desk.stale import Stale
from bot.errors import ModelError
from bot.operations import Model
from bot.ports import Adapter, ChatModel, Clock, Retriever
from bot.premises import open_premises, require_server
from bot.responder import Clarify, Press, Replying, Responder, Stage, Sure, Understand
from bot.service import Service
from bot.storage import Database, StoredChoices, StoredTranscripts
from bot.storage.cases import Cases
from bot.understanding.batching import Batched
from bot.understanding.classifier import IntentClassifier, load_version
from bot.understanding.encoder import Encoder
from bot.understanding.intents import IntentSet, load_intents
from bot.understanding.language import LanguageDetector
from bot.understanding.model_folder import ModelFolder, read_manifest
from bot.understanding.progress import NoProgress, Progress
from bot.understanding.training import TrainingOptions
from bot.understanding.training import train as train_model

KNOWLEDGE = "knowledge"
"""Folder of the article index within a model version."""


# --- training --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training made."""

    version: str
    intents: int
    examples: int
    articles: int
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return asdict(self)


def train_everything(
    config: Config, *, full: bool = False, progress: Progress | None = None
) -> TrainingReport:
    """Learn the intents, index the articles, and let both serve from now on.

    Raises:
        IntentsError: Mistakes in intent files or articles.
        EncoderUnavailable: The encoder that config names cannot be had.
    """
    started = time.monotonic()
    intents = _intents(config)
    articles = _articles(config)

    progress = progress or NoProgress()

    def index_articles(encoder: Encoder, version: Path) -> None:
        progress.stage("articles", None)
        KnowledgeIndex.build(articles, encoder).save(version / KNOWLEDGE)

    manifest = train_model(
        intents.corpus(),
        config.model,
        options=TrainingOptions(
            encoder=config.classifier.encoder,
            multilingual=config.classifier.multilingual,
            seed=config.classifier.seed,
            full=full,
        ),
        progress=progress,
        extras=[index_articles],
    )
    return TrainingReport(
        version=manifest.version,
        intents=len(intents.intents),
        examples=sum(len(intent.examples) for intent in intents.intents),
        articles=len(articles),
        seconds=time.monotonic() - started,
    )


def needs_training(config: Config) -> bool:
    """Tell whether intents, articles or settings differ from what the model was trained on.

    Raises:
        IntentsError: Mistakes in intent files or articles.
    """
    wanted = (
        _intents(config).corpus().hash,
        digest(_articles(config)),
        config.classifier.encoder,
        config.classifier.multilingual,
        config.classifier.seed,
    )
    try:
        version = ModelFolder(config.model).current()
        manifest = read_manifest(version)
        index = KnowledgeIndex.load(version / KNOWLEDGE)
    except ModelError:
        return True
    settings = [manifest.settings.get(name) for name in ("multilingual", "seed")]
    return wanted != (manifest.intents_hash, index.articles, manifest.encoder, *settings)


def _intents(config: Config) -> IntentSet:
    return load_intents(config.intents, default_language=config.language.default)


def _articles(config: Config) -> Sequence[Article]:
    folder = knowledge_folder(config)
    return load_articles(folder, config.language.default) if folder else ()


# --- serving ---------------------------------------------------------------------------------


@asynccontextmanager
async def open_service(
    config: Config,
    environment: Mapping[str, str],
    *,
    adapters: Sequence[Adapter],
    database_url: str | None = None,
    public: bool = False,
    listens: bool = True,
) -> AsyncIterator[Service]:
    """Open all that a service needs, and close it in the end.

    Args:
        config: What to serve.
        environment: Where the GPT key is read.
        adapters: The platforms.
        database_url: Another database than the configured one.
        public: Customers are served: their rate is limited, staff may pause the bot and are told
            what they must know, old data is deleted, and operators can look at the desk.
        listens: Take messages in as well; False: only answer what other processes took in.

    Raises:
        FrontdeskError: Model, intents or database are not usable; the message says how to mend it.
    """
    desk = load_desk(config)
    async with AsyncExitStack() as stack:
        # One message is little work: BLAS threads that wait for each other take longer than it.
        stack.enter_context(threadpool_limits(1, user_api="blas"))
        opening = open_premises(
            config,
            SystemClock(),
            adapters=adapters,
            database_url=database_url,
            model=desk.model,
            public=public,
        )
        premises = await stack.enter_async_context(opening)
        model = build_chat_model(config.gpt, environment)
        if model is not None:
            await stack.enter_async_context(aclosing(model))
        responder = build_responder(
            config,
            desk,
            premises.database,
            model,
            premises.clock,
            limit=config.serve.rate_limit if public else False,
            first=premises.room.stages,
        )
        worker = Worker(
            premises.inbox,
            responder,
            premises.room.voices,
            concurrency=config.serve.concurrency,
            clock=premises.clock,
            meter=premises.operations.meter,
        )
        reception = premises.reception() if listens else None
        yield Service(adapters, reception, worker, responder, alerts=premises.room.alerts)


@asynccontextmanager
async def open_front(config: Config, *, adapters: Sequence[Adapter]) -> AsyncIterator[Service]:
    """Open a service that takes messages in and leaves answering to others; it needs no model.

    Raises:
        FrontdeskError: The database is not usable, or is a file that nobody else could answer from.
    """
    require_server(config, "`serve: {answer: false}`")
    opening = open_premises(config, SystemClock(), adapters=adapters, public=True)
    async with opening as premises:
        yield Service(adapters, premises.reception(), None, alerts=premises.room.alerts)


@dataclass(frozen=True, slots=True)
class Desk:
    """What admins taught, loaded: intents, model, articles."""

    intents: IntentSet
    classifier: IntentClassifier
    retriever: Retriever

    def model(self) -> Model:
        """Tell which model answers."""
        manifest = self.classifier.manifest
        return Model(manifest.version, manifest.intents_hash)


def load_desk(config: Config) -> Desk:
    """Load intents, model and articles.

    Raises:
        IntentsError: Mistakes in intent files.
        ModelError: There is no model, or it is damaged or foreign.
    """
    classifier, index = _load_model(config)
    return Desk(_intents(config), classifier, KnowledgeRetriever(index, classifier, SystemClock()))


def _load_model(config: Config) -> tuple[IntentClassifier, KnowledgeIndex]:
    """Load what was trained together; start again when a newer training removes it meanwhile."""
    folder = ModelFolder(config.model)
    while True:
        version = folder.current()
        try:
            classifier = load_version(version, threshold=config.classifier.threshold)
            return classifier, KnowledgeIndex.load(version / KNOWLEDGE)
        except ModelError:
            if folder.current() == version:
                raise


def build_responder(
    config: Config,
    desk: Desk,
    database: Database,
    model: ChatModel | None,
    clock: Clock,
    *,
    limit: str | Literal[False] = False,
    first: Sequence[Stage] = (),
) -> Responder:
    """Put the stages of the decision in their order."""
    bot, contact = config.responder.bot, config.responder.contact
    default_language = config.language.default
    wording = BotWording(config.responder, default_language)
    answers = Replies(
        desk.intents,
        language_default=default_language,
        values={"bot": bot, "contact": contact},
    )
    choices = StoredChoices(database, clock)
    replying = Replying(answers, choices)
    library = Library(desk.retriever)
    languages = LanguageDetector(_languages(desk.intents))
    stages: list[Stage] = [*first]
    if config.serve.stale_after:
        age = timedelta(minutes=config.serve.stale_after)
        stages.append(Stale(age, Cases(database, clock), languages, wording, clock))
    if limit:
        stages.append(RateLimit(limit, wording, clock))
    stages += [
        Press(choices, replying, wording),
        Understand(Batched(desk.classifier), languages, wording),
        Sure(replying),
        Clarify(answers, choices, wording),
    ]
    if model is not None:
        stages.append(Generated(model, library, wording, bot=bot, contact=contact))
    stages += [Quoted(library, wording), Unknown(wording)]
    return Responder(
        stages,
        transcripts=StoredTranscripts(database),
        wording=wording,
        clock=clock,
        default_language=default_language,
    )


def _languages(intents: IntentSet) -> set[str]:
    """Return the languages that a customer can be answered in."""
    replies = (
        tag for intent in intents.intents for case in intent.entry.reply for tag in case.text
    )
    return {intents.default_language, *replies, *BUILT_IN["unknown"]}

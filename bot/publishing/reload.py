"""Reloads model, intents and articles of a running bot when their files change."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from contextlib import aclosing
from dataclasses import replace
from time import monotonic

import structlog

from bot.answering.knowledge import knowledge_folder, paths_within
from bot.config.schema import Config
from bot.errors import ModelError
from bot.ports import Alerts
from bot.publishing.article_index import reload_articles
from bot.publishing.bundle import ActiveBundle, Bundle, load_bundle, trim_memory
from bot.publishing.file_watcher import changes, signature
from bot.publishing.full_training import is_full
from bot.publishing.publish import Mode, is_handled
from bot.publishing.status import PublishOutcome, PublishStatus
from bot.publishing.subprocess import PublishProcess, train_fully_in_background
from bot.understanding.intents.folder import yaml_files
from bot.understanding.model.registry import ModelRegistry
from bot.understanding.traffic.learned_file import learned_path

log = structlog.get_logger(__name__)

RESTED = 60.0
"""Seconds without a change before a full training starts, if config asks for one."""


class BundleReloader:
    """Replaces the active bundle when a version is promoted or articles change.

    Args:
        config: Of the bot.
        current: Holds the active bundle.
        notices: Receives what cannot be loaded.
    """

    name = "reloading"

    def __init__(self, config: Config, current: ActiveBundle, notices: ReloadReports) -> None:
        self._config = config
        self._current = current
        self._notices = notices
        self._swapping = asyncio.Lock()

    async def run(self) -> None:
        """Watch model and articles until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow_model())
            group.create_task(self._follow_articles())

    async def take_up(self) -> None:
        """Switch to the promoted version, unless it is active already."""
        async with self._swapping:
            serving = self._current.desk
            started = monotonic()
            try:
                desk = await asyncio.to_thread(_newer, self._config, serving)
            except ModelError as error:
                await self._notices.note("model", f"the promoted model cannot be used: {error}")
                return
            if desk is not None:
                self._current.swap(desk)
                version = desk.model().version
                log.info("model reloaded", version=version, seconds=monotonic() - started)
                await asyncio.to_thread(trim_memory)
            await self._notices.note("model", "")

    async def _follow_model(self) -> None:
        pointer = changes(
            self._promoted_and_active,
            [self._config.model],
            poll=self._config.serve.poll,
            recursive=False,
        )
        async with aclosing(pointer):
            async for _ in pointer:
                await self.take_up()

    async def _follow_articles(self) -> None:
        folders = [self._config.intents, *filter(None, [self._config.knowledge.path])]
        articles = changes(self._articles, folders, poll=self._config.serve.poll)
        async with aclosing(articles):
            async for _ in articles:
                await self._take_up_articles()

    async def _take_up_articles(self) -> None:
        async with self._swapping:
            desk = self._current.desk
            found = await asyncio.to_thread(reload_articles, self._config, desk.retriever)
            if found.changed:
                self._current.swap(replace(desk, retriever=found.retriever))
                log.info("articles have changed", articles=found.retriever.index.version)
            lines = [str(problem) for problem in found.problems if problem.severity == "error"]
            await self._notices.note("articles", "\n".join(lines))

    def promoted(self) -> Hashable:
        """Return a value that changes when another version is promoted."""
        try:
            return ModelRegistry(self._config.model).current().name
        except ModelError as error:
            return str(error)

    def _promoted_and_active(self) -> Hashable:
        """Return both versions: the pointer may move away and back between two looks at it."""
        return self.promoted(), self._current.desk.model().version

    def _articles(self) -> Hashable:
        folder = knowledge_folder(self._config)
        return signature(paths_within(folder)) if folder else ()


class IntentWatcher:
    """Publishes intents when their files change; see `publish`.

    Args:
        config: Of the bot.
        mode: When to promote, see `publish`.
        reloading: Switches to a promoted version at once.
        notices: Receives what could not be published.
    """

    name = "publishing"

    def __init__(
        self, config: Config, mode: Mode, reloading: BundleReloader, notices: ReloadReports
    ) -> None:
        self._config = config
        self._mode = mode
        self._reloading = reloading
        self._notices = notices
        self._publisher = PublishProcess()
        on = config.classifier.learn_from_traffic
        self._learned = (learned_path(config.model),) if on else ()
        self._full: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Watch the intent files until cancelled."""
        files = changes(self._files, [self._config.intents], poll=self._config.serve.poll)
        try:
            async with aclosing(files):
                async for _ in files:
                    await self._leave_off()
                    await self._publish()
                    if self._mode == "auto":  # edits go live at once: save the start-up time
                        await self._publisher.stand_by()
                    if self._config.classifier.full == "auto":
                        self._full = asyncio.create_task(self._train_fully())
        finally:
            await self._leave_off()
            await self._publisher.close()

    async def _leave_off(self) -> None:
        """Cancel a full training: the intents that it learns have changed."""
        if self._full is not None:
            self._full.cancel()
            await asyncio.wait([self._full])

    async def _train_fully(self) -> None:
        """Train fully when intents have stopped changing, unless that was done already."""
        await asyncio.sleep(RESTED)
        if await asyncio.to_thread(is_full, self._config):
            return
        try:
            await train_fully_in_background(self._config, "serve")
        except ModelError as error:
            log.warning("full training failed", reason=str(error))

    async def _publish(self) -> None:
        try:
            if not await asyncio.to_thread(is_handled, self._config):
                await self._publisher.publish(self._config, self._mode, "serve")
        except ModelError as error:
            await self._notices.note("intents", str(error))
            return
        await self._reloading.take_up()
        attempt = await asyncio.to_thread(PublishStatus.read, self._config.model)
        if attempt is not None and attempt.outcome is PublishOutcome.WAITING:
            log.info("a version is waiting to be promoted", version=attempt.version)
        await self._notices.note("intents", _problem(attempt))

    def _files(self) -> Hashable:
        """Return the state of the files and of the pointer, which an admin may have moved."""
        try:
            files = signature([*yaml_files(self._config.intents), *self._learned])
        except OSError:
            files = ()
        return files, self._reloading.promoted()


def _problem(attempt: PublishStatus | None) -> str:
    """Return what staff must fix; a waiting version is no problem, config asks for it."""
    wanted = attempt is None or attempt.outcome is PublishOutcome.WAITING
    return "" if wanted or attempt is None else attempt.problem


def live_jobs(
    config: Config, mode: Mode, current: ActiveBundle, alerts: Alerts | None
) -> tuple[BundleReloader, IntentWatcher]:
    """Return the background jobs that keep a running bot up to date with its files."""
    notices = ReloadReports(current, alerts)
    reloading = BundleReloader(config, current, notices)
    return reloading, IntentWatcher(config, mode, reloading, notices)


def _newer(config: Config, serving: Bundle) -> Bundle | None:
    """Load the promoted version; None when it is active already.

    Raises:
        ModelError: It cannot be used.
    """
    if ModelRegistry(config.model).current().name.rpartition("-")[2] == serving.model().version:
        return None
    desk = load_bundle(config, serving)
    articles = reload_articles(config, desk.retriever)
    return replace(desk, retriever=articles.retriever)


class ReloadReports:
    """Reports problems with reloading and publishing to operators and staff.

    Args:
        current: Keeps the open problems for operators.
        alerts: Alerts staff; None where there are none.
    """

    def __init__(self, current: ActiveBundle, alerts: Alerts | None) -> None:
        self._open = current.problems
        self._alerts = alerts

    async def note(self, kind: str, problem: str) -> None:
        """Record the state of one kind of change; report it if it has changed.

        Args:
            kind: `model`, `intents` or `articles`.
            problem: What is wrong and how to fix it; empty when all is well.
        """
        if problem == self._open.get(kind, ""):
            return
        if problem:
            self._open[kind] = problem
            log.warning("a change is not live", kind=kind, reason=problem)
        else:
            del self._open[kind]
            log.info("a change is live again", kind=kind)
        if self._alerts is not None:
            await (self._alerts.alert(kind, problem) if problem else self._alerts.clear(kind))

"""Publishes changed intents: trains a version, tests it, and promotes it if allowed.

Runs in a separate process, see `bot.publishing.subprocess`. Several instances on one machine may
share a model folder: the first one to notice a change publishes it for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock

from bot.clock import SystemClock
from bot.config.schema import Config
from bot.errors import ModelError, ProblemsError
from bot.files.private_files import OWNER, private_folder
from bot.publishing.bundle import intents_of
from bot.publishing.intent_tests import run_intent_tests
from bot.publishing.snapshot import Snapshot
from bot.publishing.status import PublishOutcome, PublishStatus, publish_state
from bot.publishing.train import is_of, train_everything
from bot.understanding.model.registry import ModelRegistry

Mode = Literal["auto", "tested", "manual"]

_LOCK = ".publishing.lock"


def is_handled(config: Config) -> bool:
    """Return whether the current intents were published, tried, or overruled by an admin."""
    snapshot = Snapshot.of(config.intents)
    last = PublishStatus.read(config.model)
    if last is not None:
        return last.state == publish_state(config, snapshot)
    try:
        return is_of(ModelRegistry(config.model).current(), config, snapshot)
    except ModelError:
        return False


def publish(config: Config, mode: Mode, by: str) -> None:
    """Publish the current intents, unless another process has done so; blocking.

    The result is stored, see `PublishStatus`.

    Args:
        config: Of the bot.
        mode: `auto`: always promote; `tested`: promote if the intent tests pass; `manual`: leave
            the version waiting for `frontdesk models promote`.
        by: Who or what publishes.
    """
    private_folder(config.model)
    with FileLock(config.model / _LOCK, mode=OWNER):
        if not is_handled(config):
            PublishJob(config, mode, by).attempt().write(config.model)


def choose(config: Config, version: str, by: str) -> None:
    """Record that an admin chose a version, so that the current files do not replace it."""
    with FileLock(config.model / _LOCK, mode=OWNER):
        state = publish_state(config, Snapshot.of(config.intents))
        PublishStatus(state, _now(), by, PublishOutcome.CHOSEN, version).write(config.model)


@dataclass(frozen=True, slots=True)
class PublishJob:
    """Publishes one change of the intents."""

    config: Config
    mode: Mode
    by: str

    def attempt(self) -> PublishStatus:
        """Train, test, promote."""
        snapshot = Snapshot.of(self.config.intents)
        state = publish_state(self.config, snapshot)
        try:
            version = self._learned(snapshot)
            outcome, problems = self._judge(version)
            if outcome is PublishOutcome.PUBLISHED:
                ModelRegistry(self.config.model).promote(version.name)
        except ProblemsError as error:
            lines = tuple(str(problem) for problem in error.problems)
            return PublishStatus(state, _now(), self.by, PublishOutcome.FAILED, problems=lines)
        except ModelError as error:
            return PublishStatus(
                state, _now(), self.by, PublishOutcome.FAILED, problems=(str(error),)
            )
        return PublishStatus(state, _now(), self.by, outcome, version.name, problems)

    def _learned(self, snapshot: Snapshot) -> Path:
        """Return a version trained on these intents: an existing one, or a new one."""
        folder = ModelRegistry(self.config.model)
        for version in reversed(folder.versions()):
            if is_of(version, self.config, snapshot):
                return version
        serving = _serving(self.config)
        reuse = next((path for path in folder.versions() if path.name == serving), None)
        report = train_everything(
            self.config, trained_by=self.by, publish=False, reuse=reuse, tolerant=True
        )
        return folder.find(report.version)

    def _judge(self, version: Path) -> tuple[PublishOutcome, tuple[str, ...]]:
        if version.name == _serving(self.config):
            return PublishOutcome.PUBLISHED, ()
        if self.mode == "manual":
            return PublishOutcome.WAITING, ()
        if self.mode == "tested":
            tests = intents_of(self.config).tests
            failures = run_intent_tests(version, tests, policy=self.config.classifier.policy)
            if failures:
                return PublishOutcome.REFUSED, tuple(map(str, failures))
        return PublishOutcome.PUBLISHED, ()


def _serving(config: Config) -> str | None:
    """Return the folder name of the serving version; None if there is none."""
    try:
        return ModelRegistry(config.model).current().name
    except ModelError:
        return None


def _now() -> str:
    return SystemClock().now().isoformat(timespec="seconds")

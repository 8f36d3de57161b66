"""Full training: fine-tunes the encoder, and promotes the result only if significantly better."""

from __future__ import annotations

import subprocess
import sys
from enum import StrEnum
from pathlib import Path

from bot.answering.knowledge import knowledge_folder
from bot.config.schema import Config
from bot.errors import ModelError
from bot.files.private_files import open_private, private_folder
from bot.publishing.snapshot import INTENTS, Snapshot
from bot.publishing.train import TrainingReport, train_everything
from bot.understanding.model.registry import Manifest, ModelRegistry, read_manifest
from bot.understanding.training.progress import Progress

LOG = "full-training.log"
"""Log file, in the model folder, of a training in the background."""

_NICENESS = "19"


class FullTrainingResult(StrEnum):
    """Whether a fully trained model was promoted, and why."""

    FIRST = "there was no model to compare it with: it is now serving"
    BETTER = "significantly better than the quick model: it is now serving"
    NOT_BETTER = "not significantly better than the quick model, which stays in service"
    NOT_COMPARED = "not compared with the quick model, which stays in service"
    OVERTAKEN = "the intents have changed since: the newer model stays in service"

    @property
    def serves(self) -> bool:
        """Whether the full model serves."""
        return self in {FullTrainingResult.FIRST, FullTrainingResult.BETTER}


def train_fully(
    config: Config,
    *,
    progress: Progress | None = None,
    trained_by: str = "",
    tolerant: bool = False,
) -> tuple[TrainingReport, FullTrainingResult]:
    """Fine-tune the encoder, and promote the model if it is better; blocks for minutes.

    Raises:
        IntentsError: Mistakes in intent files or articles, see `train_everything`.
        EncoderUnavailable: The configured encoder is not available.
    """
    report = train_everything(
        config,
        full=True,
        progress=progress,
        trained_by=trained_by,
        publish=False,
        tolerant=tolerant,
    )
    folder = ModelRegistry(config.model)
    version = folder.find(report.version)
    serving = _serving(folder)
    verdict = judge(read_manifest(version), _manifest(serving) if serving else None)
    if verdict is FullTrainingResult.BETTER and serving and not _same_replies(version, serving):
        # The same model, with the replies that were published meanwhile.
        published = _taught_by(config, serving)
        report = train_everything(
            published, trained_by=trained_by, publish=False, reuse=version, tolerant=tolerant
        )
    if verdict.serves:
        folder.promote(report.version)
    return report, verdict


def judge(full: Manifest, serving: Manifest | None) -> FullTrainingResult:
    """Decide whether a full model may replace the serving one."""
    if serving is None:
        return FullTrainingResult.FIRST
    if serving.intents_hash != full.intents_hash:
        return FullTrainingResult.OVERTAKEN
    if full.comparison is None:
        return FullTrainingResult.NOT_COMPARED
    return FullTrainingResult.BETTER if full.comparison.better() else FullTrainingResult.NOT_BETTER


def is_full(config: Config) -> bool:
    """Return whether a full model was already trained on the intents that are serving."""
    folder = ModelRegistry(config.model)
    serving = _serving(folder)
    if serving is None:
        return False
    learned = read_manifest(serving).intents_hash
    found = [_manifest(version) for version in folder.versions()]
    return any(
        manifest.settings.get("full") and manifest.intents_hash == learned
        for manifest in found
        if manifest is not None
    )


def train_fully_in_subprocess(arguments: list[str], model: Path) -> int:
    """Start a full training that outlives this process; return its process id.

    Args:
        arguments: Command line of `frontdesk`.
        model: The model folder, for the log.
    """
    private_folder(model)
    command = ["nice", "-n", _NICENESS, sys.executable, "-m", "bot.cli", *arguments]
    with open_private(model / LOG) as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return process.pid


def _serving(folder: ModelRegistry) -> Path | None:
    try:
        return folder.current()
    except ModelError:
        return None


def _manifest(version: Path) -> Manifest | None:
    try:
        return read_manifest(version)
    except ModelError:  # damaged, or removed meanwhile
        return None


def _same_replies(one: Path, other: Path) -> bool:
    return Snapshot.of(one / INTENTS) == Snapshot.of(other / INTENTS)


def _taught_by(config: Config, version: Path) -> Config:
    """Return a configuration that trains on the intent files of a version."""
    knowledge = config.knowledge.model_copy(update={"path": knowledge_folder(config)})
    return config.model_copy(update={"intents": version / INTENTS, "knowledge": knowledge})

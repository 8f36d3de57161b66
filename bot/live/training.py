"""From intent files and articles to a trained model in the model folder."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.answering.knowledge import KnowledgeIndex, digest
from bot.config import Config
from bot.errors import ModelError
from bot.live.articles import read_for_training, write_index
from bot.live.desk import KNOWLEDGE, intents_of
from bot.understanding.encoder import Encoder
from bot.understanding.model_folder import ModelFolder, read_manifest
from bot.understanding.progress import NoProgress, Progress
from bot.understanding.training import TrainingOptions
from bot.understanding.training import train as train_model


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
    intents = intents_of(config)
    reading, earlier = read_for_training(config)

    progress = progress or NoProgress()

    def index_articles(encoder: Encoder, version: Path) -> None:
        progress.stage("articles", None)
        write_index(reading, earlier, encoder, version, config.model)

    manifest = train_model(
        intents.corpus(),
        config.model,
        options=training_options(config, full=full),
        progress=progress,
        extras=[index_articles],
    )
    return TrainingReport(
        version=manifest.version,
        intents=len(intents.intents),
        examples=sum(len(intent.examples) for intent in intents.intents),
        articles=len(reading.articles),
        seconds=time.monotonic() - started,
    )


def training_options(config: Config, *, full: bool = False) -> TrainingOptions:
    """Return how the configuration wants intents to be learned."""
    return TrainingOptions(
        encoder=config.classifier.encoder,
        multilingual=config.classifier.multilingual,
        seed=config.classifier.seed,
        full=full,
    )


def needs_training(config: Config) -> bool:
    """Tell whether intents, articles or settings differ from what the model was trained on.

    Raises:
        IntentsError: Mistakes in intent files or articles.
    """
    wanted = (
        intents_of(config).corpus().hash,
        digest(read_for_training(config)[0].articles),
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

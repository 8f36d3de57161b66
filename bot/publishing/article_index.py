"""Builds the article index: during training, and again whenever articles change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.answering.knowledge import (
    ArticleFolder,
    Encoders,
    KnowledgeIndex,
    KnowledgeRetriever,
    digest,
    knowledge_folder,
    read_articles,
)
from bot.answering.knowledge.articles import Article
from bot.answering.knowledge.indexed_passage import IndexedPassage
from bot.answering.knowledge.screening import screened
from bot.config.schema import Config
from bot.errors import ModelError, Problem
from bot.publishing.bundle import KNOWLEDGE
from bot.understanding.encoders.encoder import Encoder
from bot.understanding.encoders.multilingual import MultilingualEncoder, multilingual_encoder
from bot.understanding.model.classifier import load_classifier
from bot.understanding.model.planted_head import FILE
from bot.understanding.model.planted_screen import PlantedScreen
from bot.understanding.model.registry import ModelRegistry, read_manifest

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReloadedIndex:
    """The result of reading the articles again.

    Attributes:
        retriever: Searches the current articles; an unreadable one keeps its last readable text.
        problems: What an admin must fix.
        changed: Whether `retriever` differs from the serving one.
    """

    retriever: KnowledgeRetriever
    problems: tuple[Problem, ...]
    changed: bool


def reload_articles(config: Config, retriever: KnowledgeRetriever) -> ReloadedIndex:
    """Index the current articles; blocking, for a time proportional to what changed.

    Only changed articles are converted and embedded. An article that cannot be read keeps its
    last indexed text, unless it is unclear who may see it: then it is removed until that is fixed.

    Args:
        config: Names the folder of articles.
        retriever: The one that serves.
    """
    earlier = retriever.index
    reading = _read(config, earlier)
    if _is_indexed(reading, earlier):
        return ReloadedIndex(retriever, reading.problems, changed=False)
    index = KnowledgeIndex.build(
        reading.articles,
        retriever.encoders,
        conversions=reading.conversions,
        earlier=earlier,
        kept=_kept(reading, earlier),
    )
    changed = index.version != earlier.version
    problems = (*reading.problems, *index.problems)
    return ReloadedIndex(retriever.of(index) if changed else retriever, problems, changed)


def read_for_training(config: Config) -> tuple[ArticleFolder, KnowledgeIndex | None]:
    """Read the articles, and the serving index, from which the new one reuses what it can."""
    try:
        earlier = KnowledgeIndex.load(ModelRegistry(config.model).current() / KNOWLEDGE)
    except ModelError:
        earlier = None
    return _read(config, earlier), earlier


def planted_problems(config: Config, articles: Sequence[Article]) -> Sequence[Problem]:
    """Return a warning for each part of articles that the trained model would leave out.

    Args:
        config: Names the model folder; without a model nothing is looked for.
        articles: As they were read.
    """
    try:
        version = ModelRegistry(config.model).current()
        known = {passage.text for passage in KnowledgeIndex.load(version / KNOWLEDGE).passages}
        if all(passage.text in known for article in articles for passage in article.passages):
            return ()
        classifier = load_classifier(config.model)
        screen = PlantedScreen(version, classifier.encoder, classifier.multilingual)
        return screened(articles, screen, known)[1]
    except ModelError:
        return ()


def write_index(
    reading: ArticleFolder,
    earlier: KnowledgeIndex | None,
    encoder: Encoder,
    version: Path,
    models: Path,
    *,
    reuse: bool = False,
) -> None:
    """Index articles into a new model version; unreadable ones keep their last indexed text.

    Args:
        reading: The articles.
        earlier: The index of the serving version.
        encoder: The encoder of the new version.
        version: Folder of the new version.
        models: Model folder, which holds the serving version.
        reuse: Copy the earlier index unchanged when no article has changed.
    """
    many = multilingual_encoder(version)
    same = earlier if _same_encoders(models, encoder, many) else None
    if same is not None and not _same_head(models, version):
        same = None
    if reuse and same is not None and _is_indexed(reading, same):
        same.save(version / KNOWLEDGE)
        return
    index = KnowledgeIndex.build(
        reading.articles,
        Encoders(encoder, many, PlantedScreen(version, encoder, many)),
        conversions=reading.conversions,
        earlier=same,
        kept=_kept(reading, earlier),
    )
    for problem in index.problems:
        log.warning("article left out in part", problem=str(problem))
    index.save(version / KNOWLEDGE)


def _read(config: Config, earlier: KnowledgeIndex | None) -> ArticleFolder:
    """Read the articles that config names; none when there is no such folder."""
    folder = knowledge_folder(config)
    if folder is None:
        return ArticleFolder((), ())
    known = earlier.conversions if earlier else {}
    return read_articles(folder, config.language.default, known)


def _kept(reading: ArticleFolder, earlier: KnowledgeIndex | None) -> list[IndexedPassage]:
    """Return the earlier passages of articles that cannot be read now."""
    new = {article.name for article in reading.articles}
    known = earlier.passages if earlier else ()
    return [p for p in known if p.article not in new and reading.keeps(p.article)]


def _is_indexed(reading: ArticleFolder, index: KnowledgeIndex) -> bool:
    """Return whether an index holds exactly these articles with this content."""
    others = {p.article for p in index.passages} - {article.name for article in reading.articles}
    return not reading.unread and not others and index.articles == digest(reading.articles)


def _same_head(models: Path, version: Path) -> bool:
    """Return whether the serving version screens articles as a new one does."""
    try:
        serving = ModelRegistry(models).current() / FILE
        return serving.read_bytes() == (version / FILE).read_bytes()
    except (ModelError, OSError):
        return False


def _same_encoders(models: Path, encoder: Encoder, many: MultilingualEncoder | None) -> bool:
    """Return whether the serving version uses the same encoders as the new one."""
    try:
        current = ModelRegistry(models).current()
        serving = multilingual_encoder(current)
        same = many is None or (serving is not None and serving.key == many.key)
        return same and read_manifest(current).encoder_key == encoder.description.key
    except ModelError:
        return False

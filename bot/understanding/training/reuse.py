"""Reuses artefacts and embeddings of earlier versions if training would give the same result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from bot.errors import ModelError
from bot.files.shared_files import share
from bot.understanding.encoders.encoder import (
    Encoder,
    EncoderDescription,
    TextEmbeddings,
    load_encoder_files,
)
from bot.understanding.encoders.multilingual import FOLDER
from bot.understanding.model.neighbours import ExampleIndex
from bot.understanding.model.registry import Manifest, ModelRegistry, read_manifest
from bot.understanding.training.progress import Progress

EXTRAS = frozenset({"knowledge", "intents"})
"""Folders of a version that are not trained, but added to it."""


def reuse_artifacts(
    source: Path,
    staged: Path,
    *,
    frontdesk: str,
    intents_hash: str,
    encoder: str,
    settings: Mapping[str, Any],
) -> tuple[Manifest, Encoder] | None:
    """Copy the trained files of a version, if training now would give the same result.

    Args:
        source: Folder of the version.
        staged: Folder of the new version.
        frontdesk: Version of Frontdesk that must have trained it.
        intents_hash: Hash of the corpus that it must have been trained on.
        encoder: Name of the encoder in config that it must have used.
        settings: Training settings that it must have used.

    Returns:
        Its manifest, without files, and its encoder; None if it cannot be reused.
    """
    try:
        manifest = read_manifest(source)
    except ModelError:
        return None
    wanted = (frontdesk, intents_hash, encoder, {**manifest.settings, **settings})
    has = (manifest.frontdesk, manifest.intents_hash, manifest.encoder, {**manifest.settings})
    if has != wanted:
        return None
    try:
        loaded = load_encoder_files(source)
        if manifest.multilingual is not None:
            EncoderDescription.read(source / FOLDER)
    except ModelError:
        return None
    for name in manifest.files:
        if not _is_extra(name):
            (staged / name).parent.mkdir(parents=True, exist_ok=True)
            share(source / name, staged / name)
    return replace(manifest, files={}), loaded


def learned_the_same(one: Manifest, other: Manifest) -> bool:
    """Return whether two versions predict the same, whatever articles and replies they have."""
    return _learned(one) == _learned(other)


def _learned(manifest: Manifest) -> tuple[object, ...]:
    files = {name: sum_ for name, sum_ in manifest.files.items() if not _is_extra(name)}
    return files, manifest.intents, manifest.calibration, manifest.multilingual


def _is_extra(name: str) -> bool:
    return name.partition("/")[0] in EXTRAS


def earlier_encoder(
    models: ModelRegistry, *, encoder: str | None = None, multilingual: str | None = None
) -> Path | None:
    """Return the folder of a version with encoders that were not fine-tuned.

    It lets a machine without torch and the encoders' packages train on changed intents.

    Args:
        models: The model registry.
        encoder: Name of the encoder in config; None: any.
        multilingual: Name of the multilingual encoder in config; None: any.

    Returns:
        The newest such version; None if there is none.
    """
    for version in reversed(models.versions()):
        try:
            manifest = read_manifest(version)
        except ModelError:
            continue
        if manifest.settings.get("full"):  # fine-tuned
            continue
        if encoder in (None, manifest.encoder) and multilingual in (
            None,
            manifest.settings.get("multilingual"),
        ):
            return version
    return None


log = structlog.get_logger(__name__)


def known_examples(
    models: ModelRegistry, description: EncoderDescription, part: str = ""
) -> ExampleIndex | None:
    """Return the examples of (a part of) the serving version, if its encoder is the same.

    Returns None for a version that is damaged or has another format: all texts are embedded again.
    """
    try:
        version = models.current()
    except ModelError:  # none yet
        return None
    try:
        return _examples(version, part, description)
    except ModelError as error:
        log.warning("serving_version_not_reused", reason=str(error))
        return None


def _examples(version: Path, part: str, description: EncoderDescription) -> ExampleIndex | None:
    read_manifest(version)
    folder = version / part
    if EncoderDescription.read(folder).key != description.key:
        return None
    found = ExampleIndex.read(folder)
    if found.reading.vectors.shape[1] != description.dimension:
        raise ModelError(f"{folder}: its examples were embedded by another encoder")
    return found


def read_texts(
    texts: Sequence[str], encoder: Encoder, known: ExampleIndex | None, progress: Progress
) -> TextEmbeddings:
    """Embed texts, reusing the known embeddings."""
    old = known.texts if known else ()
    new = sorted(set(texts) - set(old))
    progress.advance(len(texts) - len(new))
    fresh = encoder.read(new, progress.advance)
    readings = [known.reading, fresh] if known else [fresh]
    everything = TextEmbeddings(
        np.concatenate([reading.vectors for reading in readings]),
        np.concatenate([reading.lower for reading in readings]),
        np.concatenate([reading.known for reading in readings]),
    )
    position = {text: i for i, text in enumerate([*old, *new])}
    return everything.take(np.array([position[text] for text in texts], dtype=np.int64))

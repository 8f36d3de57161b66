"""Embeds texts once: what a trained model holds already is looked up in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import structlog

from bot.errors import ModelError
from bot.understanding.encoders.encoder import Encoder, EncoderDescription, Reading
from bot.understanding.model.neighbours import Examples
from bot.understanding.model.registry import ModelFolder, read_manifest
from bot.understanding.training.progress import Progress

log = structlog.get_logger(__name__)


def known_examples(
    models: ModelFolder, description: EncoderDescription, part: str = ""
) -> Examples | None:
    """Return the examples of (a part of) the serving version, if its encoder is the same.

    A version that is damaged, or that another Frontdesk wrote, is of no use: everything is embedded
    anew.
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


def _examples(version: Path, part: str, description: EncoderDescription) -> Examples | None:
    read_manifest(version)
    folder = version / part
    if EncoderDescription.read(folder).key != description.key:
        return None
    found = Examples.read(folder)
    if found.reading.vectors.shape[1] != description.dimension:
        raise ModelError(f"{folder}: its examples were embedded by another encoder")
    return found


def read_texts(
    texts: Sequence[str], encoder: Encoder, known: Examples | None, progress: Progress
) -> Reading:
    """Embed texts, those that are known already by looking them up."""
    old = known.texts if known else ()
    new = sorted(set(texts) - set(old))
    progress.advance(len(texts) - len(new))
    fresh = encoder.read(new, progress.advance)
    readings = [known.reading, fresh] if known else [fresh]
    everything = Reading(
        np.concatenate([reading.vectors for reading in readings]),
        np.concatenate([reading.lower for reading in readings]),
        np.concatenate([reading.known for reading in readings]),
    )
    position = {text: i for i, text in enumerate([*old, *new])}
    return everything.take(np.array([position[text] for text in texts], dtype=np.int64))

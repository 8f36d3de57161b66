"""Embeds texts once: what a trained model holds already is looked up in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.errors import ModelError
from bot.understanding.encoder import Encoder, EncoderDescription, Reading
from bot.understanding.examples import Examples
from bot.understanding.model_folder import ModelFolder, read_manifest
from bot.understanding.progress import Progress


def known_examples(
    models: ModelFolder, description: EncoderDescription, part: str = ""
) -> Examples | None:
    """Return the examples of (a part of) the serving version, if its encoder is the same."""
    try:
        version = models.current()
        read_manifest(version)
        folder = version / part
        if EncoderDescription.read(folder).key != description.key:
            return None
    except ModelError:  # none yet, or not usable: everything is embedded anew
        return None
    return Examples.read(folder)


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

"""The multilingual encoder of a model, which is loaded when a text is not in English.

A bot that only receives English messages never loads it. It embeds English, too, so that a question
in one language finds articles in another.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.files.shared_files import share
from bot.understanding.encoders.cache import encoder_files, exported_encoder
from bot.understanding.encoders.encoder import (
    DESCRIPTION,
    Encoder,
    EncoderDescription,
    load_encoder_files,
)
from bot.understanding.encoders.source import EMBEDDED, MULTILINGUAL

FOLDER = "multilingual"
"""Folder of the multilingual part in a model version."""

OFF = "off"


class MultilingualEncoder:
    """Embeds texts in any language; loaded on first use. Thread-safe.

    Args:
        version: Folder of a model version.
        other: That of another version, whose loaded encoder is reused if it is the same.

    Raises:
        ModelError: Raised by `embed` when its files are damaged.
    """

    def __init__(self, version: Path, other: MultilingualEncoder | None = None) -> None:
        self._folder = version / FOLDER
        found = other.encoder() if other is not None and other.loaded else None
        same = found is not None and found.description.key == self.key
        self._loaded = found if same else None
        self._lock = Lock()

    def embed(self, texts: Sequence[str], *, passages: bool = False) -> NDArray[np.float32]:
        """Return the texts' sentence embeddings, see `Embeds.embed`."""
        return self.encoder().embed(texts, passages=passages)

    @property
    def loaded(self) -> bool:
        """Whether the encoder is loaded."""
        return self._loaded is not None

    @property
    def key(self) -> str:
        """Key of the encoder; equal keys give equal embeddings.

        Raises:
            ModelError: Its description is damaged.
        """
        return EncoderDescription.read(self._folder).key

    def encoder(self) -> Encoder:
        """Return the encoder; load it if necessary."""
        with self._lock:
            if self._loaded is None:
                self._loaded = load_encoder_files(self._folder)
            return self._loaded


def multilingual_encoder(
    version: Path, other: MultilingualEncoder | None = None
) -> MultilingualEncoder | None:
    """Return the multilingual encoder of a model version; None if it was trained without one.

    Args:
        version: Folder of the version.
        other: That of another version, see `MultilingualEncoder`.
    """
    there = (version / FOLDER / DESCRIPTION).is_file()
    return MultilingualEncoder(version, other) if there else None


def exported_multilingual(name: str, cache: Path | None = None) -> Path:
    """Return the folder of an exported multilingual encoder.

    Args:
        name: Name in config: `embedded`, a folder, or a hub id.
        cache: Folder for exported encoders; None: the user's cache.

    Raises:
        EncoderUnavailable: It is not available.
    """
    return exported_encoder(MULTILINGUAL if name == EMBEDDED else name, cache)


def put_multilingual(
    name: str, version: Path, cache: Path | None = None, *, known: Path | None = None
) -> MultilingualEncoder | None:
    """Copy a multilingual encoder into a new model version.

    Args:
        name: Name in config: `embedded`, `off`, a folder, or a hub id.
        version: Folder of the new version.
        cache: Folder for exported encoders; None: the user's cache.
        known: Folder of a version that has the same encoder; None: copy it from the cache.

    Returns:
        The encoder; None when config turns it off.

    Raises:
        EncoderUnavailable: The encoder is not available.
    """
    if name == OFF:
        return None
    source = known / FOLDER if known else exported_multilingual(name, cache)
    (version / FOLDER).mkdir()
    for path in encoder_files(source):
        (share if known else shutil.copyfile)(path, version / FOLDER / path.name)
    return MultilingualEncoder(version)

"""The cache of exported encoders, so that torch is needed only once per encoder."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path

from platformdirs import user_cache_path

from bot.files.private_files import private_folder, protect_tree
from bot.files.shared_files import file_sha256
from bot.understanding.encoders.encoder import DESCRIPTION, ENCODER_FILES, GRAPH, MAX_TOKENS
from bot.understanding.encoders.source import MULTILINGUAL, EncoderSource, find_encoder

EXPORT_VERSION = 6
"""Increase it whenever `bot.understanding.encoders.export` writes a different graph."""

_SUMS = "sha256.json"


def exported_encoder(name: str, cache: Path | None = None, home: Path | None = None) -> Path:
    """Return the folder of an exported encoder; export it if it is not in the cache.

    Args:
        name: `embedded`, `embedded-multilingual`, `accurate`, a folder, or a hub id.
        cache: Folder for exports; None: the user's cache (XDG_CACHE_HOME moves it).
        home: Folder of config.yaml, see `find_encoder`.

    Raises:
        EncoderUnavailable: The encoder cannot be found, fetched or exported.
    """
    source = find_encoder(name, home)
    key = export_key(source.key)
    write = partial(_write, source, key)
    return cached_folder(cache_root(cache) / "encoders", key[:32], {GRAPH, DESCRIPTION}, write)


def cache_root(cache: Path | None = None) -> Path:
    """Return the cache folder; None: the user's cache (XDG_CACHE_HOME moves it)."""
    return cache or user_cache_path("frontdesk")


def export_key(source_key: str) -> str:
    """Return the cache key of an export: a hash over the encoder and the export settings."""
    return hashlib.sha256(f"{source_key}:{EXPORT_VERSION}:{MAX_TOKENS}".encode()).hexdigest()


def cached_folder(
    root: Path, name: str, needed: AbstractSet[str], write: Callable[[Path], None]
) -> Path:
    """Return a folder of the cache; make it if it is missing or damaged.

    Args:
        root: Folder of its kind in the cache.
        name: Its name there.
        needed: Files that it must have.
        write: Writes its files into an empty folder.
    """
    folder = root / name
    if _is_intact(folder, needed):
        return folder
    private_folder(root)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=root) as temporary:
        staging = Path(temporary) / "made"
        staging.mkdir()
        write(staging)
        made = sorted(path for path in staging.iterdir() if path.is_file())
        sums = {path.name: file_sha256(path) for path in made}
        (staging / _SUMS).write_text(json.dumps(sums, indent=2) + "\n")
        if not _is_intact(folder, needed):  # else made by another process meanwhile
            shutil.rmtree(folder, ignore_errors=True)
            protect_tree(staging)
            staging.rename(folder)
    return folder


def _write(source: EncoderSource, key: str, folder: Path) -> None:
    if source.id == MULTILINGUAL:
        from bot.understanding.encoders.export.use_multilingual import export_universal

        export_universal(source, folder, key=key)
        return
    from bot.understanding.encoders.export.export import export_encoder
    from bot.understanding.encoders.pretrained import load_pretrained

    export_encoder(
        load_pretrained(source),
        folder,
        name=source.id,
        key=key,
        weights_sha256=source.weights_sha256,
    )


def encoder_files(folder: Path) -> list[Path]:
    """Return the files of the exported encoder in a folder."""
    return [folder / name for name in ENCODER_FILES if (folder / name).is_file()]


def _is_intact(folder: Path, needed: AbstractSet[str]) -> bool:
    try:
        sums = json.loads((folder / _SUMS).read_text())
        is_whole = needed <= set(sums)
        return is_whole and all(file_sha256(folder / name) == sums[name] for name in sums)
    except (OSError, ValueError, KeyError, TypeError):
        return False

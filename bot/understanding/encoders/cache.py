"""The cache of exported encoders, so that torch is needed only once per encoder."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
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
    root = (cache or user_cache_path("frontdesk")) / "encoders"
    key = export_key(source.key)
    folder = root / key[:32]
    if not _is_intact(folder):
        _export(source, key, root, folder)
    return folder


def export_key(source_key: str) -> str:
    """Return the cache key of an export: a hash over the encoder and the export settings."""
    return hashlib.sha256(f"{source_key}:{EXPORT_VERSION}:{MAX_TOKENS}".encode()).hexdigest()


def _export(source: EncoderSource, key: str, root: Path, folder: Path) -> None:
    private_folder(root)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=root) as temporary:
        staging = Path(temporary) / "encoder"
        staging.mkdir()
        _write(source, key, staging)
        sums = {path.name: file_sha256(path) for path in encoder_files(staging)}
        (staging / _SUMS).write_text(json.dumps(sums, indent=2) + "\n")
        if _is_intact(folder):  # exported by another process meanwhile
            return
        shutil.rmtree(folder, ignore_errors=True)
        protect_tree(staging)
        staging.rename(folder)


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


def _is_intact(folder: Path) -> bool:
    try:
        sums = json.loads((folder / _SUMS).read_text())
        needed = {GRAPH, DESCRIPTION} <= set(sums)
        return needed and all(file_sha256(folder / name) == sums[name] for name in sums)
    except (OSError, ValueError, KeyError, TypeError):
        return False

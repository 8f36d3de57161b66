"""The file with the key of codes; made at the first start, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.errors import ConfigError, Problem
from bot.files.private_files import private_folder, write_private

BYTES = 32


def read_key(path: Path) -> bytes:
    """Return the key, and make one where there is none; blocking.

    Processes that start together get the same key.

    Raises:
        ConfigError: The file cannot be read or made, or holds no key.
    """
    try:
        if not path.exists():
            _make(path)
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise _refusal(path, os.strerror(error.errno or 0), "let the bot write there") from error
    except ValueError:
        key = b""
    if len(key) < BYTES:
        remedy = f"delete it: a new one is made; or write {BYTES} random bytes as hex digits"
        raise _refusal(path, "holds no key", remedy)
    return key


def _make(path: Path) -> None:
    private_folder(path.parent)
    own = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    write_private(own, secrets.token_hex(BYTES))
    try:
        with suppress(FileExistsError):  # another process was faster: its key counts
            os.link(own, path)
    finally:
        own.unlink()


def _refusal(path: Path, wrong: str, remedy: str) -> ConfigError:
    return ConfigError([Problem(path, 0, 0, "proof.key", wrong, remedy)])

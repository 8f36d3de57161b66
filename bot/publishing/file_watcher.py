"""Tells when files have changed: at once where the system tells, else by looking again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Hashable, Iterable, Sequence
from contextlib import aclosing
from pathlib import Path

import structlog
from watchfiles import awatch

log = structlog.get_logger(__name__)

_QUIET = 100
"""Milliseconds without a further change until a change is told: editors write in pieces."""

_LONGEST = 500
"""Milliseconds after which it is told even so."""


async def changes(
    look: Callable[[], Hashable], folders: Sequence[Path], *, poll: float, recursive: bool = True
) -> AsyncGenerator[None, None]:
    """Yield once at the beginning, and whenever what `look` sees is no longer what it saw.

    File systems over a network tell nobody of changes, and a folder that is replaced as a whole
    tells nothing more: so it is looked at every few seconds, too.

    Args:
        look: Sees the files; runs in a thread.
        folders: Where the system may tell of changes.
        poll: Seconds between two looks.
        recursive: Whether folders in folders matter.
    """
    seen = await asyncio.to_thread(look)
    yield
    async with aclosing(_occasions(folders, poll, recursive=recursive)) as occasions:
        async for _ in occasions:
            now = await asyncio.to_thread(look)
            if now != seen:
                seen = now
                yield


async def _occasions(
    folders: Sequence[Path], poll: float, *, recursive: bool
) -> AsyncGenerator[None, None]:
    """Yield when there may be something to see.

    The system watches what a link led to when watching began: once a folder leads elsewhere,
    watching begins again there.
    """
    while True:
        watched = _resolved(folders)
        try:
            async for _ in awatch(
                *folders,
                step=_QUIET,
                debounce=_LONGEST,
                rust_timeout=int(poll * 1000),
                yield_on_timeout=True,
                recursive=recursive,
            ):
                yield
                if _resolved(folders) != watched:
                    break
        except (OSError, RuntimeError) as error:  # no such folder, or no more watches to be had
            log.warning("changed files are looked for", every=poll, reason=str(error))
            break
    while True:
        await asyncio.sleep(poll)
        yield


def _resolved(folders: Sequence[Path]) -> tuple[str, ...]:
    return tuple(map(os.path.realpath, folders))


def signature(paths: Iterable[Path]) -> Hashable:
    """Return what changes when a file is written, added, replaced or removed."""
    return tuple(sorted(_stamp(path) for path in paths))


def _stamp(path: Path) -> tuple[str, int, int, int]:
    try:
        found = path.stat()
    except OSError:  # it went while we looked
        return str(path), 0, 0, 0
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino

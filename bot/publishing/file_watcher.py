"""Watches files for changes: by system notifications, and by polling where there are none."""

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
"""Milliseconds without a further change before a change is reported: editors write in pieces."""

_LONGEST = 500
"""Milliseconds after which a change is reported even if more changes follow."""


async def changes(
    look: Callable[[], Hashable], folders: Sequence[Path], *, poll: float, recursive: bool = True
) -> AsyncGenerator[None, None]:
    """Yield once at the beginning, and whenever the value of `look` changes.

    Network file systems send no notifications, and neither does a folder after it was replaced
    as a whole: so the files are also polled.

    Args:
        look: Returns the state of the files; runs in a thread.
        folders: Watched for notifications.
        poll: Seconds between two polls.
        recursive: Whether to watch subfolders.
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
    """Yield whenever files may have changed: on a notification or after the poll interval.

    The system watches the target that a symbolic link had when watching began: once a link
    points elsewhere, watching restarts there.
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
        except (OSError, RuntimeError) as error:  # no such folder, or the limit of watches
            log.warning("cannot watch files, polling instead", every=poll, reason=str(error))
            break
    while True:
        await asyncio.sleep(poll)
        yield


def _resolved(folders: Sequence[Path]) -> tuple[str, ...]:
    return tuple(map(os.path.realpath, folders))


def signature(paths: Iterable[Path]) -> Hashable:
    """Return a value that changes when a file is written, added, replaced or removed."""
    return tuple(sorted(_stamp(path) for path in paths))


def _stamp(path: Path) -> tuple[str, int, int, int]:
    try:
        found = path.stat()
    except OSError:  # removed meanwhile
        return str(path), 0, 0, 0
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino

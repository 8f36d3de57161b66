"""Closes a stream of parts that its reader leaves early."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def closing(stream: AsyncIterator[T]) -> AsyncIterator[AsyncIterator[T]]:
    """Yield a stream; in the end close it, if it is a generator.

    Without this the garbage collector would, at a time of its own: connections stay open until
    then, and what goes wrong is printed to stderr.
    """
    try:
        yield stream
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()

"""The `ChatModel` of a local model: starts, watches and restarts its child process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import structlog

from bot.answering.generation.openai import OpenAIChatModel
from bot.config.schema import GptConfig
from bot.errors import ChatModelUnavailable, FrontdeskError
from bot.ports import ChatMessage, JsonSchema, Usage

_MAGIC = b"GGUF"

_LOADING = 120.0
"""Seconds to wait until a model is loaded."""

_LONGEST_REST = 30.0
"""Longest pause in seconds between two starts of a process that keeps ending."""

_QUITTING = 5.0
"""Seconds to wait until the process ends by itself."""

_COMPLAINT = re.compile(rb"error loading model: (.+)")
"""llama.cpp's message about a file that it cannot load."""

_REMEMBERED = 8_192
"""Bytes kept of the end of its standard error; the message about a file is shorter."""

log = structlog.get_logger(__name__)

Connect = Callable[[GptConfig, str], OpenAIChatModel]
"""Returns a client of a server, given its address in config, and the key."""


def check_local(config: GptConfig) -> Path:
    """Return the model's file.

    Raises:
        FrontdeskError: There is none, it is no GGUF file, or the extra `local` is missing.
    """
    file = config.model_path
    if file is None:
        raise FrontdeskError(
            "gpt.model_path: missing: name a GGUF file, for example the one that `make local-gpt` "
            "fetches: .frontdesk/gpt/smollm2-135m.gguf"
        )
    try:
        with file.open("rb") as opened:
            magic = opened.read(len(_MAGIC))
    except OSError as error:
        raise FrontdeskError(
            f"gpt.model_path: {file} cannot be read ({error.strerror}): name a GGUF file, or run "
            "`make local-gpt`"
        ) from error
    if magic != _MAGIC:
        raise FrontdeskError(f"gpt.model_path: {file} is no GGUF file: name one that is")
    if find_spec("xllamacpp") is None:
        raise FrontdeskError(
            "gpt.provider: local needs the extra `local`: pip install 'frontdesk[local]'"
        )
    return file


class LocalChatModel:
    """A language model in a child process, which is kept running from `start` to `aclose`.

    While it is loading or not running, `stream` raises `ChatModelUnavailable` at once.

    Attributes:
        process: The latest process; None before the first.
        url: Its address; empty before the first.
    """

    def __init__(self, config: GptConfig, connect: Connect) -> None:
        self._file = check_local(config)
        self._config = config
        self._connect = connect
        self._model: OpenAIChatModel | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._trouble = "it is being loaded"
        self.process: Process | None = None
        self.url = ""

    def start(self) -> None:
        """Start the process, and keep it alive until `aclose`."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="local gpt")

    async def ready(self) -> None:
        """Wait until the model is loaded, or has failed to load."""
        await self._ready.wait()

    async def stream(
        self, prompt: Sequence[ChatMessage], schema: JsonSchema | None = None
    ) -> AsyncGenerator[str | Usage, None]:
        """Yield the completion in pieces, and its usage last.

        Raises:
            ChatModelUnavailable: The process is loading, or ended at any time.
        """
        if self._model is None:
            raise ChatModelUnavailable(f"the local model is not available: {self._trouble}")
        try:
            async with contextlib.aclosing(self._model.stream(prompt, schema)) as pieces:
                async for piece in pieces:
                    yield piece
        except RuntimeError as error:  # the client was closed, since its process has ended
            raise ChatModelUnavailable("the local model has just ended") from error

    async def aclose(self) -> None:
        """End the process."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None

    async def _keep(self) -> None:
        """Run the process, and restart it with a growing pause when it ends."""
        rest = 1.0
        while True:
            began = asyncio.get_running_loop().time()
            code = await self._live()
            lived = asyncio.get_running_loop().time() - began
            log.warning("local gpt ended", code=code, seconds=round(lived, 1), reason=self._trouble)
            rest = 1.0 if lived > _LONGEST_REST else min(2 * rest, _LONGEST_REST)
            await asyncio.sleep(rest)

    async def _live(self) -> int:
        """Run one process to its end; return its exit code."""
        key = secrets.token_urlsafe()
        process = self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.answering.generation.local.child",
            str(self._file),
            str(self._config.context),
            str(self._config.threads),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
        )
        listening = asyncio.create_task(_last_words(process))
        try:
            url = await _address(process, key)
            if url is not None:
                await self._serve(process, f"{url}/v1", key)
        finally:
            code = await _end(process)
            self._note(await listening)
        return code

    def _note(self, said: bytes) -> None:
        """Store why a process ended, by the end of its standard error."""
        if complaint := _COMPLAINT.search(said):
            why = complaint[1].decode(errors="replace").strip()
            self._trouble = f"{self._file} cannot be loaded ({why}): name another in gpt.model_path"
            self._ready.set()
        else:
            self._trouble = "its process has ended and is being restarted"

    async def _serve(self, process: Process, url: str, key: str) -> None:
        """Send requests to a process until it ends."""
        local = self._config.model_copy(update={"base_url": url})
        async with contextlib.aclosing(self._connect(local, key)) as model:
            self._model, self.url = model, url
            self._ready.set()
            log.info("local gpt ready", pid=process.pid)
            try:
                await process.wait()
            finally:
                self._model = None
                self._ready.clear()


async def _address(process: Process, key: str) -> str | None:
    """Send the key; return the address once the model is loaded, else None."""
    if process.stdin is None or process.stdout is None:
        return None
    with contextlib.suppress(ConnectionError, TimeoutError, ValueError):
        process.stdin.write(f"{key}\n".encode())
        await process.stdin.drain()
        async with asyncio.timeout(_LOADING):
            while line := await process.stdout.readline():
                if line.startswith(b"{"):
                    return str(json.loads(line)["url"])
    return None


async def _last_words(process: Process) -> bytes:
    """Read the standard error of a process to its end; return the last bytes."""
    said = b""
    if process.stderr is not None:
        while heard := await process.stderr.read(_REMEMBERED):
            said = (said + heard)[-_REMEMBERED:]
    return said


async def _end(process: Process) -> int:
    """Close a process's input, kill it if it does not end; return its exit code."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_QUITTING):
            return await process.wait()
    except TimeoutError:
        process.kill()
        return await process.wait()

"""A program in a pseudo-terminal, typed at and read like a person would."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-Z\\-_])")
PATIENCE = 30.0


class PtySession:
    """Starts a program whose standard streams are a terminal of 80 columns."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, close_fds=True
        )
        os.close(slave)
        self.raw = ""
        self._read_up_to = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._master, text.encode())

    def enter(self, line: str) -> None:
        """Type a line, see it, and press Enter."""
        self.type(line)
        self.expect(line)
        self.type("\r")
        self.expect("\n")

    def expect(self, text: str) -> str:
        """Wait until a text comes, behind the one that was expected last; return all up to it."""
        deadline = time.monotonic() + PATIENCE
        while (found := self._unread().find(text)) < 0:
            if not self._read(deadline - time.monotonic()):
                raise AssertionError(f"{text!r} did not come; what came: {self._unread()!r}")
        seen = self._unread()[: found + len(text)]
        self._read_up_to += len(seen)
        return seen

    def wait(self) -> int:
        """Read to the end and return the exit code."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline - time.monotonic()):
            pass
        return self.process.wait(timeout=5)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def _unread(self) -> str:
        return ESCAPES.sub("", self.raw)[self._read_up_to :]

    def _read(self, seconds: float) -> bool:
        """Read what is there; False at the end or when nothing came in time."""
        ready, _, _ = select.select([self._master], [], [], max(seconds, 0))
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # how Linux says that the other side is closed
            return False
        self.raw += data.decode("utf-8", errors="replace")
        return bool(data)

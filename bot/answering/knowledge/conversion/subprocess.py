"""Conversion in a child process with limits; every failure becomes `Unreadable`."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Literal

from bot.answering.knowledge.conversion.result import Converted, Unreadable

Kind = Literal["html", "pdf", "docx"]


@dataclass(frozen=True, slots=True)
class ConversionLimits:
    """The limits of one conversion.

    Attributes:
        memory: Bytes of address space.
        processor: Seconds of processor time.
        seconds: Of waiting, whatever the reason.
    """

    memory: int = 1_000_000_000
    processor: int = 30
    seconds: float = 60.0


def convert(kind: Kind, data: bytes, limits: ConversionLimits | None = None) -> Converted:
    """Convert a file in a child process.

    Raises:
        Unreadable: It cannot be converted, or took more than it may.
    """
    limits = limits or ConversionLimits()
    command = [sys.executable, "-m", "bot.answering.knowledge.conversion.subprocess_main", kind]
    command += [str(limits.memory), str(limits.processor)]
    try:
        child = subprocess.run(  # noqa: S603  # our own module, nothing of the file among the arguments
            command, input=data, capture_output=True, timeout=limits.seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise _too_much(f"longer than {limits.seconds:.0f} s") from None
    if child.returncode == -9 or child.returncode == -24:  # SIGKILL, SIGXCPU: a limit was reached
        raise _too_much("too much time or memory")
    try:
        document = json.loads(child.stdout)
    except ValueError:
        # The last line of a traceback names the error; what the file holds is not in it.
        reason = child.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise Unreadable(f"damaged ({reason})", "save or export it again") from None
    if "wrong" in document:
        raise Unreadable(**document)
    return Converted.from_json(document)


def _too_much(what: str) -> Unreadable:
    return Unreadable(f"takes {what} to convert", "split or simplify it")

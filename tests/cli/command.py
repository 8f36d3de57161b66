"""Runs the real command, as a user would."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - whatever the command printed
        """Parse standard output."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Frontdesk:
    """The command, in a folder and an environment."""

    folder: Path
    environment: Mapping[str, str]

    def __call__(self, *arguments: str, typed: str = "") -> Ran:
        """Run it to its end."""
        done = subprocess.run(  # noqa: S603 - our own program
            [*self.command, *arguments],
            cwd=self.folder,
            env=dict(self.environment),
            input=typed.encode(),
            capture_output=True,
            timeout=110,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    @property
    def command(self) -> list[str]:
        """How it is started."""
        return [sys.executable, "-m", "bot.cli"]

"""The result of the last attempt to publish, stored in the model folder for every process."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from bot.config.schema import Config
from bot.files.private_files import hand_over, write_private
from bot.publishing.snapshot import Snapshot
from bot.publishing.traffic import learned_fingerprint

FILE = "publishing.json"
"""File in the model folder."""

_SHOWN = 5
"""Problems that are shown; `frontdesk check` and `frontdesk test` show all."""


class PublishOutcome(StrEnum):
    """How an attempt to publish ended."""

    PUBLISHED = "published"
    CHOSEN = "chosen"
    WAITING = "waiting"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PublishStatus:
    """One attempt to publish changed intents.

    Attributes:
        state: Hash of the intents and settings, see `publish_state`.
        at: ISO 8601, UTC.
        by: Who or what published.
        version: Folder name of the version; empty when none was made.
        problems: What an admin must fix, line by line.
    """

    state: str
    at: str
    by: str
    outcome: PublishOutcome
    version: str = ""
    problems: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """Why the change is not live, and how to fix that; empty when it is live."""
        lines = "\n".join(self.problems[:_SHOWN])
        more = len(self.problems) - _SHOWN
        listed = f"{lines}\nand {more} more" if more > 0 else lines
        match self.outcome:
            case PublishOutcome.FAILED:
                return (
                    "the changed intents cannot be trained, so the previous model stays in "
                    f"service: fix this (`frontdesk check` shows all):\n{listed}"
                )
            case PublishOutcome.REFUSED:
                return (
                    f"version {self.version} does not pass the tests of its intents, so the "
                    "previous one stays in service: fix the intents "
                    f"(`frontdesk test {self.version}` shows all), or run "
                    f"`frontdesk models promote {self.version}`:\n{listed}"
                )
            case PublishOutcome.WAITING:
                return (
                    f"version {self.version} is waiting for "
                    f"`frontdesk models promote {self.version}`"
                )
        return ""

    def write(self, model: Path) -> None:
        """Write it into a model folder, atomically."""
        draft = model / f"{FILE}.{os.getpid()}"
        write_private(draft, json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")
        hand_over(draft, model)
        draft.replace(model / FILE)

    @classmethod
    def read(cls, model: Path) -> PublishStatus | None:
        """Read the last one; None when there is none in a format that this version reads."""
        try:
            document = json.loads((model / FILE).read_text("utf-8"))
            document["outcome"] = PublishOutcome(document["outcome"])
            document["problems"] = tuple(document["problems"])
            return cls(**document)
        except (OSError, ValueError, KeyError, TypeError):
            return None


def publish_state(config: Config, snapshot: Snapshot) -> str:
    """Return a hash that changes whenever the intents have to be trained again."""
    settings = config.classifier
    settings_text = (
        f"{snapshot.fingerprint}{settings.encoder}{settings.multilingual}{settings.seed}"
        f"{learned_fingerprint(config)}"
    )
    return hashlib.sha256(settings_text.encode()).hexdigest()

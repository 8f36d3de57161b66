"""What came of the last change to the intents: kept beside the model, for every process."""

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

FILE = "publishing.json"
"""File in the model folder."""

_SHOWN = 5
"""Problems that are told; `frontdesk check` and `frontdesk test` show all."""


class PublishOutcome(StrEnum):
    """What came of a change."""

    PUBLISHED = "published"
    CHOSEN = "chosen"
    WAITING = "waiting"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PublishStatus:
    """One attempt to bring changed intents live.

    Attributes:
        state: Of which intents and settings, see `publish_state`.
        at: ISO 8601, UTC.
        by: Who or what made it.
        version: Folder name of the version; empty when none came about.
        problems: What an admin must mend, line by line.
    """

    state: str
    at: str
    by: str
    outcome: PublishOutcome
    version: str = ""
    problems: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """What keeps the change from going live and how to mend it; empty when it is live."""
        lines = "\n".join(self.problems[:_SHOWN])
        more = len(self.problems) - _SHOWN
        listed = f"{lines}\nand {more} more" if more > 0 else lines
        match self.outcome:
            case PublishOutcome.FAILED:
                return (
                    "the changed intents cannot be learned, so the model from before answers: "
                    f"mend this, or see `frontdesk check`:\n{listed}"
                )
            case PublishOutcome.REFUSED:
                return (
                    f"version {self.version} of the intents does not pass their own tests, so the "
                    f"one before answers: mend them (`frontdesk test {self.version}` shows all), "
                    f"or `frontdesk models promote {self.version}`:\n{listed}"
                )
            case PublishOutcome.WAITING:
                return f"version {self.version} waits for `frontdesk models promote {self.version}`"
        return ""

    def write(self, model: Path) -> None:
        """Keep it in a model folder."""
        draft = model / f"{FILE}.{os.getpid()}"
        write_private(draft, json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")
        hand_over(draft, model)
        draft.replace(model / FILE)

    @classmethod
    def read(cls, model: Path) -> PublishStatus | None:
        """Read the last one; None when there was none that this version understands."""
        try:
            document = json.loads((model / FILE).read_text("utf-8"))
            document["outcome"] = PublishOutcome(document["outcome"])
            document["problems"] = tuple(document["problems"])
            return cls(**document)
        except (OSError, ValueError, KeyError, TypeError):
            return None


def publish_state(config: Config, snapshot: Snapshot) -> str:
    """Return what changes whenever intents have to be learned anew."""
    settings = config.classifier
    told = f"{snapshot.fingerprint}{settings.encoder}{settings.multilingual}{settings.seed}"
    return hashlib.sha256(told.encode()).hexdigest()

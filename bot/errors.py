"""The error tree: every error that Frontdesk raises deliberately.

    FrontdeskError                an admin or operator must fix something; exit code 1
    ├── ConfigError               config.yaml or the environment
    ├── IntentsError              intent files, articles
    ├── ModelError                a model folder, an encoder
    │   └── EncoderUnavailable    the encoder named in config cannot be loaded
    ├── StorageError              the database
    │   └── StorageBusy           it is locked, or all its connections are taken: slow, not down
    ├── ClaimLost                 an event was taken over by another worker
    ├── Superseded                what is being answered has changed: it is to be claimed again
    ├── StateChanged              a conversation has another version than expected
    ├── MoveNotAllowed            no move leads from one owner of a conversation to another
    ├── WorkerLost                workers died or stalled while handling only this event
    ├── AdapterError              a platform refuses us: token, permission, setting
    │   └── AccessLost            the token is no longer valid: messages wait for the next one
    └── ServiceUnavailable        a service may come back: the fallback continues without it
        └── ChatModelUnavailable  the GPT server
            └── RequestRefused    the GPT server refuses this one request

The text of an error is for admins and operators. Customers never see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a file: where it is, what is wrong, and how to fix it.

    Attributes:
        line, column: Counted from 1; 0 for the whole file.
        key: Path in the document, for example `order_status.examples[3]`; may be empty.
    """

    path: Path
    line: int
    column: int
    key: str
    wrong: str
    remedy: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Render as `path:line:column: key: what is wrong: how to fix it`."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else str(self.path)
        note = "warning: " if self.severity == "warning" else ""
        key = f"{self.key}: " if self.key else ""
        return f"{place}: {note}{key}{self.wrong}: {self.remedy}"


class FrontdeskError(Exception):
    """An error that an admin or operator must fix; the message says how."""


class ProblemsError(FrontdeskError):
    """All mistakes found in files, reported together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ConfigError(ProblemsError):
    """config.yaml or the environment is invalid."""


class IntentsError(ProblemsError):
    """Intent files or articles are invalid."""


class ModelError(FrontdeskError):
    """A model folder is missing, damaged or from another version."""


class EncoderUnavailable(ModelError):
    """The encoder that config names cannot be loaded or fetched."""


class StorageError(FrontdeskError):
    """The database cannot be used."""


class StorageBusy(StorageError):
    """The database is locked, or all connections are in use: slow, not down."""


class ClaimLost(FrontdeskError):
    """Another worker has taken over an event: this one must stop handling it."""


class Superseded(FrontdeskError):
    """What a claim answers has changed meanwhile: drop the answer, and claim the event again."""


class StateChanged(FrontdeskError):
    """A conversation's version differs from the one that a change or post was based on."""


class MoveNotAllowed(FrontdeskError):
    """The table of moves (`bot.ownership`) has no such move."""


class WorkerLost(FrontdeskError):
    """Workers died or stalled while handling only this event: it becomes a dead letter."""


class AdapterError(FrontdeskError):
    """A platform refuses us: a token, a permission or a setting."""


class AccessLost(AdapterError):
    """A token is no longer valid: waiting replies can be posted once an admin replaces it."""


class ServiceUnavailable(FrontdeskError):
    """A service is temporarily unavailable; the responder continues without it."""


class ChatModelUnavailable(ServiceUnavailable):
    """The chat model failed, timed out or sent an invalid response."""


class RequestRefused(ChatModelUnavailable):
    """The chat model's server refuses one request because of its content; others may succeed."""

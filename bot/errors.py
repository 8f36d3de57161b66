"""Every error that Frontdesk raises on purpose.

    FrontdeskError                an admin or operator must mend something; exit code 1
    ├── ConfigError               config.yaml or the environment
    ├── IntentsError              intent files, articles
    ├── ModelError                a model folder, an encoder
    │   └── EncoderUnavailable    the encoder named in config cannot be had
    ├── StorageError              the database
    │   └── StorageBusy           it is locked, or all its connections are taken: slow, not down
    ├── ClaimLost                 an event was taken over by another worker
    ├── StateChanged              a conversation has another version than expected
    ├── MoveNotAllowed            no move leads from one owner of a conversation to another
    ├── WorkerLost                workers died or stalled over an event that was alone in hand
    ├── AdapterError              a platform refuses us: token, permission, setting
    │   └── AccessLost            the token is no longer valid: what waits is kept for the next one
    └── ServiceUnavailable        a service that may come back: the fallback goes on without it
        └── ChatModelUnavailable  the GPT server
            └── RequestRefused    the GPT server is there, and refuses this one request

The text of an error is for admins and operators. Customers never see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a file: where it is, what is wrong, and how to mend it.

    Attributes:
        line, column: Counted from 1; 0 when the whole file is meant.
        key: Where in the document, for example `order_status.examples[3]`; may be empty.
    """

    path: Path
    line: int
    column: int
    key: str
    wrong: str
    remedy: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Render as `path:line:column: key: what is wrong: how to mend it`."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else str(self.path)
        note = "warning: " if self.severity == "warning" else ""
        key = f"{self.key}: " if self.key else ""
        return f"{place}: {note}{key}{self.wrong}: {self.remedy}"


class FrontdeskError(Exception):
    """Something that an admin or operator must mend; the message says how."""


class ProblemsError(FrontdeskError):
    """All the mistakes found in files, at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ConfigError(ProblemsError):
    """config.yaml or the environment is not usable."""


class IntentsError(ProblemsError):
    """Intent files or articles are not usable."""


class ModelError(FrontdeskError):
    """A model folder is missing, damaged or from another version."""


class EncoderUnavailable(ModelError):
    """The encoder that config names cannot be loaded or fetched."""


class StorageError(FrontdeskError):
    """The database cannot be used."""


class StorageBusy(StorageError):
    """The database is locked by others, or all connections are taken: slow, not down."""


class ClaimLost(FrontdeskError):
    """Another worker has taken an event over: this one must leave it alone."""


class StateChanged(FrontdeskError):
    """A conversation has another version than the one that a change or a post was made from."""


class MoveNotAllowed(FrontdeskError):
    """The table of moves (`bot.conversations.state`) has no such move."""


class WorkerLost(FrontdeskError):
    """Workers died or stalled over an event that they had alone in hand: it is set aside."""


class AdapterError(FrontdeskError):
    """A platform refuses us: a token, a permission or a setting."""


class AccessLost(AdapterError):
    """A token was valid and is no longer: an admin can still save what waits to be posted."""


class ServiceUnavailable(FrontdeskError):
    """A service is away for now; the responder goes on without it."""


class ChatModelUnavailable(ServiceUnavailable):
    """The chat model failed, timed out or answered nonsense."""


class RequestRefused(ChatModelUnavailable):
    """The chat model's server refuses one request, for what stands in it; others may do well."""

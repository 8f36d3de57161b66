"""What is remembered of a conversation when its next event is handled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """One line of a transcript.

    Attributes:
        private: It was for the author of the event alone, in a place where others read.
    """

    role: Literal["customer", "bot", "staff"]
    text: str
    at: datetime
    private: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is remembered of a conversation when its next event is handled.

    Attributes:
        key: `platform:app:channel[:thread]`.
        turns: The latest turns, oldest first.
        introduced: The author of the event has been told that an AI assistant answers.
        language: BCP 47 tag of the latest message; empty when it is the first one.
    """

    key: str
    turns: tuple[TranscriptEntry, ...] = ()
    introduced: bool = False
    language: str = ""

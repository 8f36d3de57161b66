"""What is remembered of a conversation when its next event is handled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.sentiment import Sentiment


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """One line of a transcript.

    Attributes:
        private: It was for the author of the event alone, in a place where others read.
        author: Key of the person who wrote it or, for a line of the bot, whom it answers.
    """

    role: Literal["customer", "bot", "staff"]
    text: str
    at: datetime
    private: bool = False
    author: str = ""


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """What was decided about an earlier message of a conversation.

    Attributes:
        question: What the customer wrote, or the label of the button that was pressed.
        kind: As in `DecisionKind`.
        intents: What was answered or asked about, one for each part of the decision.
        passages: Citations of the passages that were considered, best first.
        private: As for the lines of the transcript.
        sentiment: How the customer felt; None where it was not read.
    """

    question: str
    kind: str
    intents: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    private: bool = False
    sentiment: Sentiment | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is remembered of a conversation when its next event is handled.

    In a place that several people share, answers are made of the asker's words alone: `turns` and
    `decisions` are theirs.

    Attributes:
        key: `platform:app:channel[:thread]`.
        turns: The latest lines of the author of the event and answers to them, oldest first; those
            of staff as well where no other customer has spoken.
        introduced: The author of the event has been told that an AI assistant answers.
        language: BCP 47 tag of the author's latest message, else of the conversation's; empty when
            it is the first one.
        decisions: About the author's latest messages, oldest first.
        lines: The latest lines of everybody, oldest first; for deciding whom a message is for.
    """

    key: str
    turns: tuple[TranscriptEntry, ...] = ()
    introduced: bool = False
    language: str = ""
    decisions: tuple[EarlierDecision, ...] = ()
    lines: tuple[TranscriptEntry, ...] = ()

"""The seams of Frontdesk, as protocols. The rooms know each other through these alone."""

from bot.ports.answering import (
    Answer,
    Answers,
    ChatMessage,
    ChatModel,
    Passage,
    Retriever,
    Usage,
    Wording,
)
from bot.ports.delivery import (
    Accept,
    Alerts,
    Backlog,
    Claim,
    Clock,
    Inbox,
    Meter,
    Outcome,
    Responds,
)
from bot.ports.memory import Choices, Past, Transcripts
from bot.ports.platforms import (
    Adapter,
    AdapterPlugin,
    Announces,
    Linked,
    Posting,
    Recalls,
    Speaks,
)
from bot.ports.understanding import Classifier, Languages, Prediction

__all__ = [
    "Accept",
    "Adapter",
    "AdapterPlugin",
    "Alerts",
    "Announces",
    "Answer",
    "Answers",
    "Backlog",
    "ChatMessage",
    "ChatModel",
    "Choices",
    "Claim",
    "Classifier",
    "Clock",
    "Inbox",
    "Languages",
    "Linked",
    "Meter",
    "Outcome",
    "Passage",
    "Past",
    "Posting",
    "Prediction",
    "Recalls",
    "Responds",
    "Retriever",
    "Speaks",
    "Transcripts",
    "Usage",
    "Wording",
]

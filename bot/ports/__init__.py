"""The seams of Frontdesk, as protocols. The rooms know each other through these alone."""

from bot.ports.adapters import (
    Adapter,
    AdapterPlugin,
    CanNotify,
    CanPost,
    CatchesUp,
    Finding,
    HasConnection,
    HasDiagnostics,
    Linking,
    Posting,
    Worded,
)
from bot.ports.answering import (
    Answer,
    Answers,
    Audience,
    ChatMessage,
    ChatModel,
    Findings,
    Passage,
    Retriever,
    Usage,
    Withheld,
    Wording,
)
from bot.ports.budget import Expense, KnownAnswer, KnownAnswers, Scope, SpendLog
from bot.ports.conversations import Buttons, ConversationStates, History, Transcripts
from bot.ports.delivery import (
    Accept,
    Alerts,
    Backlog,
    Claim,
    Clock,
    Handoffs,
    Inbox,
    Meter,
    NullMeter,
    Outcome,
    Responding,
)
from bot.ports.renamed import replacement
from bot.ports.understanding import Classifier, Languages, Prediction, ReadsWishes, Wish

__all__ = [
    "Accept",
    "Adapter",
    "AdapterPlugin",
    "Alerts",
    "Answer",
    "Answers",
    "Audience",
    "Backlog",
    "Buttons",
    "CanNotify",
    "CanPost",
    "CatchesUp",
    "ChatMessage",
    "ChatModel",
    "Claim",
    "Classifier",
    "Clock",
    "ConversationStates",
    "Expense",
    "Finding",
    "Findings",
    "Handoffs",
    "HasConnection",
    "HasDiagnostics",
    "History",
    "Inbox",
    "KnownAnswer",
    "KnownAnswers",
    "Languages",
    "Linking",
    "Meter",
    "NullMeter",
    "Outcome",
    "Passage",
    "Posting",
    "Prediction",
    "ReadsWishes",
    "Responding",
    "Retriever",
    "Scope",
    "SpendLog",
    "Transcripts",
    "Usage",
    "Wish",
    "Withheld",
    "Worded",
    "Wording",
]


def __getattr__(name: str) -> object:
    return replacement(name, globals())

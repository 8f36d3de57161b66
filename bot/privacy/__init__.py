"""Personal data: found, hidden, kept for a time, handed out, erased."""

from bot.privacy.detector import find
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.spans import Span

__all__ = ["Pseudonyms", "Span", "find"]

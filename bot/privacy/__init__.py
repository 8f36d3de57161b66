"""Personal data: found, hidden, kept for a time, handed out, erased."""

from bot.privacy.finding import find
from bot.privacy.spans import Span
from bot.privacy.vault import Vault

__all__ = ["Span", "Vault", "find"]

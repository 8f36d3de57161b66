"""Personal data: found, hidden, kept for a time, handed out, erased."""

from bot.privacy.detector import find
from bot.privacy.spans import Span
from bot.privacy.pseudonyms import Vault

__all__ = ["Span", "Vault", "find"]

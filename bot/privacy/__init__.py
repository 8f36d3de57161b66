"""Personal data: detection, pseudonyms, disclosure, subject requests, erasure log."""

from bot.privacy.detector import find
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.spans import Span

__all__ = ["Pseudonyms", "Span", "find"]

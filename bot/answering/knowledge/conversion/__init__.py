"""Conversion of HTML, PDF and Word to Markdown, in a child process.

Light on purpose: the child imports this package and the one library that it needs.
"""

from bot.answering.knowledge.conversion.css_hidden import hides
from bot.answering.knowledge.conversion.decoding import decode
from bot.answering.knowledge.conversion.result import Converted, Meta, Unreadable
from bot.answering.knowledge.conversion.subprocess import ConversionLimits, Kind, convert

__all__ = [
    "ConversionLimits",
    "Converted",
    "Kind",
    "Meta",
    "Unreadable",
    "convert",
    "decode",
    "hides",
]

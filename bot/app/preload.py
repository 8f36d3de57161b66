"""Loads at start what libraries and dictionaries would load at first use.

Loading blocks the event loop: otherwise the first message, and everything else, would wait for it.
"""

from __future__ import annotations

from functools import cache

from bot.privacy.recognisers.gazetteer import gazetteer
from bot.privacy.recognisers.phones import load_rules
from bot.text.catalogues import catalogue, cue_words
from bot.understanding.language.cues import answer_phrases, number_phrases, small_phrases
from bot.understanding.language.detector import LanguageDetector

_UNCLEAR = ("Wo ist la mia orden, et quando arriva?", "где мой заказ", "أين طلبي", "मेरा ऑर्डर कहाँ है")
"""Texts that make a detector load its models: one for each script shared by several languages."""


@cache
def preload() -> None:
    """Load models of languages, the dictionary of names, telephone numbers and fixed texts."""
    detector = LanguageDetector()
    for text in _UNCLEAR:
        detector.detect(text, prior="en")
    gazetteer()
    load_rules()
    catalogue("en")
    cue_words("greetings")
    for phrases in (answer_phrases, small_phrases, number_phrases):
        phrases()

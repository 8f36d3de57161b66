"""Loads at start what libraries and dictionaries load at their first use.

The first message would have to wait for it, and with it everybody else: loading keeps the event
loop from running.
"""

from __future__ import annotations

from functools import cache

from bot.privacy.recognisers.gazetteer import gazetteer
from bot.privacy.recognisers.phones import load_rules
from bot.text.catalogues import catalogue, cue_words
from bot.understanding.language.detector import LanguageDetector

_UNCLEAR = ("Wo ist la mia orden, et quando arriva?", "где мой заказ", "أين طلبي", "मेरा ऑर्डर कहाँ है")
"""Texts for which a detector looks into its models: one for each script of several languages."""


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

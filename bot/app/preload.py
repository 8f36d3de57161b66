"""Loads at start what libraries and dictionaries would load at first use.

Loading blocks the event loop: otherwise the first message, and everything else, would wait for it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.privacy.recognisers.gazetteer import gazetteer
from bot.privacy.recognisers.names_model import load_names_model, use_names_model
from bot.privacy.recognisers.phones import load_rules
from bot.privacy.recognisers.places import regions
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
    regions()
    load_rules()
    catalogue("en")
    cue_words("greetings")
    for phrases in (answer_phrases, small_phrases, number_phrases):
        phrases()


def load_names(folder: Path | None) -> None:
    """Let personal data be found with the model in a folder; None for the rules alone.

    Raises:
        ModelError: The folder holds no model, or spaCy is not installed.
    """
    use_names_model(None if folder is None else load_names_model(folder))

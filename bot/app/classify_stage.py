"""The stage that reads a message: its language, its spelling, its intents."""

from __future__ import annotations

from collections.abc import Mapping

from bot.answering.served import ServedLanguages
from bot.config.schema import Config
from bot.ports import Classifier, Languages, Wording
from bot.stages.understand import Classify
from bot.understanding.language.desk_words import DeskWords
from bot.understanding.language.spelling import SpellingCorrector


def classify_stage(
    config: Config,
    classifier: Classifier,
    languages: Languages,
    wording: Wording,
    desk: Mapping[str, DeskWords],
    served: ServedLanguages,
) -> Classify:
    """Return the stage; it corrects spelling by the words of the desk, unless that is off."""
    spelling = SpellingCorrector(desk, config.language.default)
    corrects = spelling if config.understanding.spelling else None
    return Classify(classifier, languages, wording, corrects, served.serves)

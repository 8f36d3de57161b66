"""Whether a word of an answer may be part of a person's name."""

from __future__ import annotations

from functools import cache

from bot.answering.forms.extraction.around import is_plain, words_of
from bot.answering.forms.extraction.calendar_words import month_at, weekday_at
from bot.answering.forms.extraction.spec import SlotContext
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import words_in
from bot.privacy.recognisers.gazetteer import gazetteer
from bot.text.word_lists import word_list
from bot.understanding.language.denials import denying_words

_MOST_WORDS = 4
PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "da", "dos", "del", "della", "di", "du", "la", "le", "el",
     "al", "bin", "ibn", "ten", "ter", "zu", "af", "av", "st", "mc", "mac", "o")
)  # fmt: skip
_RARE = -5.0
"""Decimal logarithm of the frequency of a word that is more likely a name, where one is asked."""

NEVER = -9.0
"""The same of a word that the lists lack."""

_USUAL = -4.4
"""The same of a word that is listed as a name."""


def may_be(
    said: Answer, start: int, end: int, context: SlotContext, *, told: bool, alone: bool
) -> bool:
    """Return whether a word may be part of a name.

    Common words must be written with a capital and known as a name, or follow "my name is"; small
    words that say something else never are one.
    """
    written = said.written(start, end)
    word = written.lower()
    capital = written[:1].isupper()
    if _is_date(said, start, context.language) and not alone:
        return False
    single = end == start + 1
    if single and _is_something_else(said.tokens[start].folded, context.language):
        return False
    if word in PARTICLES or (len(word) == 1 and capital) or (told and capital):
        return True
    known = gazetteer()
    listed = word in known.first or word in known.last
    rarity = _RARE if not listed else _USUAL
    return is_rarer(word, context.language, rarity) or (listed and (capital or alone))


def _is_date(said: Answer, start: int, language: str) -> bool:
    return bool(month_at(said, start, language)[1] or weekday_at(said, start, language)[1])


def is_rarer(word: str, language: str, than: float) -> bool:
    """Return whether a word is rarer than a frequency, in a language and in English."""
    for tag in dict.fromkeys((language.partition("-")[0], "en")):
        words = word_list(tag)
        frequency = None if words is None else words.frequency(word)
        if frequency is not None and frequency > than:
            return False
    return True


_OTHERWISE = (
    "today", "tomorrow", "yesterday", "numbers", "people", "am", "pm", "day", "night", "week",
    "month", "hour", "changes", "name_before", "first_name_before", "last_name_before", "weekdays",
)  # fmt: skip


@cache
def _something_else(language: str) -> frozenset[str]:
    cues = (
        "fillers",
        "courtesies",
        "acknowledgements",
        "yes",
        "no",
        "thanks",
        "help",
        "never_mind",
        "unsure",
        "neither",
        "both",
    )
    return words_in(language, *_OTHERWISE).union(
        denying_words(language), *(words_of(name, language) for name in cues)
    )


def _is_something_else(word: str, language: str) -> bool:
    return word in _something_else(language) or is_plain(word, language)

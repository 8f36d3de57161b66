"""Words of values by language: numbers, days, parts of a day, units, corrections.

They stand in `bot/locales/*/LC_MESSAGES/values.po`, one phrase a line.
"""

from __future__ import annotations

from functools import cache

from bot.text.catalogues import catalogue, closest, languages

VALUES = "values"
"""The domain of the catalogues."""


@cache
def value_words(name: str, language: str) -> tuple[str, ...]:
    """Return the phrases of a name, in a language and in English, which people mix in.

    >>> "tomorrow" in value_words("tomorrow", "de"), "morgen" in value_words("tomorrow", "de-AT")
    (True, True)
    """
    tags = dict.fromkeys((closest(language, languages(VALUES)), "en"))
    return tuple(
        phrase
        for tag in tags
        if tag
        for phrase in catalogue(tag, VALUES).get(name, "").splitlines()
    )

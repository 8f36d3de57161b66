"""Words of values by language: numbers, days, parts of a day, units, corrections.

They stand in `bot/locales/*/LC_MESSAGES/values.po`, one phrase a line; names of months, weekdays
and currencies come from the CLDR, by Babel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

from bot.answering.forms.extraction.phrases import Found, Phrases
from bot.answering.forms.extraction.tokens import Answer, folded_tokens
from bot.text.catalogues import catalogue, closest, languages

VALUES = "values"
"""The domain of the catalogues."""


@cache
def value_words(name: str, language: str) -> tuple[str, ...]:
    """Return the phrases of a name in a language; in English, where it has no catalogue.

    >>> "morgen" in value_words("tomorrow", "de-AT"), "tomorrow" in value_words("tomorrow", "sv")
    (True, True)
    """
    tag = closest(language, languages(VALUES)) or "en"
    return tuple(catalogue(tag, VALUES).get(name, "").splitlines())


@cache
def knows(language: str) -> bool:
    """Return whether values of a language are read by words of its own."""
    return closest(language, languages(VALUES)) is not None


@cache
def words_in(language: str, *names: str) -> frozenset[str]:
    """Return the single words, folded, of the phrases of some names."""
    return frozenset(
        word
        for name in names
        for phrase in value_words(name, language)
        for word in folded_tokens(phrase)
    )


@cache
def phrases(name: str, language: str) -> Phrases[str]:
    """Return the phrases of a name."""
    return Phrases((phrase, name) for phrase in value_words(name, language))


@cache
def numbered(name: str, language: str) -> Phrases[str]:
    """Return phrases that stand behind what they mean: "12 dozen", "EUR euro"."""
    lines = (line.partition(" ") for line in value_words(name, language))
    return Phrases((phrase, meaning) for meaning, _, phrase in lines)


def ends(name: str, said: Answer, start: int, language: str) -> int:
    """Return where a phrase of a name that begins at a token ends; 0 where there is none."""
    if start >= len(said.tokens):
        return 0
    found = phrases(name, language).at(said.tokens, start)
    return found[0].end if found else 0


def begins(names: Sequence[str], said: Answer, end: int, language: str) -> int:
    """Return where the longest phrase begins that ends before a token; -1 where there is none."""
    for start in range(max(0, end - _LONGEST), end):
        if any(ends(name, said, start, language) == end for name in names):
            return start
    return -1


def everywhere(names: Sequence[str], said: Answer, language: str) -> Iterator[Found[str]]:
    """Yield all phrases of some names in an answer."""
    for name in names:
        yield from phrases(name, language).all(said.tokens)


_LONGEST = 6
"""Tokens of a phrase that is looked for backwards."""


@cache
def locale(language: str) -> Locale:
    """Return the CLDR's data of a language; English, where it has none."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")

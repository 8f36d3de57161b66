"""What an answer says besides its value: whether it says little else, denies or corrects."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from bot.answering.forms.extraction.tokens import Answer, folded_tokens
from bot.answering.forms.extraction.vocabulary import value_words
from bot.text.catalogues import closest, cue_words

_ADDING_NOTHING = ("fillers", "courtesies", "acknowledgements", "yes", "number_words", "thanks")
_DENYING = "negations"

_BETWEEN = 2
"""Words between a denial and what it denies: "not the blue one"."""


@cache
def words_of(name: str, language: str) -> frozenset[str]:
    """Return the single words of a cue, in a language and in English."""
    by_language = cue_words(name)
    tags = {closest(language, by_language), "en"}
    phrases = (phrase for tag in tags if tag for phrase in by_language.get(tag, ()))
    return frozenset(word for phrase in phrases for word in folded_tokens(phrase))


@cache
def _adding_nothing(language: str) -> frozenset[str]:
    correcting = frozenset(
        word for phrase in value_words("corrections", language) for word in folded_tokens(phrase)
    )
    return correcting.union(*(words_of(name, language) for name in _ADDING_NOTHING))


def says_little_else(
    said: Answer, spans: Collection[tuple[int, int]], language: str, own: Collection[str] = ()
) -> bool:
    """Return whether the words outside of some spans add nothing.

    Args:
        said: The answer.
        spans: Tokens of the values, from and to before.
        language: BCP 47 tag.
        own: Folded words that say what the slot is, and so nothing more.
    """
    read = {place for start, end in spans for place in range(start, end)}
    plain = _adding_nothing(language)
    if any(token.folded in "??" for token in said.tokens[-1:]):
        return False
    return all(
        place in read or not token.folded.isalnum() or token.folded in plain or token.folded in own
        for place, token in enumerate(said.tokens)
    )


def is_denied(said: Answer, start: int, language: str) -> bool:
    """Return whether a word shortly before a token denies it: "not the blue one"."""
    denying = words_of(_DENYING, language)
    plain = _adding_nothing(language)
    place = start - 1
    for _ in range(_BETWEEN + 1):
        if place < 0 or not said.tokens[place].folded.isalnum():
            return False
        if said.tokens[place].folded in denying:
            return True
        if said.tokens[place].folded not in plain:
            return False
        place -= 1
    return False

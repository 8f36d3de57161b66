"""The words of a text that deny something: "not", "kein", 不."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from bot.text.catalogues import closest, cue_words
from bot.understanding.language.words import folded_words

NEGATIONS = "negations"
"""Name of these words in the catalogues of cues."""


def denials(text: str) -> set[str]:
    """Return the words that deny something; "doesn't" and "doesnt" are the same.

    >>> sorted(denials("That's not it, nicht wahr"))
    ['nicht', 'not']
    """
    typed = folded_words(text)
    joined = [before + after for before, after in pairwise(typed)]
    return {word for word in (*typed, *joined) if word in negations()}


@cache
def negations() -> frozenset[str]:
    """Return these words of all languages."""
    phrases = [folded_words(each) for spoken in cue_words(NEGATIONS).values() for each in spoken]
    return frozenset(each[0] for each in phrases if len(each) == 1)


@cache
def denying_phrases(language: str) -> tuple[str, ...]:
    """Return the words and phrases that deny what follows them, in a language and in English."""
    by_language = cue_words(NEGATIONS)
    tags = {closest(language, by_language), "en"}
    return tuple(phrase for tag in tags if tag for phrase in by_language.get(tag, ()))


@cache
def denying_words(language: str) -> frozenset[str]:
    """Return the single words among them, folded."""
    phrases = map(folded_words, denying_phrases(language))
    return frozenset(each[0] for each in phrases if len(each) == 1)

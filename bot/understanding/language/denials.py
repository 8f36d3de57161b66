"""The words of a text that deny something: "not", "kein", 不."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from bot.text.catalogues import cue_words
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

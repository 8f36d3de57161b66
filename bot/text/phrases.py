"""Phrases of the cue lists in sentences of articles, whatever the language."""

from __future__ import annotations

import re
from functools import cache

from bot.text.catalogues import cue_words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_UNSPACED = ("ja", "zh")
"""Languages that put no spaces between words."""

_LONGEST = 4
"""Words of a phrase."""

_BEGINNING = 80
"""Characters in which the first words of a sentence stand."""


def leans(sentence: str) -> bool:
    """Return whether a sentence leans on the one before it: its first word points back.

    >>> leans("It costs €5."), leans("The pool is at Harbour.")
    (True, False)
    """
    return begins_with(sentence, "leans")


def begins_with(sentence: str, cue: str) -> bool:
    """Return whether a sentence begins with a phrase of a cue list."""
    spaced, unspaced = _phrases(cue)
    words = _words(sentence[:_BEGINNING])
    begins = any(words[:length] in spaced for length in range(1, _LONGEST + 1))
    return begins or sentence.startswith(unspaced)


def holds(sentence: str, cue: str) -> bool:
    """Return whether a phrase of a cue list stands in a sentence."""
    spaced, unspaced = _phrases(cue)
    words = _words(sentence)
    runs = (
        words[start : start + length]
        for start in range(len(words))
        for length in range(1, _LONGEST + 1)
    )
    return any(run in spaced for run in runs) or any(each in sentence for each in unspaced)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower().replace("’", "'") for word in _WORD.findall(text))


@cache
def _phrases(cue: str) -> tuple[frozenset[tuple[str, ...]], tuple[str, ...]]:
    """Return the phrases of a cue: in words, and those of languages without spaces."""
    found = cue_words(cue)
    unspaced = tuple(word for tag in _UNSPACED for word in found.get(tag, ()))
    spaced = {
        _words(phrase)
        for tag, phrases in found.items()
        if tag not in _UNSPACED
        for phrase in phrases
    }
    return frozenset(spaced), unspaced

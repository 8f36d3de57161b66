"""Reads the cue phrases of what is said in a form."""

from __future__ import annotations

from functools import cache

from bot.answering.forms.commands import Said
from bot.understanding.language.cues import FILLERS, Cue, CuePhrases
from bot.understanding.language.words import Known, words

AFTERTHOUGHT = 2
"""Words that may stand beside a cue phrase; a character of Chinese is a word."""


@cache
def form_phrases() -> CuePhrases:
    """Return the phrases of what is said in forms."""
    return CuePhrases((Cue.NEVER_MIND, Cue.UNSURE, Cue.YES, Cue.NO), FILLERS)


def read_said(text: str, known: Known) -> Said:
    """Return what the cue phrases of a text say, when it says little else.

    >>> read_said("never mind", lambda word: False).stop
    True
    """
    found = form_phrases().read(text, known)
    if not found.cues or len(words(found.rest)) > AFTERTHOUGHT:
        return Said()
    return Said(
        stop=Cue.NEVER_MIND in found.cues,
        skip=Cue.UNSURE in found.cues,
        yes=Cue.YES in found.cues and not found.rest,
        no=Cue.NO in found.cues,
        instead=found.rest,
    )

"""Fixed phrases that speak of a danger in any context, few for each kind and language.

They stand in `bot/locales/*/LC_MESSAGES/cues.po`, as `danger_` and the kind. A model's head
recognises all other wordings.
"""

from __future__ import annotations

from functools import cache

from bot.ports.understanding import DangerKind
from bot.text.catalogues import cue_words
from bot.understanding.language.normalise import normalise
from bot.understanding.language.words import folded_words

PREFIX = "danger_"
"""What the names of the phrases begin with, in the catalogues."""


def danger_phrase(text: str) -> DangerKind | None:
    """Return what kind of danger a fixed phrase in a text speaks of; None without one.

    >>> danger_phrase("My account was hacked, help"), danger_phrase("this jacket is to die for")
    (<DangerKind.HACKED_ACCOUNT: 'hacked_account'>, None)
    """
    words = tuple(folded_words(normalise(text)))
    first, longest = _phrases()
    for start, word in enumerate(words):
        for length in range(1, longest + 1) if word in first else ():
            kind = first[word].get(words[start : start + length])
            if kind is not None:
                return kind
    return None


@cache
def _phrases() -> tuple[dict[str, dict[tuple[str, ...], DangerKind]], int]:
    """Return the phrases by their first word, as their words, and the length of the longest."""
    found: dict[str, dict[tuple[str, ...], DangerKind]] = {}
    longest = 0
    for kind in DangerKind:
        for phrases in cue_words(f"{PREFIX}{kind}").values():
            for phrase in phrases:
                words = tuple(folded_words(phrase))
                found.setdefault(words[0], {})[words] = kind
                longest = max(longest, len(words))
    return found, longest

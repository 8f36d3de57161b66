"""What an answer says besides its value: whether it says little else, denies or corrects."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from bot.answering.forms.extraction.phrases import Phrases
from bot.answering.forms.extraction.tokens import Answer, folded_tokens
from bot.answering.forms.extraction.vocabulary import begins, words_in
from bot.text.catalogues import closest, cue_words
from bot.understanding.language.denials import denying_phrases

_ADDING_NOTHING = ("fillers", "courtesies", "acknowledgements", "yes", "number_words", "thanks")

_BETWEEN = 2
"""Words between a denial and what it denies: "not the blue one"."""

_LONGEST_DENIAL = 4
"""Tokens of a denial: "rather than"."""


@cache
def words_of(name: str, language: str) -> frozenset[str]:
    """Return the single words of a cue, in a language and in English."""
    by_language = cue_words(name)
    tags = {closest(language, by_language), "en"}
    phrases = (phrase for tag in tags if tag for phrase in by_language.get(tag, ()))
    return frozenset(word for phrase in phrases for word in folded_tokens(phrase))


@cache
def _adding_nothing(language: str) -> frozenset[str]:
    return words_in(language, "corrections").union(
        *(words_of(name, language) for name in _ADDING_NOTHING)
    )


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
    if any(token.folded in "??" for token in said.tokens[-1:]):
        return False
    return not words_beside(said, spans, language, own)


def words_beside(
    said: Answer, spans: Collection[tuple[int, int]], language: str, own: Collection[str] = ()
) -> int:
    """Return how many words outside of some spans add something; see `says_little_else`."""
    read = {place for start, end in spans for place in range(start, end)}
    plain = _adding_nothing(language)
    return sum(
        place not in read
        and token.folded.isalnum()
        and token.folded not in plain
        and token.folded not in own
        for place, token in enumerate(said.tokens)
    )


def is_denied(said: Answer, start: int, language: str) -> bool:
    """Return whether words shortly before a token deny it: "not the blue one"."""
    if is_limited(said, start, language):
        return False
    plain = _adding_nothing(language)
    for end in range(start, max(start - _BETWEEN - 1, 0), -1):
        before = said.tokens[end - 1]
        if not before.folded.isalnum():
            return False
        if _ends_denial(said, end, language):
            return True
        if before.folded not in plain:
            return False
    return False


def is_limited(said: Answer, start: int, language: str) -> bool:
    """Return whether words right before a token say that it is the only one or the most."""
    return begins(("at_most",), said, start, language) >= 0


def _ends_denial(said: Answer, end: int, language: str) -> bool:
    denials = _denials(language)
    return any(
        found.end == end
        for start in range(max(0, end - _LONGEST_DENIAL), end)
        for found in denials.at(said.tokens, start)
    )


@cache
def _denials(language: str) -> Phrases[str]:
    return Phrases((phrase, "") for phrase in denying_phrases(language))


def is_plain(word: str, language: str) -> bool:
    """Return whether a folded word adds nothing to a value."""
    return word in _adding_nothing(language) or word in words_in(language, "around")

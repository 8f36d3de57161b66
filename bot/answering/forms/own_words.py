"""Finds words that a model quotes in what the customer wrote."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.forms.extraction.tokens import Token, answer

_JOINS = frozenset("@.-_+'")
"""Marks that join what stands around them to one value."""


def own_words(words: str, text: str) -> str:
    """Return the part of a text that some words are, as it stands there; empty: they are none.

    It neither begins nor ends within a value.

    >>> own_words("48213", "it is no. 48213, I think"), own_words("48213", "it is 482130")
    ('48213', '')
    """
    said, wanted = answer(text), [each.folded for each in answer(words).tokens]
    for start in range(len(said.tokens) - len(wanted) + 1 if wanted else 0):
        end = start + len(wanted)
        if [each.folded for each in said.tokens[start:end]] != wanted:
            continue
        if not _splits(said.tokens, start) and not _splits(said.tokens, end):
            return said.written(start, end)
    return ""


def _splits(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a value would be split before a token: `482|130`, `20|,50`, `ann|@x.org`."""
    if not 0 < at < len(tokens):
        return False
    left, right = tokens[at - 1], tokens[at]
    if left.is_number and right.is_number:
        return True
    if not right.glued:
        return False
    if left.folded in _JOINS and right.is_number:
        return True
    before = tokens[at - 2] if at > 1 and left.glued else None
    after = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].glued else None
    return _joined(left, None, right) or _joined(left, right, after) or _joined(before, left, right)


def _joined(left: Token | None, mark: Token | None, right: Token | None) -> bool:
    """Return whether two tokens, with a mark between them or none, are parts of one value."""
    if left is None or right is None or not (left.folded.isalnum() and right.folded.isalnum()):
        return False
    if mark is None:
        return not (left.stands_alone or right.stands_alone)
    return mark.folded in _JOINS or (left.is_number and right.is_number)

"""Phrases of vocabularies in an answer: the longest that begins at a token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.answering.forms.extraction.tokens import Token, folded_tokens
from bot.understanding.language.words import Vocabulary

Meaning = TypeVar("Meaning")

_JOINTS = frozenset("'’-.‐–&/")
"""Marks inside of a phrase that are left out: "o'clock", "a.m.", "mid-day"."""


@dataclass(frozen=True, slots=True)
class Found(Generic[Meaning]):
    """A phrase in an answer.

    Attributes:
        start, end: Its tokens.
        slips: Words of it that are misspelt.
    """

    start: int
    end: int
    meaning: Meaning
    slips: int = 0


@dataclass(slots=True)
class _Node(Generic[Meaning]):
    following: dict[str, _Node[Meaning]] = field(default_factory=dict)
    meanings: list[Meaning] = field(default_factory=list)


class Phrases(Generic[Meaning]):
    """Phrases with what they mean, as a tree of their tokens.

    Args:
        meanings: Phrases by meaning; the same phrase may mean several things.
    """

    def __init__(self, meanings: Iterable[tuple[str, Meaning]]) -> None:
        self._root: _Node[Meaning] = _Node()
        vocabulary: set[str] = set()
        for phrase, meaning in meanings:
            node = self._root
            parts = folded_tokens(phrase)
            for part in parts:
                node = node.following.setdefault(part, _Node())
            if parts and meaning not in node.meanings:
                node.meanings.append(meaning)
            vocabulary.update(part for part in parts if not part.isdecimal())
        self._vocabulary = Vocabulary(vocabulary)

    def at(self, tokens: Sequence[Token], start: int) -> Sequence[Found[Meaning]]:
        """Return what the longest phrase that begins at a token means; nothing if none does."""
        return self._longest(tokens, start, None)

    def all(self, tokens: Sequence[Token], *, typos: bool = False) -> Iterator[Found[Meaning]]:
        """Yield the phrases of an answer from the left, which do not overlap.

        Args:
            tokens: Of the answer.
            typos: Words may be misspelt, where none is written right.
        """
        start = 0
        slips: dict[str, Mapping[str, int]] = {}
        while start < len(tokens):
            found = self._longest(tokens, start, slips if typos else None)
            yield from found
            start = found[0].end if found else start + 1

    def _longest(
        self, tokens: Sequence[Token], start: int, slips: dict[str, Mapping[str, int]] | None
    ) -> Sequence[Found[Meaning]]:
        reached: list[tuple[_Node[Meaning], int]] = [(self._root, 0)]
        best: list[Found[Meaning]] = []
        for place in range(start, len(tokens)):
            token = tokens[place]
            if place > start and token.folded in _JOINTS:
                continue
            reached = [
                (node.following[word], missed + slip)
                for node, missed in reached
                for word, slip in self._meant(token, slips).items()
                if word in node.following
            ]
            if not reached:
                break
            if any(node.meanings for node, _ in reached):
                fewest = min(missed for node, missed in reached if node.meanings)
                best = [
                    Found(start, place + 1, meaning, missed)
                    for node, missed in reached
                    if missed == fewest
                    for meaning in node.meanings
                ]
        return best

    def _meant(self, token: Token, slips: dict[str, Mapping[str, int]] | None) -> Mapping[str, int]:
        if slips is None:
            return {token.folded: 0}
        if token.folded not in slips:
            slips[token.folded] = self._vocabulary.meant(token.folded, lambda _: False)
        return slips[token.folded]

"""Phrases of vocabularies in an answer: the longest that begins at a token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.answering.forms.extraction.tokens import Token, folded_tokens
from bot.understanding.language.words import Known, Vocabulary

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
        if tokens[start].folded not in self._root.following:
            return ()
        return self._longest(tokens, start, None)

    def all(self, tokens: Sequence[Token], known: Known | None = None) -> Iterator[Found[Meaning]]:
        """Yield the phrases of an answer from the left, which do not overlap.

        Args:
            tokens: Of the answer.
            known: Words may be misspelt, except those that it knows; None: none may.
        """
        start = 0
        meant = None if known is None else _Meant(self._vocabulary, known)
        while start < len(tokens):
            found = self._longest(tokens, start, meant)
            yield from found
            start = found[0].end if found else start + 1

    def _longest(
        self, tokens: Sequence[Token], start: int, meant: _Meant | None
    ) -> Sequence[Found[Meaning]]:
        reached: list[tuple[_Node[Meaning], int]] = [(self._root, 0)]
        best: list[Found[Meaning]] = []
        for place in range(start, len(tokens)):
            word = tokens[place].folded
            if place > start and word in _JOINTS:
                continue
            reached = [
                (node.following[each], missed + slip)
                for node, missed in reached
                for each, slip in ({word: 0} if meant is None else meant.of(word)).items()
                if each in node.following
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


class _Meant:
    """The words that those of one answer may stand for, each looked up once.

    Args:
        vocabulary: Words of the phrases.
        known: Tells which words are no misspellings.
    """

    def __init__(self, vocabulary: Vocabulary, known: Known) -> None:
        self._vocabulary = vocabulary
        self._known = known
        self._found: dict[str, Mapping[str, int]] = {}

    def of(self, word: str) -> Mapping[str, int]:
        """Return the words that a folded word may stand for, with their slips."""
        if word not in self._found:
            self._found[word] = self._vocabulary.meant(word, self._known)
        return self._found[word]

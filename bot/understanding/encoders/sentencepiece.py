"""A tokeniser for SentencePiece unigram models that needs little memory.

The `tokenizers` library takes 130 MB for a vocabulary of 128,000 pieces; this one takes 26 MB.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.language.normalise import unshouted

VOCABULARY = "tokens.vocab"
"""File with one piece and its log probability per line, in the order of their ids."""

UNKNOWN, BEGIN, END = 0, 1, 2
"""Ids of special tokens."""

_SPACE = "\u2581"
_PENALTY = 10.0
"""Penalty of an unknown character relative to the rarest piece, as in SentencePiece."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A tokenised text.

    Attributes:
        ids: Ids of the pieces, between those for begin and end.
        offsets: Start and end of each piece in the text.
    """

    ids: list[int]
    offsets: list[tuple[int, int]]


class UnigramTokenizer:
    """Finds the likeliest segmentation of a text into the pieces of a vocabulary.

    Args:
        pieces: Each piece with its log probability, in the order of their ids; empty pieces never
            match.
        longest: Maximum number of ids; longer texts are truncated.
    """

    def __init__(self, pieces: Iterable[tuple[str, float]], longest: int) -> None:
        self._scores = array("f")
        self._ids: dict[str, int] = {}
        for number, (piece, score) in enumerate(pieces):  # a list of them would take 40 MB
            self._scores.append(score)
            if piece:
                self._ids[piece] = number
        self._widest = max(map(len, self._ids), default=1)
        self._unknown_score = min(self._scores) - _PENALTY
        self._longest = longest

    @classmethod
    def read(cls, folder: Path, longest: int) -> UnigramTokenizer:
        """Read the vocabulary of an exported encoder.

        Raises:
            OSError: It is missing.
            ValueError: It is damaged.
        """
        with (folder / VOCABULARY).open(encoding="utf-8", newline="\n") as lines:
            split = (line.rpartition("\t") for line in lines)
            return cls(((piece, float(score)) for piece, _, score in split), longest)

    def encode(self, text: str) -> Pieces:
        """Tokenise a normalised text; texts in capitals are lower-cased."""
        text = unshouted(text)
        ids, offsets = [BEGIN], [(0, 0)]
        for number, start, end in self._split(_SPACE + text.replace(" ", _SPACE) if text else ""):
            if number == UNKNOWN == ids[-1]:  # unknown characters in a row are one piece
                offsets[-1] = (offsets[-1][0], end - 1)
            else:
                ids.append(number)
                offsets.append((max(start - 1, 0), end - 1))
        del ids[self._longest - 1 :], offsets[self._longest - 1 :]
        return Pieces([*ids, END], [*offsets, (len(text), len(text))])

    def _split(self, text: str) -> list[tuple[int, int, int]]:
        """Return the pieces of the likeliest segmentation: id, start and end.

        Source: Viterbi over a unigram language model, Kudo 2018, arXiv:1804.10959.
        """
        best = [0.0] + [float("-inf")] * len(text)
        last = [(UNKNOWN, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self._widest, len(text)) + 1):
                number = self._ids.get(text[start:end], UNKNOWN)
                if number == UNKNOWN and end > start + 1:
                    continue
                score = best[start]
                score += self._scores[number] if number else self._unknown_score
                if score > best[end]:
                    best[end], last[end] = score, (number, start)
        found, end = [], len(text)
        while end:
            number, start = last[end]
            found.append((number, start, end))
            end = start
        return found[::-1]

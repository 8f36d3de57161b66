"""Splits texts as SentencePiece's unigram models do, with little memory.

The `tokenizers` library takes 130 MB for a vocabulary of 128,000 pieces; one dictionary takes 26.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.language.normalise import unshouted

VOCABULARY = "tokens.vocab"
"""A piece and its log probability on each line, in the order of their ids."""

UNKNOWN, BEGIN, END = 0, 1, 2
"""Ids that stand for no piece of text."""

_SPACE = "\u2581"
_PENALTY = 10.0
"""What an unknown character costs beyond the rarest piece, as in SentencePiece."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text, split.

    Attributes:
        ids: Of the pieces, between those for begin and end.
        offsets: From where to where in the text each of them stands.
    """

    ids: list[int]
    offsets: list[tuple[int, int]]


class UnigramTokenizer:
    """Finds the likeliest split of a text into the pieces of a vocabulary.

    Args:
        pieces: Each piece with its log probability, in the order of their ids; empty pieces are
            found in no text.
        longest: A longer text is cut off after so many ids.
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
        """Split a text that is normalised already, whether it is shouted or not."""
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
        """Return the pieces of the likeliest split: id, start and end.

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

"""Tokens of an answer: words, digits, single ideographs and marks, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.invisible import without_invisible
from bot.understanding.language.normalise import normalise
from bot.understanding.language.words import folded

_ALONE = r"\u0e00-\u0e7f\u3040-\u309f\u3400-\u9fff"
"""Scripts without spaces: a character is a token, so that phrases of them are found in a text."""

_TOKEN = re.compile(rf"\d+|[{_ALONE}]|[^\W\d_{_ALONE}]+|[^\w\s]|_")

_SIGN = re.compile(rf"[{_ALONE}]")

MOST_TOKENS = 200
"""Tokens of an answer that are read: who writes more tells a story."""


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a normalised text.

    Attributes:
        folded: In lower case, without accents.
        glued: No white space before it.
    """

    folded: str
    start: int
    end: int
    glued: bool

    @property
    def is_number(self) -> bool:
        """Whether it consists of digits."""
        return self.folded.isdecimal()

    @property
    def is_word(self) -> bool:
        """Whether it has letters."""
        return self.folded[:1].isalpha()

    @property
    def stands_alone(self) -> bool:
        """Whether it is a sign of a script without spaces."""
        return _SIGN.match(self.folded) is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """A normalised text with its tokens.

    Attributes:
        written_as: As it was written, but for white space and what cannot be seen.
    """

    text: str
    tokens: tuple[Token, ...]
    written_as: str = ""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a token begins and the one before another ends, in the text."""
        return self.tokens[start].start, self.tokens[end - 1].end

    def written(self, start: int, end: int) -> str:
        """Return what is written from a token to before another one."""
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]


def answer_as_written(said: Answer) -> Answer:
    """Return an answer over the text as it was written, where it has the same tokens.

    >>> answer_as_written(answer("2º izq.")).written(0, 2)
    '2º'
    """
    found: list[Token] = []
    for each in _TOKEN.finditer(said.written_as):
        glued = bool(found) and each.start() == found[-1].end
        found.append(Token(each.group(), each.start(), each.end(), glued))
    tokens = tuple(found[:MOST_TOKENS])
    same = len(tokens) == len(said.tokens)
    return Answer(said.written_as, tokens, said.written_as) if same else said


def answer(text: str) -> Answer:
    """Return a text as it is read; one of too many tokens is cut.

    >>> [each.folded for each in answer("7pm, übermorgen: 后天").tokens]
    ['7', 'pm', ',', 'ubermorgen', ':', '后', '天']
    """
    plain = normalise(text)
    found: list[Token] = []
    end = 0
    for each in _TOKEN.finditer(plain):
        glued = each.start() == end and bool(found)
        end = each.end()
        found.append(Token(folded(each.group()), each.start(), end, glued))
        if len(found) == MOST_TOKENS:
            break
    return Answer(plain, tuple(found), " ".join(without_invisible(text).split()))


def folded_tokens(phrase: str) -> tuple[str, ...]:
    """Return the folded tokens of a phrase of a vocabulary, without marks.

    >>> folded_tokens("o'clock"), folded_tokens("下午")
    (('o', 'clock'), ('下', '午'))
    """
    return tuple(each.folded for each in answer(phrase).tokens if each.folded.isalnum())

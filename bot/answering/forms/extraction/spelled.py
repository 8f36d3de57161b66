"""Reads what is spelled out in words: "five oh nine two", "anna at example dot org"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from bot.answering.forms.extraction.tokens import Answer, answer, folded_tokens
from bot.answering.forms.extraction.vocabulary import value_words

_FEWEST = 3
"""Words for digits in a row that are a code; fewer are numbers."""

_DOUBLE = {"double": 2, "doppel": 2, "doppelt": 2, "dubbel": 2, "doble": 2, "triple": 3}
_PLUS = "plus"


def with_digits(said: Answer, language: str) -> Answer:
    """Return an answer with rows of words for digits as digits: "five oh nine two" as "5092"."""
    digits = _digits(language)
    parts: list[str] = []
    place, end = 0, 0
    while place < len(said.tokens):
        row, after = _row(said, place, digits)
        if len(row) < _FEWEST or said.tokens[place].is_number:
            place += 1
            continue
        plus = place > 0 and said.tokens[place - 1].folded == _PLUS
        start = said.tokens[place - plus].start
        parts += [said.text[end:start], "+" * plus, "".join(row)]
        place, end = after, said.tokens[after - 1].end
    return answer("".join((*parts, said.text[end:]))) if parts else said


def _row(said: Answer, start: int, digits: dict[str, str]) -> tuple[list[str], int]:
    """Return the digits that are spelled from a token on, and where they end."""
    row: list[str] = []
    place = start
    while place < len(said.tokens):
        token = said.tokens[place]
        times = _DOUBLE.get(token.folded, 1)
        if times > 1 and place + 1 < len(said.tokens):
            token = said.tokens[place + 1]
        digit = token.folded if token.is_number else digits.get(token.folded)
        if digit is None:
            break
        row.append(digit * times)
        place += 1 + (times > 1)
    return row, place


@cache
def _digits(language: str) -> dict[str, str]:
    """Return the digit of each single word."""
    lines = (*value_words("numbers", language), *value_words("spelled_digits", language))
    split = (line.partition(" ") for line in lines)
    named = [(number, folded_tokens(word)) for number, _, word in split if len(number) == 1]
    return {tokens[0]: number for number, tokens in named if len(tokens) == 1}


def spelled_addresses(said: Answer, language: str) -> Iterator[tuple[int, int, str]]:
    """Yield e-mail addresses whose signs are words, with where they begin and end in the text."""
    ats, joints = _signs(language)
    words = list(_words(said.text))
    for at, (_, _, word) in enumerate(words):
        if word not in ats or not 0 < at < len(words) - 1:
            continue
        first, last = at - 1, at + 1
        while first > 1 and words[first - 1][2] in joints:
            first -= 2
        while last < len(words) - 2 and words[last + 1][2] in joints:
            last += 2
        if last > at + 1:
            local, domain = (
                _joined(words[a:b], joints) for a, b in ((first, at), (at + 1, last + 1))
            )
            yield words[first][0], words[last][1], f"{local}@{domain}"


def _joined(words: Sequence[tuple[int, int, str]], joints: dict[str, str]) -> str:
    return "".join(joints.get(word, word) for _, _, word in words)


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the words between spaces, in lower case and without marks around, with their places."""
    place = 0
    for word in text.split(" "):
        bare = word.strip("<>()[]{}\"',;:!?.")
        if bare:
            start = place + word.index(bare)
            yield start, start + len(bare), bare.lower()
        place += len(word) + 1


@cache
def _signs(language: str) -> tuple[frozenset[str], dict[str, str]]:
    """Return the words for @, and for what joins words in an address."""
    tags = (language, "en")
    ats = frozenset(word for tag in tags for word in value_words("email_at", tag))
    dots = {word: "." for tag in tags for word in value_words("email_dot", tag)}
    return ats, {**dots, "underscore": "_", "hyphen": "-", "dash": "-", "minus": "-", "plus": "+"}

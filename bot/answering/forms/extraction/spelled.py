"""Reads what is spelled out in words: "five oh nine two", "anna at example dot org"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from bot.answering.forms.extraction.numbers import numbers
from bot.answering.forms.extraction.tokens import Answer, answer, folded_tokens
from bot.answering.forms.extraction.vocabulary import VALUES, numbered, value_words
from bot.text.catalogues import languages

_FEWEST = 3
"""Words for digits in a row that are a code; fewer are numbers."""

_PLUS = "plus"


def with_digits(said: Answer, language: str) -> Answer:
    """Return an answer with rows of words for digits as digits: "five oh nine two" as "5092"."""
    digits = _digits(language)
    parts: list[str] = []
    place, end = 0, 0
    while place < len(said.tokens):
        row, after = _row(said, place, digits, language)
        if len(row) < _FEWEST or said.tokens[place].is_number:
            place += 1
            continue
        plus = place > 0 and said.tokens[place - 1].folded == _PLUS
        start = said.tokens[place - plus].start
        parts += [said.text[end:start], "+" * plus, "".join(row)]
        place, end = after, said.tokens[after - 1].end
    return answer("".join((*parts, said.text[end:]))) if parts else said


def with_numbers(said: Answer, language: str) -> Answer:
    """Return an answer with numbers in words that follow each other as one: "sixty one fifty"."""
    found = [each for each in numbers(said, language) if not (each.digits or each.ordinal)]
    parts: list[str] = []
    end = 0
    for place, each in enumerate(found):
        follows = place > 0 and found[place - 1].end == each.start
        if not follows:
            parts.append(said.text[end : said.tokens[each.start].start])
        parts.append(str(each.value))
        end = said.tokens[each.end - 1].end
    return answer("".join((*parts, said.text[end:]))) if parts else said


def _row(said: Answer, start: int, digits: dict[str, str], language: str) -> tuple[list[str], int]:
    """Return the digits that are spelled from a token on, and where they end."""
    row: list[str] = []
    place = start
    while place < len(said.tokens):
        times, at = multiple(said, place, language)
        at = at if at < len(said.tokens) else place
        token = said.tokens[at]
        digit = token.folded if token.is_number else digits.get(token.folded)
        if digit is None:
            break
        row.append(digit * times)
        place = at + 1
    return row, place


def multiple(said: Answer, place: int, language: str) -> tuple[int, int]:
    """Return how often what follows a word such as "double" is meant, and where that stands."""
    for tag in (language, "en"):
        if found := numbered("multiples", tag).at(said.tokens, place):
            return int(found[0].meaning), found[0].end
    return 1, place


@cache
def _digits(language: str) -> dict[str, str]:
    """Return the digit of each single word."""
    lines = (*value_words("numbers", language), *value_words("spelled_digits", language))
    split = (line.partition(" ") for line in lines)
    named = [(number, folded_tokens(word)) for number, _, word in split if len(number) == 1]
    return {tokens[0]: number for number, tokens in named if len(tokens) == 1}


def spelled_addresses(said: Answer) -> Iterator[tuple[int, int, str]]:
    """Yield e-mail addresses whose signs are words, with where they begin and end in the text."""
    ats, joints = _signs()
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
def _signs() -> tuple[frozenset[str], dict[str, str]]:
    """Return the words of all languages for @, and for what joins words in an address."""
    tags = languages(VALUES)
    ats = frozenset(word for tag in tags for word in value_words("email_at", tag))
    dots = {word: "." for tag in tags for word in value_words("email_dot", tag)}
    return ats, {**dots, "underscore": "_", "hyphen": "-", "dash": "-", "minus": "-", "plus": "+"}

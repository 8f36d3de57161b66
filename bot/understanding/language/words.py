"""Words of a short text, and whether a typed word is another one, with an ordinary misspelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.language.normalise import normalise

Known = Callable[[str], bool]
"""Return whether a folded word is surely a word of some language, so no misspelling."""

_IDEOGRAPHS = "\u2e80"
_LATIN_ENDS = "\u0250"
_PLAIN = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W_{_IDEOGRAPH}]+")

ONE_SLIP, TWO_SLIPS = 4, 8
"""Letters from which a word may differ by one edit, and by two."""

_MOST_SLIPS = 2

LONGEST = 40
"""Letters of a word beyond which it is compared with no other."""

_STEM = 4
"""Letters that two forms of a word have in common at their beginning."""

_ENDING = 3
"""Maximum number of letters that the ending of one form may have more than the other's."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text; in Chinese and Japanese, a character.

    Attributes:
        folded: In lower case, without accents.
        start, end: Its position in the normalised text.
    """

    folded: str
    start: int
    end: int


def words(text: str) -> Sequence[Word]:
    """Return the words of a normalised text, in their order.

    >>> [word.folded for word in words("Das Zweite, s'il vous plaît: 第二个")]
    ['das', 'zweite', 's', 'il', 'vous', 'plait', '第', '二', '个']
    """
    return [Word(folded(each.group()), *each.span()) for each in _WORD.finditer(text)]


def folded_words(text: str) -> tuple[str, ...]:
    """Return the words of any text, in lower case and without accents.

    >>> folded_words("D'accord!")
    ('d', 'accord')
    """
    return tuple(word.folded for word in words(normalise(text)))


def folded(word: str) -> str:
    """Return a word in lower case, without the accents of Latin letters.

    >>> folded("Żadna"), folded("İKİNCİSİ"), folded("違う")
    ('zadna', 'ikincisi', '違う')
    """
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    kept = [
        letter
        for before, letter in zip(" " + apart, apart, strict=False)
        if not (unicodedata.combining(letter) and before < _LATIN_ENDS)
    ]
    joined = unicodedata.normalize("NFC", "".join(kept))
    return joined.translate(_PLAIN).replace("\u0307", "")


@lru_cache(maxsize=4096)
def squeezed(word: str) -> str:
    """Return a word with repeated letters once.

    >>> squeezed("yesss"), squeezed("hmmmm")
    ('yes', 'hm')
    """
    return "".join(letter for letter, _ in groupby(word))


def is_misspelling(typed: str, meant: str) -> bool:
    """Return whether a folded word is another one, misspelt: an edit or two, or letters repeated.

    Short words allow less: two letters may only be swapped or repeated.

    >>> is_misspelling("secnd", "second"), is_misspelling("teh", "the")
    (True, True)
    >>> is_misspelling("noo", "no"), is_misspelling("to", "no"), is_misspelling("fist", "first")
    (True, False, True)
    """
    if not typed or not meant or max(len(typed), len(meant)) > LONGEST:
        return False
    if min(typed[:1], meant[:1]) >= _IDEOGRAPHS:
        return False  # a character of Chinese or Japanese has no spelling
    if squeezed(typed) == squeezed(meant) and len(typed) > len(meant):
        return True
    if len(meant) < ONE_SLIP:
        swapped = sorted(typed) == sorted(meant) and typed[0] == meant[0]
        return swapped and OSA.distance(typed, meant, score_cutoff=1) == 1
    allowed = 2 if len(meant) >= TWO_SLIPS else 1
    return OSA.distance(typed, meant, score_cutoff=allowed) <= allowed


def same_word(typed: str, meant: str, known: Known) -> bool:
    """Return whether a folded word is another one; one that is known is no misspelling.

    >>> same_word("lost", "last", lambda word: word == "lost")
    False
    """
    return typed == meant or (is_misspelling(typed, meant) and not known(typed))


class Vocabulary:
    """Words that a typed word may stand for.

    Args:
        folded: The words.
    """

    def __init__(self, folded: Iterable[str]) -> None:
        self._words = sorted(folded)
        self._known = frozenset(self._words)

    def meant(self, typed: str, known: Known) -> Mapping[str, int]:
        """Return the words that a folded word may stand for: 0 for itself, 1 for a misspelling.

        A word of the vocabulary stands for itself alone, and so does one that is known.

        >>> Vocabulary(["second", "the"]).meant("secnd", lambda _: False)
        {'second': 1}
        """
        if typed in self._known:
            return {typed: 0}
        if len(typed) > LONGEST or known(typed):
            return {}
        shorter = squeezed(typed)
        near = process.extract(
            typed, self._words, scorer=OSA.distance, score_cutoff=_MOST_SLIPS, limit=None
        )
        repeated = [word for word in (shorter,) if word in self._known]
        found = [*(word for word, _, _ in near), *repeated]
        return {word: 1 for word in found if is_misspelling(typed, word)}


def similar_word(typed: str, meant: str, known: Known) -> bool:
    """Return whether two folded words are the same, or forms of the same.

    >>> similar_word("countries", "country", lambda _: True)
    True
    >>> similar_word("size", "sizing", lambda _: True), similar_word("card", "care", lambda _: True)
    (False, False)
    """
    if same_word(typed, meant, known):
        return True
    common = 0
    for one, other in zip(typed, meant, strict=False):
        if one != other:
            break
        common += 1
    return common >= _STEM and max(len(typed), len(meant)) - common <= _ENDING

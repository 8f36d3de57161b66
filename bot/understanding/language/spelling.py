"""Corrects the spelling of a message, for scoring only: nobody else sees the corrected text.

A word is corrected where another one, written with a slip, is more probable than the word itself
(a noisy channel, Kernighan, Church and Gale 1990, doi:10.3115/997939.997975).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.ports.understanding import Correction
from bot.text.word_lists import folded, word_list
from bot.understanding.language.desk_words import WORD, DeskWords
from bot.understanding.language.edits import LONGEST
from bot.understanding.language.tags import primary
from bot.understanding.language.vocabulary import KNOWN, LanguageVocabulary

MOST_WORDS = 20
"""Longer texts are left alone: there, one word more or less decides nothing."""

_MARGIN = 0.3
"""By how much a correction must be more probable than the word as written, in decades."""

_NAME = 0.8
"""The same, in addition, for capitalised words within a sentence: they are often names."""

_LOOKED_AT = 600
"""Longer texts are left alone, too, however few their spaces are."""

_TOKEN = re.compile(r"\S+")
_CODE = frozenset("0123456789@/\\_#<>{}[]=&%$€£+*|~^`")
_NOUNS_CAPITALISED = "de"


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class SpellingCorrector:
    """Corrects texts in the languages whose words are known. Thread-safe.

    Args:
        desk: The words of the desk, by ISO 639-1 code of the language.
        default: BCP 47 tag of the desk's own language: its words, such as names of products, are
            known in the others, too.
    """

    def __init__(self, desk: Mapping[str, DeskWords], default: str = "en") -> None:
        self._desk = desk
        self._default = primary(default)
        self._vocabulary = lru_cache(maxsize=64)(self._open)
        self._meant = lru_cache(maxsize=4_096)(self._find)

    def correct(self, text: str, language: str) -> Correction:
        """Return a text with those words corrected that are not known.

        Args:
            text: Any text; left alone if it has more than `MOST_WORDS` words.
            language: Its BCP 47 tag; texts in languages without words are left alone.
        """
        code = primary(language)
        if len(text) > _LOOKED_AT or self._vocabulary(code) is None:
            return Correction(text)
        tokens = list(_TOKEN.finditer(text))
        if len(tokens) > MOST_WORDS:
            return Correction(text)
        parts, found, end = [], [], 0
        for start, stop, meant in self._changes(text, list(_words(tokens)), code):
            parts += [text[end:start], meant]
            found.append(meant)
            end = stop
        return Correction("".join([*parts, text[end:]]), tuple(found))

    def _changes(
        self, text: str, words: list[_Word], language: str
    ) -> Iterator[tuple[int, int, str]]:
        """Yield start and end of what is corrected, with what is meant."""
        vocabulary = self._vocabulary(language)
        joined = -1
        for number, word in enumerate(words):
            if number == joined or vocabulary is None:
                continue
            following = words[number + 1] if number + 1 < len(words) else None
            if following is not None and text[word.end : following.start] == " ":
                together = vocabulary.joined(folded(word.text), folded(following.text))
                if together:
                    joined = number + 1
                    yield word.start, following.end, together
                    continue
            name = bool(word.start) and word.text[0].isupper() and language != _NOUNS_CAPITALISED
            meant = self._meant(word.text.lower().replace("’", "'"), language, name)
            if meant and not _is_mixed(word.text):
                yield word.start, word.end, meant

    def _find(self, word: str, language: str, name: bool) -> str:
        """Return what is meant by a word in small letters; empty for the word itself."""
        vocabulary = self._vocabulary(language)
        key = folded(word)
        plain = key.replace("'", "")
        if vocabulary is None or not 2 < len(key) <= LONGEST or not plain.isascii():
            return ""
        frequency = vocabulary.frequency(key)
        candidates = list(vocabulary.with_apostrophe(key))
        if frequency < KNOWN:
            candidates += vocabulary.meant(key)
        wanted = frequency + _MARGIN + (_NAME if name else 0.0)
        best, probability = max(candidates, key=lambda each: each[1], default=("", wanted))
        if probability <= wanted:
            best = vocabulary.accented(key) if word.isascii() else word
        return "" if best == word else best

    def _open(self, language: str) -> LanguageVocabulary | None:
        words = word_list(language)
        if words is None and language not in self._desk:
            return None
        own = self._desk.get(self._default)
        names = own.words if own is not None and language != self._default else ()
        return LanguageVocabulary(self._desk.get(language, DeskWords(())), words, frozenset(names))


def _words(tokens: list[re.Match[str]]) -> Iterator[_Word]:
    """Yield the words in tokens that are no codes, addresses or links."""
    for token in tokens:
        if _CODE.isdisjoint(token.group()) and "." not in token.group()[1:-1]:
            for word in WORD.finditer(token.group()):
                yield _Word(word.group(), token.start() + word.start())


def _is_mixed(word: str) -> bool:
    """Return whether a word has capitals where none belong, as names have: `iDEAL`, `PayPal`."""
    return word[1:] != word[1:].lower() and not word.isupper()

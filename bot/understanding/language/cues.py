"""Reads short answers by cue words: yes, no, the second one, both, neither, help ...

The cue words stand in `bot/locales/*/LC_MESSAGES/cues.po`, for every language that the bot speaks.
A text is read as a row of cue phrases and words that add nothing; what is left over is its rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from bot.text.catalogues import cue_words, languages
from bot.understanding.language.normalise import normalise
from bot.understanding.language.words import Known, Vocabulary, folded_words, words


class Cue(StrEnum):
    """What a cue phrase says; the value is its name in the catalogues."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    FIFTH = "fifth"
    LAST = "last"
    MIDDLE = "middle"
    BOTH = "both"
    YES = "yes"
    NO = "no"
    NEITHER = "neither"
    UNSURE = "unsure"
    ACKNOWLEDGEMENT = "acknowledgements"
    NEVER_MIND = "never_mind"
    THANKS = "thanks"
    HELP = "help"
    FORM_STOP = "form_stop"
    FORM_SKIP = "form_skip"
    FORM_WHY = "form_why"
    FORM_REPEAT = "form_repeat"
    FORM_PERSON = "form_person"
    FORM_AGREES = "form_agrees"
    FORM_CORRECTS = "form_corrects"
    FORM_CHANGES = "form_changes"


FILLERS, NUMBER_WORDS, COURTESIES = "fillers", "number_words", "courtesies"
"""Names of the words that add nothing: to a choice, to the number of an order, to anything."""

ORDINALS = (Cue.FIRST, Cue.SECOND, Cue.THIRD, Cue.FOURTH, Cue.FIFTH)
IN_FORMS = frozenset(each for each in Cue if each.startswith("form_"))
"""What is said of a form alone."""

_NONE = frozenset({Cue.NEITHER})
POSITIONS = frozenset({*ORDINALS, Cue.LAST, Cue.MIDDLE})

MOST_WORDS = 24
"""Longer texts are no short answers: they are left whole. A character of Chinese is a word."""

_SIGNS = ("1a", "2b", "3c", "4", "5")
"""Digits and letters that choices are counted with, in every language."""

_END_OF_HEAD = re.compile(r"[,;.!:\n，。；！、：…]|\s[–—-]\s")
_OPTION = re.compile(r"\W*(?:([1-9])|([a-e]))\W*")


@dataclass(frozen=True, slots=True)
class CueReading:
    """What the cue phrases of a text say.

    Attributes:
        cues: What is said; empty when there is no cue phrase.
        rest: What is left of the text, from the first word that is no cue and adds something to
            the last; empty when the cues are all that it says.
        languages: The languages whose phrases say all this.
        apart: The rest follows the cues, after a mark: "no, where is it?".
    """

    cues: frozenset[Cue] = frozenset()
    rest: str = ""
    languages: frozenset[str] = frozenset()
    apart: bool = False


@dataclass(frozen=True, slots=True)
class _Path:
    """One way to read the words up to a position.

    Attributes:
        left: Positions of the words that are left over.
    """

    left: tuple[int, ...] = ()
    cues: frozenset[Cue] = frozenset()
    languages: frozenset[str] | None = None
    phrases: int = 0
    slips: int = 0

    def rank(self) -> tuple[int, bool, int, int, int]:
        """Return a key: few words left over, something said, with few cues, phrases and slips."""
        return len(self.left), not self.cues, self.slips, len(self.cues), self.phrases

    def leaves(self, position: int) -> _Path:
        """Return the path with a word left over."""
        return replace(self, left=(*self.left, position))

    def says(self, cue: Cue | None, languages: frozenset[str], slips: int) -> _Path:
        """Return the path with another phrase."""
        said = replace(self, phrases=self.phrases + 1, slips=self.slips + slips)
        if cue is None:
            return said
        common = languages if self.languages is None else self.languages & languages
        return replace(said, cues=self.cues | {cue}, languages=common)


@dataclass(slots=True)
class _Node:
    """A beginning of phrases: the words that may follow, and what it says if it is whole."""

    following: dict[str, _Node] = field(default_factory=dict)
    meanings: dict[Cue | None, set[str]] = field(default_factory=dict)


class CuePhrases:
    """The cue phrases of all languages, as a tree of their words.

    Args:
        cues: Cues to look for.
        fillers: Name of the words that add nothing.
    """

    def __init__(self, cues: Sequence[Cue], fillers: str) -> None:
        self._root = _Node()
        vocabulary: set[str] = set()
        for cue in (*cues, None):
            for tag, phrases in cue_words(cue or fillers).items():
                for phrase in phrases:
                    parts = folded_words(phrase)
                    vocabulary.update(parts)
                    self._grow(parts, cue, tag)
        self._root.meanings.clear()
        for cue, signs in zip(ORDINALS, _SIGNS, strict=True):
            for sign in signs if cue in cues else ():
                vocabulary.add(sign)
                for tag in languages():
                    self._grow((sign,), cue, tag)
        self._vocabulary = Vocabulary(vocabulary)

    def read(self, text: str, known: Known) -> CueReading:
        """Read a text of any length; one of too many words is all rest.

        Args:
            text: What somebody wrote.
            known: Tells which words are no misspellings.
        """
        plain = normalise(text)
        found = words(plain)
        if not found or len(found) > MOST_WORDS:
            return CueReading(rest=plain)
        meant = [self._vocabulary.meant(word.folded, known) for word in found]
        best: list[_Path | None] = [_Path(), *(None for _ in found)]
        for start in range(len(found)):
            before = best[start]
            assert before is not None  # noqa: S101 - each word can be left over
            options = [(start + 1, before.leaves(start))]
            options += self._phrases_from(start, meant, before)
            for end, option in options:
                other = best[end]
                if other is None or option.rank() < other.rank():
                    best[end] = option
        path = best[-1] or _Path()
        rest = ""
        if path.left:
            rest = plain[found[path.left[0]].start : found[path.left[-1]].end]
        return CueReading(path.cues, rest, path.languages or frozenset())

    def _grow(self, parts: Sequence[str], cue: Cue | None, tag: str) -> None:
        node = self._root
        for part in parts:
            node = node.following.setdefault(part, _Node())
        node.meanings.setdefault(cue, set()).add(tag)

    def _phrases_from(
        self, start: int, meant: Sequence[Mapping[str, int]], before: _Path
    ) -> Iterator[tuple[int, _Path]]:
        """Yield the path with each phrase that begins at a word, and where it ends."""
        reached = [(self._root, 0)]
        for position in range(start, len(meant)):
            reached = [
                (node.following[word], slips + slip)
                for node, slips in reached
                for word, slip in meant[position].items()
                if word in node.following
            ]
            if not reached:
                return
            for node, slips in reached:
                for cue, tags in node.meanings.items():
                    yield position + 1, before.says(cue, frozenset(tags), slips)


@cache
def answer_phrases() -> CuePhrases:
    """Return the phrases of answers to a question of the bot."""
    return CuePhrases([each for each in Cue if each not in IN_FORMS], FILLERS)


@cache
def small_phrases() -> CuePhrases:
    """Return the phrases of texts that answer no question."""
    return CuePhrases([each for each in Cue if each not in IN_FORMS], COURTESIES)


@cache
def number_phrases() -> CuePhrases:
    """Return the phrases that stand around the number of an order."""
    return CuePhrases((Cue.THANKS,), NUMBER_WORDS)


def read_answer(text: str, known: Known) -> CueReading:
    """Read a short answer: its cues, and what else is said.

    What stands after a mark is the rest when all before it are cues: "neither, where is it?". A
    number or letter alone is a position. Positions that are denied are none: "neither the first
    nor the second".

    >>> reading = read_answer("teh secnd one pls", lambda word: False)
    >>> sorted(reading.cues), reading.rest
    ([<Cue.SECOND: 'second'>], '')
    >>> read_answer("nein, wo ist mein Paket?", lambda word: False).rest
    'wo ist mein Paket?'
    >>> sorted(read_answer("b)", lambda word: False).cues)
    [<Cue.SECOND: 'second'>]
    """
    plain = normalise(text)
    if option := _OPTION.fullmatch(plain.lower()):
        position = int(option[1]) - 1 if option[1] else ord(option[2]) - ord("a")
        cues = frozenset(ORDINALS[position : position + 1])
        return CueReading(cues) if cues else CueReading(rest=plain)
    whole = answer_phrases().read(plain, known)
    if not whole.rest:
        return _without_denied(whole, plain, known)
    mark = _END_OF_HEAD.search(plain)
    if mark is None:
        return whole
    head = answer_phrases().read(plain[: mark.start()], known)
    tail = plain[mark.end() :].strip()
    if head.cues and not head.rest and folded_words(tail):
        return CueReading(head.cues, tail, head.languages, apart=True)
    return whole


def split_at_marks(text: str) -> list[str]:
    """Return the parts of a text between its commas, stops and other marks.

    >>> split_at_marks("don't cancel, change")
    ["don't cancel", ' change']
    """
    return _END_OF_HEAD.split(text)


def _without_denied(said: CueReading, text: str, known: Known) -> CueReading:
    """Return the positions that follow a denial after a mark, "not that, the second", else none."""
    if Cue.NEITHER not in said.cues or not said.cues & POSITIONS:
        return said
    *_, last = split_at_marks(text)
    tail = answer_phrases().read(last, known)
    corrects = last != text and not tail.rest and tail.cues & POSITIONS
    return tail if corrects and Cue.NEITHER not in tail.cues else replace(said, cues=_NONE)

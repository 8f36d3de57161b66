"""What stands around the things that a message names: its clause, its sides, words and cues."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.text.catalogues import closest, cue_words
from bot.understanding.language.normalise import normalise
from bot.understanding.language.segments import segments
from bot.understanding.language.words import Word, folded_words, words

CUES = (
    *("wish_not", "wish_but", "wish_soft", "wish_need_not", "wish_like", "wish_own"),
    *("wish_another", "wish_new", "wish_pronoun", "wish_nor", "wish_for", "wish_not_next"),
    "joints",
)
"""Cues whose words are told apart from others: they have the same name in each language."""

_TURNS = frozenset({"wish_not", "wish_but", "wish_soft", "wish_need_not"})
"""Cues of which the first and the second matter: "not bad, but"."""

_LONGEST_CUE = 6
_NEUTRAL = {"de": "das", "zh": "这个"}
"""What stands for the thing that is named, by language; in all others English."""

_SELF, _OTHER = "@", "*"
_FAR, _NEAR = 16, 6
"""Words and cues to each side that are looked at, and those of which the place counts."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A thing that a message names.

    Attributes:
        clause: Its segment from the thing named before to the one behind, without itself.
        before, behind: The two sides of the clause.
        words: Words and cues around it by side and place, with their weights.
    """

    clause: str
    before: str
    behind: str
    words: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Said:
    word: str
    cues: frozenset[str]
    segment: int


def around(place: NamedPlace) -> tuple[str, str, str]:
    """Return what of a place is embedded."""
    return place.clause, place.before, place.behind


def places(text: str, named: Sequence[tuple[int, int]], language: str) -> list[NamedPlace]:
    """Return what stands around things.

    Args:
        text: A normalised message.
        named: Where it names them, from the left.
        language: Its BCP 47 tag.
    """
    cut = [(each.start, each.end) for each in segments(text)]
    neutral = _NEUTRAL.get(language.partition("-")[0], "this")
    said = list(_said(text, named, [end for _, end in cut], language))
    found = []
    for place, (start, end) in enumerate(named):
        low, high = next(((s, e) for s, e in cut if s <= start < e), (0, len(text)))
        low = max([e for _, e in named[:place] if e >= low], default=low)
        high = min([s for s, _ in named[place + 1 :] if s <= high], default=max(high, end))
        before, behind = text[low:start], text[end : max(high, end)]
        clause = normalise(f"{before}{neutral}{behind}")
        sides = normalise(f"{before}{neutral}"), normalise(f"{neutral}{behind}")
        found.append(NamedPlace(clause, *sides, _weights(said, place)))
    return found


def _said(
    text: str, named: Sequence[tuple[int, int]], ends: Sequence[int], language: str
) -> Iterator[_Said]:
    """Yield the words of a message with their cues; for what is named a sign with its number."""
    found, cues = words(text), _cues(language)
    at = 0
    while at < len(found):
        place = _named_at(named, found[at])
        segment = bisect_right(ends, found[at].start)
        if place >= 0:
            yield _Said(f"{_SELF}{place}", frozenset(), segment)
            while at < len(found) and _named_at(named, found[at]) == place:
                at += 1
            continue
        length = next(
            (
                n
                for n in range(_LONGEST_CUE, 0, -1)
                if tuple(each.folded for each in found[at : at + n]) in cues
            ),
            1,
        )
        phrase = tuple(each.folded for each in found[at : at + length])
        yield _Said(phrase[0], cues.get(phrase, frozenset()), segment)
        for each in found[at + 1 : at + length]:
            yield _Said(each.folded, frozenset(), bisect_right(ends, each.start))
        at += length


def _named_at(named: Sequence[tuple[int, int]], word: Word) -> int:
    return next((n for n, (start, end) in enumerate(named) if start <= word.start < end), -1)


@cache
def _cues(language: str) -> Mapping[tuple[str, ...], frozenset[str]]:
    """Return the cues of a language by their words, with and without apostrophes."""
    found: dict[tuple[str, ...], set[str]] = {}
    for cue in CUES:
        there = cue_words(cue)
        for phrase in there.get(closest(language, there) or "en", ()):
            for written in {phrase, phrase.replace("'", "")}:
                found.setdefault(folded_words(written), set()).add(cue)
    return {phrase: frozenset(cues) for phrase, cues in found.items()}


def _weights(said: Sequence[_Said], place: int) -> Mapping[str, float]:
    own = next((n for n, e in enumerate(said) if e.word == f"{_SELF}{place}"), len(said))
    here = said[own].segment if own < len(said) else 0
    found: dict[str, float] = {}
    for side, row in (("b", said[:own][::-1]), ("a", said[own + 1 :])):
        words_there = list(_others(row))
        for feature, weight in _of_side(side, words_there, here):
            found[feature] = max(found.get(feature, 0.0), weight)
        beside = words_there[0].segment == here if words_there else ""
        found[f"{side}:{'' if words_there else 'none'}{beside}"] = 0.5
    return found


def _others(row: Sequence[_Said]) -> Iterator[_Said]:
    """Yield words, with one sign for other things that are named side by side."""
    last = ""
    for each in row:
        word = _OTHER if each.word.startswith(_SELF) else each.word
        if not (word == last == _OTHER):
            yield _Said(word, each.cues, each.segment)
        last = word


def _of_side(side: str, row: Sequence[_Said], here: int) -> Iterator[tuple[str, float]]:
    """Yield the features of one side of a thing, from it outwards, with their weights."""
    passed, turns = 0, frozenset[str]()
    for at, each in enumerate(row[:_FAR]):
        far = abs(each.segment - here)
        near, at_all = f"{side}{'snf'[min(far, 2)]}", 0.6 if far else 1.0
        place = f"{near}{at if at < 3 else 3 if at < _NEAR else 4}"
        yield f"{near}:{each.word}", at_all
        if at < _NEAR:
            yield f"{place}:{each.word}", 0.7
        if at + 1 < len(row):
            two = (each.word, row[at + 1].word)
            pair = " ".join(two[::-1] if side == "b" else two)
            yield f"{near}:{pair}", at_all
            if not at:
                yield f"{place}:{pair}", 0.7
        others = any(e.word == _OTHER for e in row[at:] if e.segment == each.segment)
        for cue in each.cues:
            yield f"{near}<{cue}>{min(passed, 1)}", 0.7 if far else 1.5
            yield f"{near}<{cue}>{min(passed, 1)}{others:d}", 0.7 if far else 1.5
            yield f"{place}<{cue}>", 0.5 if far else 1.0
            if cue not in turns:
                before = "+".join(sorted(turns & _TURNS))
                yield f"{near}first<{cue}>{before}", 0.5 if far else 1.0
        turns |= each.cues
        passed += each.word == _OTHER

"""Recogniser of personal names: known names, and words that introduce one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.privacy.recognisers.gazetteer import Gazetteer, gazetteer
from bot.privacy.recognisers.introductions import introduced, name_end, plain
from bot.privacy.recognisers.names_model import modelled_names
from bot.privacy.recognisers.products import is_product
from bot.privacy.spans import PERSON, Span

_WORD = re.compile(r"[^\W\d_][\w'’-]*\.?")
_PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "da", "do", "dos", "del", "della", "di", "du", "la", "le",
     "el", "al", "bin", "ibn", "ten", "ter", "zu", "af", "av", "y", "st")
)  # fmt: skip
_PAIR = re.compile(
    r"(?<![\w@.])(?P<first>[^\W\d_][\w'’-]{1,20})[ ](?:[a-z]\.?[ ])?(?="
    r"(?P<last>[^\W\d_][\w'’-]{1,20}))"
)
_SHORTEST_REPEATED = 4
"""Letters of a name that is looked for in the rest of a text."""

_LONGEST = 5
"""Words of one name."""

_BEFORE = 40
"""Characters before a name searched for the end of a sentence."""

_TITLES = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "madam", "madame", "mme",
     "mlle", "monsieur", "herr", "frau", "señor", "señora", "sr", "sra", "sig", "signora", "mister",
     "lord", "lady", "captain", "sergeant", "officer", "father", "sister", "president", "senator",
     "judge", "dame")
)  # fmt: skip


def names(text: str) -> Iterator[Span]:
    """Yield names of people, and again each part of a full name that stands elsewhere."""
    known = gazetteer()
    found = [*introduced(text, known)]
    for run in _runs(text):
        found += _in_run(text, run, known)
    if not any(map(str.isupper, text)):
        found += _in_small_letters(text, known)
    found += modelled_names(text)
    yield from found
    yield from _repeated(text, found, known)


def _repeated(text: str, found: Sequence[Span], known: Gazetteer) -> Iterator[Span]:
    """Yield the words of names that were found, where they stand alone."""
    words = {
        word
        for span in found
        for word in text[span.start : span.end].split()
        if len(word) >= _SHORTEST_REPEATED
        and word.lower() not in known.common_words
        and word.lower() not in known.not_names
    }
    for word in _WORD.finditer(text) if words else ():
        if word.group().rstrip(".").removesuffix("'s").removesuffix("’s") in words:
            yield Span(word.start(), name_end(word), PERSON)


def _in_small_letters(text: str, known: Gazetteer) -> Iterator[Span]:
    """Yield given and family names in a text without capitals."""
    for match in _PAIR.finditer(text):
        first, last = plain(match["first"]), plain(match["last"])
        if (
            known.is_first(first)
            and known.is_unusual(first)
            and (last in known.last or known.is_unusual(last))
        ):
            yield Span(match.start(), match.start("last") + len(last), PERSON)


def _runs(text: str) -> Iterator[Sequence[re.Match[str]]]:
    """Yield runs of adjacent capitalised words, including particles between them."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        adjacent = run and text[run[-1].end() : word.start()] in {" ", "\u00a0", "  "}
        ends = run and run[-1].group().endswith(".") and len(run[-1].group()) > 3
        if not adjacent or (ends and run[-1].group().rstrip(".").lower() not in _TITLES):
            yield _without_tail(run)
            run = []
        if _is_capitalised(word.group()) or (run and word.group() in _PARTICLES):
            run.append(word)
        else:
            yield _without_tail(run)
            run = []
    yield _without_tail(run)


def _without_tail(run: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """Drop particles at the end: a name does not end with them."""
    end = len(run)
    while end and run[end - 1].group() in _PARTICLES:
        end -= 1
    return run[:end]


def _in_run(text: str, run: Sequence[re.Match[str]], known: Gazetteer) -> Iterator[Span]:
    """Yield names within a run of capitalised words."""
    start = 0
    while start < len(run):
        length = _name_length(text, run[start : start + _LONGEST], known)
        if length:
            place = run[start].start(), name_end(run[start + length - 1])
            if not is_product(text, place, known.things, length):
                yield Span(*place, PERSON)
        start += max(length, 1)


def _name_length(text: str, run: Sequence[re.Match[str]], known: Gazetteer) -> int:
    """Return how many words from the first on are one name; 0 if it does not begin one."""
    first = plain(run[0].group())
    if first in known.not_names or first in _PARTICLES or first in _TITLES:
        return 0
    if first in known.things and first not in known.first:
        return 0
    length = 1
    for before, word in pairwise(run[:_LONGEST]):
        written = plain(word.group())
        if (written in known.not_names and written not in _PARTICLES) or (
            _is_possessive(before.group())
        ):
            break
        length += 1
    while length > 1 and plain(run[length - 1].group()) in _PARTICLES:
        length -= 1
    words = [plain(word.group()) for word in run[:length]]
    if length == 1:
        return int(_is_name_alone(run[0], known))
    return length if _is_full_name(words, text, run[0], known) else 0


def _is_full_name(words: Sequence[str], text: str, first: re.Match[str], known: Gazetteer) -> bool:
    """Return whether adjacent words are a given name and a family name."""
    if words[0] in known.first and words[0] not in known.common_words:
        return True
    if _is_unusual(words, known):
        return True
    family = known.is_family(words[-1]) or words[-1] in known.first
    if (words[0] in known.first or len(words[0]) == 1) and known.is_unusual(words[-1]):
        return True
    if words[0] in known.first or (len(words[0]) == 1 and family):
        return family
    return family and words[-1] not in known.common_words and not _begins_sentence(text, first)


def _is_unusual(words: Sequence[str], known: Gazetteer) -> bool:
    """Return whether no word is an ordinary one, apart from initials and particles."""
    whole = [word for word in words if len(word) > 1 and word not in _PARTICLES]
    return 1 < len(whole) < _LONGEST - 1 and all(map(known.is_unusual, whole))


def _is_name_alone(word: re.Match[str], known: Gazetteer) -> bool:
    """Return whether a single word is a given name, and no common word in English."""
    return not word.group().isupper() and known.is_first(plain(word.group()))


def _begins_sentence(text: str, word: re.Match[str]) -> bool:
    first = max(word.start() - _BEFORE, 0)
    before = text[first : word.start()].rstrip(" \t\"'“‘(*-")
    return not before or before[-1] in ".!?:;\n。！？"


def _is_capitalised(word: str) -> bool:
    return word[0].isupper()


def _is_possessive(word: str) -> bool:
    return word.endswith(("'s", "’s"))

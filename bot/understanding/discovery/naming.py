"""Suggests a name for a group of messages, made of words that several of its people used."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from bot.privacy.pseudonyms import PLACEHOLDER
from bot.understanding.intents.names import unique_slug

_WORD = re.compile(r"[^\W\d_]{3,30}")
_WORDS = 2
"""Words in a name."""

_PREFIX = 5
"""Letters by which forms of a word are known: `sponsor`, `sponsors`, `sponsoring`."""

_EMPTY = "empty_words.txt"
"""File of words that name nothing."""


def background(texts: Iterable[str]) -> Counter[str]:
    """Return in how many texts each word, by its first letters, occurs."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({_key(word) for word in _words(text)})
    return counts


def suggested_name(
    texts: Sequence[tuple[str, str]],
    ordinary: Mapping[str, int],
    taken: Collection[str],
    *,
    people: int,
    otherwise: str,
) -> str:
    """Return a valid name that is not taken.

    Args:
        texts: Each message with its author.
        ordinary: What `background` returns for other messages: words that are frequent there say
            little of this group.
        taken: Names in use.
        people: How many people must have used a word.
        otherwise: What the name is made of when there is no such word.
    """
    users: dict[str, set[str]] = defaultdict(set)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[str, list[int]] = defaultdict(list)
    for text, author in texts:
        for place, word in enumerate(_words(text)):
            users[_key(word)].add(author)
            forms[_key(word)][word] += 1
            places[_key(word)].append(place)
    total = 1 + max(ordinary.values(), default=0)
    weights = {
        key: len(by) * math.log(1.0 + total / (1.0 + ordinary.get(key, 0)))
        for key, by in users.items()
        if len(by) >= people
    }
    best = sorted(weights, key=lambda key: (-weights[key], key))[:_WORDS]
    best.sort(key=lambda key: (sum(places[key]) / len(places[key]), key))
    words = [min(forms[key], key=lambda form: (-forms[key][form], form)) for key in best]
    return unique_slug("_".join(words) or otherwise, taken)


def _words(text: str) -> list[str]:
    plain = PLACEHOLDER.sub(" ", text).lower()
    return [word for word in _WORD.findall(plain) if word.isascii() and word not in _empty()]


@cache
def _empty() -> frozenset[str]:
    lines = resources.files(__package__).joinpath(_EMPTY).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _key(word: str) -> str:
    return word[:_PREFIX]

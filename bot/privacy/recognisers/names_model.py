"""Finds names of people with a spaCy model, beside the rules: `privacy.names_model`.

Personal data is also looked for where nothing can be passed in, such as in a log line, so one model
serves the process: `use_names_model` sets it at start.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.errors import ModelError
from bot.privacy.recognisers.gazetteer import Gazetteer, gazetteer
from bot.privacy.recognisers.introductions import plain
from bot.privacy.recognisers.products import is_product
from bot.privacy.spans import PERSON, Span
from bot.text.word_lists import word_list

_UNUSED = ("tagger", "parser", "lemmatizer", "attribute_ruler", "senter")
"""Components whose results nobody reads."""

_PERSONS = frozenset(("PERSON", "PER"))
_WORD = re.compile(r"[^\W\d_][\w'’-]*\.?")
_LONGEST = 4_000
"""Characters read by the model; further ones are left to the rules, since it takes milliseconds."""

_PLACED = re.compile(r"\b(?:in|at|from|to|near|city|town)\s\Z", re.IGNORECASE)
"""Before a place or company that the model takes for a person."""

_BEFORE = 8

_OTHERS = ("de", "fr", "es", "it", "nl", "pt")

NamesModel = Callable[[str], Sequence[tuple[int, int]]]
"""Returns the places of names in a text: start and end of each."""

_active: list[NamesModel] = []


def load_names_model(folder: Path) -> NamesModel:
    """Load a spaCy pipeline whose entities include `PERSON`.

    Raises:
        ModelError: spaCy is not installed, or the folder holds no such pipeline.
    """
    try:
        import spacy
    except ImportError as error:
        raise ModelError(
            "`privacy.names_model` needs spaCy: install `frontdesk[names]`, as `make names` does"
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions: what it finds is measured, not assumed
            pipeline: Any = spacy.load(folder, exclude=list(_UNUSED))
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"{folder}: is no spaCy pipeline: name the folder that `make names` makes"
        ) from error

    def places(text: str) -> Sequence[tuple[int, int]]:
        entities = pipeline(text).ents
        return [(e.start_char, e.end_char) for e in entities if e.label_ in _PERSONS]

    return places


def use_names_model(model: NamesModel | None) -> None:
    """Let `find` use a model in this process from now on; None for the rules alone."""
    with suppress(IndexError):
        _active.pop()
    if model is not None:
        _active.append(model)


def modelled_names(text: str) -> Iterator[Span]:
    """Yield the names that the model finds in an English text, apart from those of products."""
    if not _active or not is_english(text):
        return
    known = gazetteer()
    for start, end in _active[0](text[:_LONGEST]):
        place = _name_within(text, start, end, known)
        if place and not is_product(text, place, known.things, text[slice(*place)].count(" ") + 1):
            yield Span(*place, PERSON)


def is_english(text: str) -> bool:
    """Return whether no other language has more of the words of a text than English.

    >>> is_english("Where is my order?"), is_english("Wo bleibt meine Bestellung?")
    (True, False)
    """
    words = [plain(word.group()) for word in _WORD.finditer(text[:_LONGEST])]

    def count(language: str) -> int:
        listed = word_list(language)
        return sum(listed is not None and listed.frequency(word) is not None for word in words)

    english = count("en")
    return english > 0 and all(count(language) <= english for language in _OTHERS)


def _name_within(text: str, start: int, end: int, known: Gazetteer) -> tuple[int, int] | None:
    """Return the words of an entity up to one that no name has; None where none can be a name."""
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(text, start, end):
        if plain(word.group()) in known.not_names:
            break
        words.append(word)
    if not words or not words[0].group()[0].isupper():
        return None
    if len(words) == 1 and not _stands_alone(text, words[0], known):
        return None
    last = words[-1]
    return words[0].start(), last.start() + len(last.group().rstrip("."))


def _stands_alone(text: str, word: re.Match[str], known: Gazetteer) -> bool:
    """Return whether one word is a given name, or an unusual one that is no place or company."""
    written = plain(word.group())
    if written in known.common_words:
        return False
    if written in known.first:
        return True
    before = _PLACED.search(text, max(word.start() - _BEFORE, 0), word.start())
    return before is None and (known.is_family(written) or known.is_unusual(written))

"""Fixed texts and cue words by language, from the gettext catalogues in `bot/locales/`.

A catalogue is read when something is first said in its language, and kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parents[1] / "locales"

TEXTS = "frontdesk"
"""The domain of what the bot says by itself; the name of a text is its id."""

CUES = "cues"
"""The domain of words that something is recognised by, one a line."""


@cache
def languages(domain: str = TEXTS) -> tuple[str, ...]:
    """Return the BCP 47 tags of the languages that have a catalogue."""
    return tuple(sorted(file.parts[-3] for file in FOLDER.glob(f"*/LC_MESSAGES/{domain}.po")))


@cache
def catalogue(tag: str, domain: str = TEXTS) -> Mapping[str, str]:
    """Return what one catalogue says, by id; nothing where there is no catalogue."""
    if tag not in languages(domain):
        return {}
    from babel.messages.pofile import read_po

    with (FOLDER / tag / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        messages = read_po(file, domain=domain, abort_invalid=True)
    return MappingProxyType(
        {str(each.id): str(each.string) for each in messages if each.id and not each.fuzzy}
    )


@cache
def cue_words(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the words of a cue, by language."""
    found = {tag: catalogue(tag, CUES).get(name, "") for tag in languages(CUES)}
    return {tag: tuple(words.splitlines()) for tag, words in found.items() if words}


def closest(tag: str, tags: Collection[str]) -> str | None:
    """Return the tag that fits best: the same, its language alone, its language elsewhere.

    >>> closest("de-AT", ["de", "en"]), closest("pt", ["en", "pt-BR"]), closest("sv", ["en"])
    ('de', 'pt-BR', None)
    """
    language = tag.partition("-")[0]
    elsewhere = sorted(each for each in tags if each.partition("-")[0] == language)
    return next((each for each in (tag, language, *elsewhere) if each in tags), None)


class TextsByName(Mapping[str, Mapping[str, str]]):
    """All fixed texts: by name, then by language; catalogues are read as they are needed."""

    def __getitem__(self, name: str) -> Mapping[str, str]:
        """Return a text in all languages."""
        if name not in catalogue("en"):
            raise KeyError(name)
        return _Translations(name)

    def __iter__(self) -> Iterator[str]:
        return iter(catalogue("en"))

    def __len__(self) -> int:
        return len(catalogue("en"))


class _Translations(Mapping[str, str]):
    """One text, by language."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, tag: str) -> str:
        return catalogue(tag)[self._name]

    def __iter__(self) -> Iterator[str]:
        return iter(languages())

    def __len__(self) -> int:
        return len(languages())

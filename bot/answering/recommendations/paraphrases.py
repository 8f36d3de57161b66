"""Finds what a product must be in words that the catalogue does not have: "cope with wind"."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.meanings import Item, WishCue
from bot.answering.recommendations.phrases import Phrase
from bot.text.catalogues import closest

LEAST = 0.68
"""Similarity to a name of a switch from which it is meant; chosen on the requests in
benchmarks/field/build/."""

_LENGTHS = (2, 3, 4)
"""Words of a paraphrase. Characters of Chinese are too short for the encoder to tell them apart."""

Vectors = NDArray[np.float32]
Place = tuple[int, int]
"""Start and end in a normalised message."""


def switch_names(catalogue: Catalogue, language: str) -> list[tuple[str, str]]:
    """Return what customers call the switches of a catalogue, with the switch."""
    return [
        (word, attribute.name)
        for attribute in catalogue.attributes.values()
        if attribute.type == "boolean"
        for tag in dict.fromkeys((closest(language, attribute.words), "en"))
        for word in attribute.words.get(tag or "", ())
    ]


@dataclass(frozen=True, slots=True)
class Paraphrases:
    """The switches of a catalogue by what they are called, as vectors.

    Attributes:
        names: What each row is called, and the switch.
        vectors: Unit vectors, one for each name.
        embed: Returns unit vectors of texts.
    """

    names: Sequence[tuple[str, str]]
    vectors: Vectors
    embed: Callable[[Sequence[str]], Vectors]

    def find(
        self, text: str, phrases: Sequence[Phrase], lexicon: Lexicon, switches: Collection[str]
    ) -> dict[str, Place]:
        """Return which of some switches a message means, and where it says so.

        Args:
            text: The message, normalised.
            phrases: The same in phrases.
            lexicon: Names of the catalogue.
            switches: Those that are looked for.
        """
        rows = [at for at, (_, switch) in enumerate(self.names) if switch in switches]
        places = list(_places(phrases, lexicon)) if rows else []
        if not places:
            return {}
        texts = list(dict.fromkeys(text[start:end] for start, end in places))
        similar = dict(zip(texts, self.embed(texts) @ self.vectors[rows].T, strict=True))
        found: dict[str, tuple[float, Place]] = {}
        for start, end in places:
            near = similar[text[start:end]]
            best = int(near.argmax())
            switch = self.names[rows[best]][1]
            if near[best] >= max(LEAST, found.get(switch, (0.0,))[0]):
                found[switch] = float(near[best]), (start, end)
        return {switch: place for switch, (_, place) in found.items()}


def _says_more(item: Item) -> bool:
    """Return whether a phrase is read by itself: it denies something, or names a value or kind."""
    denies = item.cue(WishCue.NOT, WishCue.NOT_NEXT, WishCue.NEED_NOT)
    return denies or bool(item.of("value") or item.of("category"))


def _places(phrases: Sequence[Phrase], lexicon: Lexicon) -> Iterator[Place]:
    """Yield where a few words stand that name no value and no kind, and say something."""
    for at, first in enumerate(phrases):
        for length in _LENGTHS:
            row = phrases[at : at + length]
            if len(row) < length or row[-1].segment != first.segment:
                break
            items = [each.item for each in row]
            if any(i is None or _says_more(i) for i in items):
                break
            said = (i.text for i in items if i is not None and not i.meanings)
            if any(len(each) > 1 and not lexicon.is_plain(each) for each in said):
                yield first.start, row[-1].start + len(row[-1].raw)

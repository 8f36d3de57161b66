"""Finds what words mean in languages that a catalogue has no names in, by their vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.meanings import Meaning

LEAST = 0.7
"""Similarity from which a word means the same as a name. Source: the requests in Dutch, French and
Spanish among the building list, of which 0.7 reads all right, and 0.67 and 0.76 all but one."""

AS_GOOD = 0.03
"""Names that are so little less similar than the best are meant as well."""

_SHORTEST = 3
"""Letters from which a word, and a name, is compared."""

LEAST_KIND = 0.62
"""Similarity from which a word that means something else names a kind of product as well, as the
Dutch "regenjas" does."""

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


class ForeignWords:
    """The names of a catalogue in all its languages, as vectors.

    Args:
        names: Each with what it means.
        embed: Returns unit vectors, of an encoder that reads many languages.
    """

    def __init__(self, names: Sequence[tuple[str, Meaning]], embed: Embed) -> None:
        # two characters of Chinese say as much as a word
        said = [each for each in names if len(each[0]) >= _SHORTEST or not each[0].isascii()]
        self._meanings = [meaning for _, meaning in said]
        self._embed = embed
        self._vectors = embed([name for name, _ in said])

    def meanings(self, words: Sequence[str], lexicon: Lexicon) -> Mapping[str, tuple[Meaning, ...]]:
        """Return what words mean that a catalogue may have names for in another language."""
        asked = [
            each
            for each in dict.fromkeys(words)
            if len(each) >= _SHORTEST and not each.isdigit() and not lexicon.is_function_word(each)
        ]
        if not asked or not self._meanings:
            return {}
        similar = self._embed(asked) @ self._vectors.T
        found = {}
        for word, row in zip(asked, similar, strict=True):
            best = float(row.max())
            if best >= LEAST:
                near = np.flatnonzero(row >= best - AS_GOOD)
                meant = [self._meanings[each] for each in near]
                if not any(each.kind == "category" for each in meant):
                    meant += self._kind(row)
                found[word] = tuple(dict.fromkeys(meant))
        return found

    def _kind(self, similar: NDArray[np.float32]) -> list[Meaning]:
        """Return the kind of product that a word names, if any is near enough."""
        kinds = [at for at, each in enumerate(self._meanings) if each.kind == "category"]
        best = max(kinds, key=lambda at: float(similar[at]), default=-1)
        return [self._meanings[best]] if best >= 0 and similar[best] >= LEAST_KIND else []


def names_of(catalogue: Catalogue) -> list[tuple[str, Meaning]]:
    """Return the names of categories, attributes and values in all languages."""
    found = [
        (name, Meaning("category", category))
        for category, names in catalogue.categories.items()
        for words in names.values()
        for name in words
    ]
    for attribute in catalogue.attributes.values():
        boolean = attribute.type == "boolean"
        own = Meaning(
            "value" if boolean else "attribute", attribute.name, (True,) if boolean else ()
        )
        found += [(name, own) for words in attribute.words.values() for name in words]
        for value, names in attribute.values.items():
            meaning = Meaning("value", attribute.name, (value,))
            found += [(name, meaning) for words in names.values() for name in words]
    return found

"""The names by which customers call products: whole names and the parts that name few."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import combinations

from bot.answering.recommendations.catalogue import Catalogue, Product
from bot.understanding.language.words import folded_words

LONGEST_PHRASE = 6
"""Words of a name that are read."""

_FEW = 4
"""A part of a name that more than one product in so many has names none of them."""

Phrase = tuple[str, ...]


def product_names(
    catalogue: Catalogue,
    concepts: Collection[str],
    names: Callable[[Sequence[str]], bool],
    *,
    whole: bool = False,
) -> Iterator[tuple[Phrase, Phrase, Phrase]]:
    """Yield each name in words, the ids of the products that it means, and of all that have it.

    "Rill 2" means the tent of this name, though the "Rill 2 footprint" has it as well.

    Args:
        catalogue: The products.
        concepts: Words for categories and the like: "tent" tells no product from another.
        names: Returns whether words say more than a category does.
        whole: Only parts that names begin with count, since there are many products.
    """
    by_phrase: dict[Phrase, dict[str, tuple[int, int, bool]]] = {}
    for product in catalogue.products:
        for phrase, rest, goes_on in _phrases(product, whole=whole):
            left = sum(word not in concepts for word in rest), len(rest), goes_on
            ids = by_phrase.setdefault(phrase, {})
            ids[product.id] = min(left, ids.get(product.id, left))
    most = max(3, len(catalogue.products) // _FEW)
    for phrase, ids in by_phrase.items():
        if len(ids) <= most and names(phrase):
            least = min(ids.values())
            meant = tuple(each for each, left in ids.items() if left == least)
            yield phrase, meant, tuple(ids)


def _phrases(product: Product, *, whole: bool) -> Iterator[tuple[Phrase, Phrase, bool]]:
    """Yield the parts of a product's names, the words left out, and whether one goes on behind."""
    for name in product.names.values():
        parts = folded_words(name)[:LONGEST_PHRASE]
        for start, end in combinations(range(len(parts) + 1), 2):
            if start == 0 or not whole:
                yield parts[start:end], (*parts[:start], *parts[end:]), end < len(parts)

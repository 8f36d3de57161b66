"""A catalogue ready to recommend from: by columns, with its names by language, and by meaning."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answering.recommendations.catalogue import Catalogue, Product, all_values
from bot.answering.recommendations.columns import Columns
from bot.answering.recommendations.foreign_words import ForeignWords, names_of
from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.paraphrases import Paraphrases, switch_names
from bot.answering.recommendations.phrases import cut
from bot.answering.recommendations.reader import WishReader
from bot.answering.recommendations.reading import Reading
from bot.ports import Attitude
from bot.text.catalogues import closest
from bot.understanding.language.words import Known, folded_words

Vectors = NDArray[np.float32]
"""Unit vectors, shape (n_texts, dimension)."""

_SHORT = 4
"""Letters up to which words say little."""

_FEW = 0.2
"""Share of the products up to which a word tells one kind from others."""

_SAYS = 3
"""Characters of Chinese without a name that say something."""

_AT_ONCE = 64
"""Products that are embedded in one batch."""


class EncodesProducts(Protocol):
    """The encoders that the classifier uses."""

    def encoder(self, language: str) -> str:
        """Return which encoder reads a language."""
        ...

    def message(self, text: str, language: str) -> Vectors:
        """Return the vector of a message, shape (1, dimension)."""
        ...

    def products(self, texts: Sequence[str], language: str) -> Vectors:
        """Return the vectors of the texts about products."""
        ...

    def attitudes(
        self, text: str, named: Sequence[tuple[int, int]], language: str
    ) -> Sequence[Mapping[Attitude, float]]:
        """Return what is thought of each thing that a text names; [] where nothing tells."""
        ...


@dataclass
class ProductVectors:
    """Vectors of products by the text about them, kept while catalogues come and go."""

    kept: dict[tuple[str, str], Vectors] = field(default_factory=dict)

    def missing(self, encoder: str, texts: Sequence[str]) -> list[str]:
        """Return the texts without a vector."""
        return [each for each in dict.fromkeys(texts) if (encoder, each) not in self.kept]

    def matrix(self, encoder: str, texts: Sequence[str]) -> Vectors | None:
        """Return the vectors of some texts; None while one is missing."""
        rows = [self.kept.get((encoder, each)) for each in texts]
        if not rows or any(each is None for each in rows):
            return None
        return np.stack([each for each in rows if each is not None])


class ProductIndex:
    """One catalogue as it is recommended from. Thread-safe but for `embed`.

    Args:
        catalogue: The products.
        known: Tells which words are no misspellings.
        vectors: Those of an earlier catalogue, of which equal texts are kept.
    """

    def __init__(
        self, catalogue: Catalogue, known: Known, vectors: ProductVectors | None = None
    ) -> None:
        self.catalogue = catalogue
        self.columns = Columns(catalogue)
        self._known = known
        self._vectors = vectors or ProductVectors()
        self._lexicons: dict[str, Lexicon] = {}
        self._readers: dict[str, WishReader] = {}
        self._matrices: dict[tuple[str, str], Vectors] = {}
        self._texts: dict[str, list[str]] = {}
        self._paraphrased: dict[tuple[str, str], Paraphrases] = {}

    def read(
        self,
        text: str,
        language: str,
        encoders: EncodesProducts | None = None,
        *,
        context: Collection[str] = (),
    ) -> Reading:
        """Return what a message says about products.

        Args:
            text: What a customer wrote.
            language: Its BCP 47 tag.
            encoders: Tell what is thought of what a message names, and what words mean where the
                catalogue has no names in the language.
            context: Categories that were wanted before.
        """
        reader = self._readers.get(language)
        if reader is None:
            lexicon = self.lexicon(language)
            foreign = None
            if encoders is not None and not lexicon.speaks:
                foreign = self._foreign_words(encoders, language)
            reader = WishReader(self.catalogue, self.columns, lexicon, foreign)
            self._readers[language] = reader
        attitudes = partial(encoders.attitudes, language=language) if encoders else None
        paraphrases = self._paraphrases(encoders, language) if encoders else None
        return reader.read(text, attitudes, paraphrases, context=context)

    def _paraphrases(self, encoders: EncodesProducts, language: str) -> Paraphrases | None:
        """Return the names of switches as vectors; None until they are embedded."""
        key = encoders.encoder(language), language
        found = self._paraphrased.get(key)
        if found is None:
            names = switch_names(self.catalogue, language)
            vectors = self._vectors.matrix(key[0], [name for name, _ in names])
            if vectors is None:
                return None
            embed = partial(encoders.products, language=language)
            found = self._paraphrased[key] = Paraphrases(names, vectors, embed)
        return found

    def _foreign_words(self, encoders: EncodesProducts, language: str) -> ForeignWords:
        return ForeignWords(
            names_of(self.catalogue), lambda texts: encoders.products(texts, language)
        )

    def is_about(self, text: str, language: str) -> bool:
        """Return whether a message says what something is for: in words that are not everyday."""
        lexicon = self.lexicon(language)
        found = folded_words(text)
        rare = [each for each in found if lexicon.is_rare(each) and not each.isdigit()]
        return bool(rare) or any(each in self.columns.words for each in found if len(each) > _SHORT)

    def tells_kind(self, text: str, language: str) -> bool:
        """Return whether a message says more than the catalogue has names for."""
        lexicon = self.lexicon(language)
        items = [each.item for each in cut(text, lexicon).phrases]
        unnamed = [each.text for each in items if each is not None and not each.meanings]
        ideographs = [each for each in unnamed if not each.isascii() and len(each) == 1]
        return len(ideographs) >= _SAYS or not all(map(lexicon.is_plain, unnamed))

    def rare_words(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the share of the rare words of some texts that each product's texts have."""
        words = self.columns.words
        count = len(self.catalogue.products)
        scores = np.zeros(count)
        asked = {word for text in texts for word in folded_words(text)}
        rare = [word for word in asked if 0 < len(words.get(word, ())) <= _FEW * count]
        for word in rare:
            scores[words[word]] += 1.0 / len(rare)
        return scores

    @cached_property
    def categories(self) -> tuple[list[str], NDArray[np.intp]]:
        """The names of the categories, and for each product which of them is its own."""
        names, own = np.unique([e.category for e in self.catalogue.products], return_inverse=True)
        return [str(each) for each in names], own

    @cached_property
    def for_children(self) -> NDArray[np.float64]:
        """1 for products that are made for children alone, else 0."""
        products, found = self.catalogue.products, np.zeros(len(self.catalogue.products))
        for name in self.catalogue.for_whom:
            children = set(self.catalogue.children(name))
            for row, product in enumerate(products):
                values = set(all_values(product, name))
                found[row] = max(found[row], bool(values) and values <= children)
        return found

    def lexicon(self, language: str) -> Lexicon:
        """Return the names of the catalogue in a language."""
        found = self._lexicons.get(language)
        if found is None:
            found = self._lexicons[language] = Lexicon(self.catalogue, language, self._known)
        return found

    def embed(self, encoders: EncodesProducts, language: str) -> None:
        """Embed the products for messages in a language, where that is not done yet."""
        texts = self._written(language)
        encoder = encoders.encoder(language)
        uses = [text for _, text in self._uses(language)]
        names = [name for name, _ in switch_names(self.catalogue, language)]
        missing = self._vectors.missing(encoder, [*texts, *uses, *names])
        for start in range(0, len(missing), _AT_ONCE):
            batch = missing[start : start + _AT_ONCE]
            for text, vector in zip(batch, encoders.products(batch, language), strict=True):
                self.keep_vector(encoder, text, vector)

    def keep_vector(self, encoder: str, text: str, vector: Vectors) -> None:
        """Keep the vector of a text about a product, as `text_of` makes it."""
        self._vectors.kept[encoder, text] = vector

    def vectors(self, encoders: EncodesProducts, language: str) -> Vectors | None:
        """Return the vectors of the products, shape (n_products, dimension); None without them."""
        key = encoders.encoder(language), self._tag(language)
        found = self._matrices.get(key)
        if found is None:
            made = self._vectors.matrix(key[0], self._written(language))
            if made is None:
                return None
            found = self._matrices[key] = made
        return found

    def uses(
        self, encoders: EncodesProducts, language: str
    ) -> tuple[Sequence[str], Vectors] | None:
        """Return the categories with what they are for, as vectors; None until they are embedded.

        A category stands there once for each of its uses.
        """
        said = self._uses(language)
        made = self._vectors.matrix(encoders.encoder(language), [text for _, text in said])
        return None if made is None else ([name for name, _ in said], made)

    def _uses(self, language: str) -> list[tuple[str, str]]:
        return [
            (name, text)
            for name, by_language in self.catalogue.uses.items()
            for tag in [closest(language, by_language) or closest(self._tag(language), by_language)]
            for text in by_language.get(tag or "", ())
        ]

    def _tag(self, language: str) -> str:
        """Return the language of the texts that messages in a language are compared with."""
        described = next((each.descriptions for each in self.catalogue.products), {})
        return closest(language, described) or self.catalogue.language

    def _written(self, language: str) -> list[str]:
        tag = self._tag(language)
        found = self._texts.get(tag)
        if found is None:
            found = [text_of(self.catalogue, each, tag) for each in self.catalogue.products]
            self._texts[tag] = found
        return found


def text_of(catalogue: Catalogue, product: Product, language: str) -> str:
    """Return what is known of a product as one text, by which it is found."""
    parts = [
        catalogue.named(product.names, language),
        catalogue.word(catalogue.categories.get(product.category, {}), language, product.category),
        catalogue.named(product.descriptions, language),
        *(_attribute(catalogue, product, name, language) for name in product.attributes),
    ]
    return ". ".join(each.rstrip(".") for each in parts if each)


def _attribute(catalogue: Catalogue, product: Product, name: str, language: str) -> str:
    attribute = catalogue.attributes[name]
    called = catalogue.word(attribute.words, language, name.replace("_", " "))
    values = product.attributes[name]
    if attribute.type == "boolean":
        return called if values == (True,) else ""
    if attribute.type == "number":
        return ""
    words = [catalogue.word(attribute.values.get(str(v), {}), language, str(v)) for v in values]
    return f"{called}: {', '.join(words)}"

"""The products of a shop, and what their attributes mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from bot.text.catalogues import closest, cue_words
from bot.understanding.language.words import folded_words

Value = str | float | bool
"""Of an attribute: a choice or text, a number, or yes and no."""

CHILDREN, WARMER = "wish_children", "wish_warmer"
"""Cues for children, and for what keeps warm."""

GROUPS = (CHILDREN, "wish_women", "wish_men")
"""Cues whose words mean the same to every catalogue: a value that is called by one of them is
called by all."""

AttributeType = Literal["boolean", "number", "choice", "text"]

Names = Mapping[str, tuple[str, ...]]
"""Words by BCP 47 tag; the first is the name, the others mean the same."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What an attribute means.

    Attributes:
        words: What customers call it, by language.
        values: With `choice`, what customers call each value.
        unit: Of numbers, as products give them.
        better: Which numbers most customers prefer; empty: neither.
    """

    name: str
    type: AttributeType
    words: Names = field(default_factory=dict)
    values: Mapping[str, Names] = field(default_factory=dict)
    unit: str = ""
    better: Literal["", "lower", "higher"] = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """A size, colour or the like of a product.

    Attributes:
        attributes: Those by which variants differ.
        stock: How many there are; None: not known.
        price: Where it differs from the product's.
    """

    sku: str
    attributes: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    stock: int | None = None
    price: float | None = None

    @property
    def available(self) -> bool:
        """Whether it can be bought, as far as is known."""
        return self.stock is None or self.stock > 0


@dataclass(frozen=True, slots=True)
class Product:
    """A product.

    Attributes:
        names, descriptions: By language.
        attributes: Its values by attribute; a missing one is not known.
        variants: At least one.
        picture: Its address; empty: none.
        alt: What the picture shows, by language.
    """

    id: str
    names: Mapping[str, str]
    category: str
    price: float
    attributes: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    descriptions: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    picture: str = ""
    alt: Mapping[str, str] = field(default_factory=dict)

    @property
    def available(self) -> bool:
        """Whether some variant can be bought."""
        return any(each.available for each in self.variants)

    def price_of(self, variant: Variant) -> float:
        """Return what a variant costs."""
        return self.price if variant.price is None else variant.price


@dataclass(frozen=True)
class Catalogue:
    """The products of a shop.

    Attributes:
        currency: ISO 4217 code of the prices.
        categories: What customers call each category.
        rates: What a unit of another currency is worth, in units of `currency`.
        language: BCP 47 tag of texts without a language.
        uses: What each category is for, in a few words each.
    """

    currency: str
    attributes: Mapping[str, Attribute]
    categories: Mapping[str, Names]
    products: tuple[Product, ...]
    rates: Mapping[str, float] = field(default_factory=dict)
    language: str = "en"
    uses: Mapping[str, Names] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, Product]:
        """The products by id."""
        return {each.id: each for each in self.products}

    @cached_property
    def values(self) -> Mapping[str, frozenset[Value]]:
        """The values that products have, by attribute."""
        found: dict[str, set[Value]] = {}
        for product in self.products:
            for name in attribute_names(product):
                found.setdefault(name, set()).update(all_values(product, name))
        return {name: frozenset(values) for name, values in found.items()}

    def is_used(self, attribute: str, categories: Iterable[str]) -> bool:
        """Return whether some product of some categories has an attribute."""
        return any(self.used_in.get(each, {}).get(attribute) for each in categories)

    @cached_property
    def by_variant(self) -> frozenset[str]:
        """Attributes in which the variants of some product differ."""
        return frozenset(
            name
            for product in self.products
            for variant in product.variants
            for name in variant.attributes
        )

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many products each category has."""
        return Counter(each.category for each in self.products)

    @cached_property
    def name_words(self) -> Mapping[str, Mapping[str, int]]:
        """How many products of each category have a word in their names."""
        found: dict[str, Counter[str]] = {}
        for product in self.products:
            words = {w for name in product.names.values() for w in folded_words(name)}
            found.setdefault(product.category, Counter()).update(words)
        return found

    @cached_property
    def used_in(self) -> Mapping[str, Mapping[str, float]]:
        """Share of the products of each category that have an attribute, by category and name."""
        counts: dict[str, dict[str, float]] = {}
        sizes = self.sizes
        for product in self.products:
            there = counts.setdefault(product.category, {})
            for name in attribute_names(product):
                there[name] = there.get(name, 0) + 1
        return {
            category: {name: count / sizes[category] for name, count in there.items()}
            for category, there in counts.items()
        }

    @cached_property
    def used_values(self) -> Mapping[tuple[str, str], frozenset[Value]]:
        """The values that products have, by category and attribute."""
        found: dict[tuple[str, str], set[Value]] = {}
        for product in self.products:
            for name in attribute_names(product):
                there = found.setdefault((product.category, name), set())
                there.update(all_values(product, name))
        return {key: frozenset(values) for key, values in found.items()}

    @cached_property
    def ranges(self) -> Mapping[tuple[str, str], tuple[float, float]]:
        """The least and the largest number that products have, by category and attribute."""
        numbers = {
            key: [float(each) for each in values if not isinstance(each, str)]
            for key, values in self.used_values.items()
            if self.attributes[key[1]].type == "number"
        }
        return {key: (min(its), max(its)) for key, its in numbers.items() if its}

    @cached_property
    def for_whom(self) -> frozenset[str]:
        """Attributes whose values are kinds of people."""
        people = {word for each in GROUPS for words in cue_words(each).values() for word in words}
        return frozenset(
            attribute.name
            for attribute in self.attributes.values()
            for names in attribute.values.values()
            for words in names.values()
            if people & {each.lower() for each in words}
        )

    def children(self, attribute: str) -> tuple[Value, ...]:
        """Return the values of an attribute that mean children."""
        words = {each for said in cue_words(CHILDREN).values() for each in said}
        return tuple(
            value
            for value, by_language in self.attributes[attribute].values.items()
            if words & {each.lower() for called in by_language.values() for each in called}
        )

    @cached_property
    def warm_switches(self) -> tuple[str, ...]:
        """Attributes that are called "warm" in some language."""
        warm = {each for words in cue_words(WARMER).values() for each in words}
        return tuple(
            attribute.name
            for attribute in self.attributes.values()
            if attribute.type == "boolean"
            and any(warm & set(words) for words in attribute.words.values())
        )

    def named(self, texts: Mapping[str, str], language: str) -> str:
        """Return a text in a language, else in the catalogue's, else in any."""
        tag = closest(language, texts) or closest(self.language, texts)
        return texts[tag] if tag else next(iter(texts.values()), "")

    def word(self, names: Names, language: str, default: str = "") -> str:
        """Return what something is called in a language; the default where it has no name."""
        first = {tag: words[0] for tag, words in names.items() if words}
        return self.named(first, language) or default


def attribute_names(product: Product) -> frozenset[str]:
    """Return the attributes of which a value is known, of the product or of a variant."""
    of_variants = (name for each in product.variants for name in each.attributes)
    return frozenset({*product.attributes, *of_variants})


def all_values(product: Product, attribute: str) -> Sequence[Value]:
    """Return the values of an attribute that a product has in any variant, each once."""

    def found() -> Iterator[Value]:
        yield from product.attributes.get(attribute, ())
        for variant in product.variants:
            yield from variant.attributes.get(attribute, ())

    return list(dict.fromkeys(found()))

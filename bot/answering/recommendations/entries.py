"""From what a file says to products; a value that its attribute cannot have is a mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.answering.recommendations.catalogue import (
    Attribute,
    Catalogue,
    Names,
    Product,
    Value,
    Variant,
)
from bot.answering.recommendations.file_schema import (
    AttributeEntry,
    CatalogueFile,
    CategoryEntry,
    ProductEntry,
)
from bot.yamlfile import resembling

Report = Callable[[tuple[str | int, ...], str, str], None]
"""Takes where a mistake is, what is wrong, and how to fix it."""

_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_OWN = ("sku", "stock", "price")


def catalogue_of(file: CatalogueFile, language: str, report: Report) -> Catalogue:
    """Return the catalogue of a file; reports every value that does not fit."""
    attributes = {name: _attribute(name, each) for name, each in file.attributes.items()}
    categories = {name: _category(name, each, language) for name, each in file.categories.items()}
    reader = ProductReader(attributes, categories)
    products = []
    for number, entry in enumerate(file.products):
        found = reader.product(entry, _at(report, ("products", number)))
        products.append(found)
    return Catalogue(
        file.currency,
        attributes,
        categories,
        tuple(products),
        file.rates,
        language=language,
        uses={
            name: {tag: tuple(texts) for tag, texts in each.uses.items()}
            for name, each in file.categories.items()
            if each.uses
        },
    )


class ProductReader:
    """Reads products by what a catalogue says of attributes and categories.

    Args:
        attributes: By name.
        categories: By name; empty: any are taken.
    """

    def __init__(
        self, attributes: Mapping[str, Attribute], categories: Mapping[str, Names]
    ) -> None:
        self._attributes = attributes
        self._categories = categories
        self._seen: set[str] = set()

    def product(self, entry: ProductEntry, report: Report) -> Product:
        """Return a product; what does not fit is reported and left out."""
        if entry.id in self._seen:
            report(("id",), f'another product has the id "{entry.id}"', "change one of them")
        self._seen.add(entry.id)
        if self._categories and entry.category not in self._categories:
            remedy = resembling(entry.category, self._categories)
            report(("category",), f'there is no category "{entry.category}"', remedy)
        variants = [
            self._variant(each, _at(report, ("variants", number)), f"{entry.id}-{number + 1}")
            for number, each in enumerate(entry.variants)
        ]
        return Product(
            entry.id,
            entry.name,
            entry.category,
            entry.price,
            self._values(entry.attributes, _at(report, ("attributes",))),
            tuple(variants) or (Variant(entry.id, stock=entry.stock),),
            entry.description,
            entry.url or "",
            entry.picture.url if entry.picture else "",
            entry.picture.alt if entry.picture else {},
        )

    def _variant(self, entry: Mapping[str, Sequence[str]], report: Report, default: str) -> Variant:
        own = {key: (entry.get(key) or ("",))[0] for key in _OWN}
        stock = _number(own["stock"], _at(report, ("stock",)))
        rest = {key: values for key, values in entry.items() if key not in _OWN}
        return Variant(
            own["sku"] or default,
            self._values(rest, report),
            None if stock is None else int(stock),
            _number(own["price"], _at(report, ("price",))),
        )

    def _values(
        self, written: Mapping[str, Sequence[str]], report: Report
    ) -> dict[str, tuple[Value, ...]]:
        found: dict[str, tuple[Value, ...]] = {}
        for name, values in written.items():
            attribute = self._attributes.get(name)
            if attribute is None:
                remedy = resembling(name, self._attributes)
                report((name,), f'there is no attribute "{name}"', remedy)
                continue
            read = [value_of(attribute, each, _at(report, (name,))) for each in values]
            known = tuple(each for each in read if each is not None)
            if known:
                found[name] = known
        return found


def value_of(attribute: Attribute, written: str, report: Report) -> Value | None:
    """Return a value of an attribute; None for one that it cannot have, which is reported."""
    if attribute.type == "number":
        return _number(written, report)
    if attribute.type == "boolean":
        if written.lower() in (*_YES, *_NO):
            return written.lower() in _YES
        report((), f'"{written}" is neither true nor false', "write one of the two")
        return None
    return written


def _number(written: str, report: Report) -> float | None:
    if not written:
        return None
    try:
        number = float(written)
    except ValueError:
        number = float("nan")
    if not abs(number) < float("inf"):
        report((), f'"{written}" is no number', "write digits alone, such as 410 or 0.5")
        return None
    return number


def _at(report: Report, place: tuple[str | int, ...]) -> Report:
    return lambda loc, wrong, remedy: report((*place, *loc), wrong, remedy)


def _attribute(name: str, entry: AttributeEntry) -> Attribute:
    words = _names(entry.name or {}, entry.synonyms)
    values: dict[str, Names] = dict(entry.values)
    return Attribute(name, entry.type, words, values, entry.unit or "", entry.better or "")


def _category(name: str, entry: CategoryEntry, language: str) -> Names:
    return _names(entry.name or {language: name.replace("_", " ")}, entry.synonyms)


def _names(name: Mapping[str, str], synonyms: Mapping[str, Sequence[str]]) -> Names:
    def words(tag: str) -> Iterator[Any]:
        if tag in name:
            yield name[tag]
        yield from synonyms.get(tag, ())

    return {tag: tuple(dict.fromkeys(words(tag))) for tag in {**name, **synonyms}}

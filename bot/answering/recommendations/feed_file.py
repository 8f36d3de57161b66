"""Reads a product feed, CSV or JSON; mistakes are reported by line.

The vocabulary (attributes, categories, currency) is that of `catalogue.yaml`; a JSON feed may
bring its own, in the same shape.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.answering.recommendations.catalogue import Catalogue, Product
from bot.answering.recommendations.entries import ProductReader, catalogue_of
from bot.answering.recommendations.feed_csv import csv_products
from bot.answering.recommendations.file_schema import CatalogueFile, ProductEntry
from bot.errors import Problem

MAX_BYTES = 64 * 2**20
"""Largest feed that is read."""

_SPACE = re.compile(r"[\s,]*")

_Entry = TypeVar("_Entry", bound=BaseModel)


class FeedReader:
    """Reads one feed.

    Args:
        path: What problems name as its place.
        vocabulary: What `catalogue.yaml` says; its products are left out.
    """

    def __init__(self, path: Path, vocabulary: Catalogue) -> None:
        self._path = path
        self._vocabulary = vocabulary
        self._problems: list[Problem] = []

    def read(self, content: bytes) -> tuple[Catalogue | None, tuple[Problem, ...]]:
        """Return the catalogue (None when something is wrong), and everything that is wrong."""
        catalogue = self._read(content)
        if catalogue is not None and not catalogue.products and not self._problems:
            self._report(0, (), "no products", "an empty feed is taken for a mistake")
        return (None if self._problems else catalogue), tuple(self._problems)

    def _read(self, content: bytes) -> Catalogue | None:
        if len(content) > MAX_BYTES:
            self._report(0, (), f"{len(content):,} bytes", f"the maximum is {MAX_BYTES:,}")
            return None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self._report(line, (), "not UTF-8", "save the feed as UTF-8")
            return None
        if text.lstrip()[:1] in ("{", "["):
            return self._json(text)
        vocabulary = self._vocabulary
        found = csv_products(
            text,
            vocabulary.attributes,
            vocabulary.language,
            lambda line, column, *said: self._report(line, (column,), *said),
        )
        return self._products(vocabulary, found)

    def _json(self, text: str) -> Catalogue | None:
        try:
            whole = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
            self._report(line, (), f"not valid JSON ({error})", "correct it")
            return None
        products = whole if isinstance(whole, list) else whole.get("products")
        if not isinstance(products, list):
            self._report(1, ("products",), "no list of products", 'write `{"products": [...]}`')
            return None
        vocabulary: Catalogue | None = self._vocabulary
        if isinstance(whole, dict) and whole.keys() & {"attributes", "categories", "currency"}:
            vocabulary = self._own_vocabulary(whole)
        if vocabulary is None:
            return None
        lines = _lines_of_items(text, len(products))
        return self._products(vocabulary, zip(lines, products, strict=True))

    def _own_vocabulary(self, whole: Mapping[str, Any]) -> Catalogue | None:
        written = {"version": 1, "currency": self._vocabulary.currency, **whole, "products": []}
        file = self._validated(CatalogueFile, _as_text(written), 1)
        if file is None:
            return None
        return catalogue_of(file, self._vocabulary.language, partial(self._report, 1))

    def _products(self, vocabulary: Catalogue, written: Iterable[tuple[int, Any]]) -> Catalogue:
        reader = ProductReader(vocabulary.attributes, vocabulary.categories)
        found: list[Product] = []
        for line, each in written:
            entry = self._validated(ProductEntry, _as_text(each), line)
            if entry is not None:
                found.append(reader.product(entry, partial(self._report, line)))
        return replace(vocabulary, products=tuple(found))

    def _validated(self, model: type[_Entry], value: object, line: int) -> _Entry | None:
        try:
            return model.model_validate(value, context={"language": self._vocabulary.language})
        except ValidationError as error:
            for each in error.errors():
                self._report(line, each["loc"], each["msg"], "correct it, or leave it out")
            return None

    def _report(self, line: int, loc: tuple[str | int, ...], wrong: str, remedy: str) -> None:
        key = ".".join(map(str, loc))
        self._problems.append(Problem(self._path, line, int(line > 0), key, wrong, remedy))


def _as_text(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    """Return what JSON holds with numbers and switches as YAML has them: as text."""
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _lines_of_items(text: str, count: int) -> list[int]:
    """Return the line in which each item of the list of products begins."""
    ends = [at for at, each in enumerate(text) if each == "\n"]
    start = 0 if text.lstrip().startswith("[") else text.rfind('"products"')
    at = text.find("[", start) + 1
    decoder, lines = json.JSONDecoder(), list[int]()
    while len(lines) < count:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        try:
            end = decoder.raw_decode(text, at)[1]
        except ValueError:  # a text names "products" as well: better no line than a wrong one
            return [0] * count
        lines.append(bisect_right(ends, at) + 1)
        at = end
    return lines

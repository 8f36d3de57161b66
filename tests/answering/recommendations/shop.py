"""A small shop, and vectors of its texts by their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.catalogue_file import read_catalogue
from bot.answering.recommendations.index import ProductIndex, Vectors
from bot.answering.recommendations.reading import Reading
from bot.ports import Attitude
from bot.understanding.language.words import folded_words

FILE = Path(__file__).parent / "catalogue.yaml"


class WordVectors:
    """An `EncodesProducts` that knows which words texts share."""

    def encoder(self, language: str) -> str:
        return "words"

    def message(self, text: str, language: str) -> Vectors:
        return self.products([text], language)

    def products(self, texts: Sequence[str], language: str) -> Vectors:
        found = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in folded_words(text):
                found[row, crc32(word.encode()) % 64] += 1
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
        return found

    def attitudes(
        self, text: str, named: Sequence[tuple[int, int]], language: str
    ) -> Sequence[Mapping[Attitude, float]]:
        return ()


@cache
def catalogue() -> Catalogue:
    found, problems = read_catalogue(FILE, "en")
    assert found is not None, problems
    return found


@cache
def index() -> ProductIndex:
    found = ProductIndex(catalogue(), lambda word: False)
    found.embed(WordVectors(), "en")
    return found


def read(text: str, language: str = "en", *, context: Sequence[str] = ()) -> Reading:
    return index().read(text, language, context=context)


def wanted(text: str, language: str = "en") -> dict[str, object]:
    """What a message asks for, by the key of each constraint."""
    return {
        each.key: each.number if each.op in ("most", "least") else each.values
        for each in read(text, language).constraints
    }


def without_stock(*ids: str) -> Catalogue:
    """The shop with some products sold out."""
    products = tuple(
        replace(each, variants=tuple(replace(v, stock=0) for v in each.variants))
        if each.id in ids
        else each
        for each in catalogue().products
    )
    return replace(catalogue(), products=products)

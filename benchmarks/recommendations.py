"""How long it takes to recommend from 10,000 products.

    python -m benchmarks.recommendations [--products 10000]

Prints the median time beyond encoding, and that of encoding the message beside it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.recommending import PlainEncoders, Session, no_word_is_known
from bot.answering.recommendations.catalogue import Catalogue, Product, Variant
from bot.answering.recommendations.catalogue_file import find_catalogue, read_catalogue
from bot.answering.recommendations.index import ProductIndex, text_of

SHOP = Path(__file__).parents[1] / "intents"
ASKED = (
    "waterproof jacket under 150, not black, size M",
    "a light tent for two people, at most 2 kg",
    "sleeping bag for winter, no down",
    "headlamp over 300 lumens under 60 euros",
    "something warm for my dad, between 50 and 100",
    "boots in 42, waterproof, not brown",
    "a backpack of about 40 litres, under 120",
    "green fleece for women in L",
)
ROUNDS = 8


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=10_000)
    count = parser.parse_args().products
    encoders, catalogue = PlainEncoders(), many(count)
    started = time.perf_counter()
    index = ProductIndex(catalogue, no_word_is_known)
    index.lexicon("en")
    print(f"{count:,} products, indexed in {time.perf_counter() - started:.1f} s")
    _with_vectors(index, encoders)
    beyond, encoding = [], []
    for _ in range(ROUNDS):
        for text in ASKED:
            session = Session(index, encoders, "en")
            encoders.seconds = 0.0
            started = time.perf_counter()
            session.ask(text)
            spent = time.perf_counter() - started
            beyond.append(1_000 * (spent - encoders.seconds))
            encoding.append(1_000 * encoders.seconds)
    warm = len(ASKED)  # the first round reads the columns
    print(f"beyond encoding: p50 {statistics.median(beyond[warm:]):.1f} ms", end=", ")
    print(f"p95 {np.percentile(beyond[warm:], 95):.1f} ms")
    print(f"encoding: p50 {statistics.median(encoding[warm:]):.1f} ms")


def many(count: int) -> Catalogue:
    """Return the shop's catalogue with so many products, made from its own."""
    path = find_catalogue(SHOP)
    catalogue, problems = read_catalogue(path, "en") if path else (None, ())
    if catalogue is None:
        raise SystemExit(f"there is no catalogue in {SHOP}: {problems}")
    return replace(catalogue, products=tuple(_copies(catalogue, count)))


def _copies(catalogue: Catalogue, count: int) -> Iterator[Product]:
    chance = random.Random(16)  # noqa: S311 - prices, no secrets
    for number in range(count):
        product = catalogue.products[number % len(catalogue.products)]
        names = {tag: f"{name} {number}" for tag, name in product.names.items()}
        price = round(product.price * chance.uniform(0.5, 2.0), 2)
        variants = tuple(
            Variant(f"{each.sku}-{number}", each.attributes, chance.choice((0, 1, 5)))
            for each in product.variants
        )
        yield replace(
            product, id=f"{product.id}-{number}", names=names, price=price, variants=variants
        )


def _with_vectors(index: ProductIndex, encoders: PlainEncoders) -> None:
    """Give each product the vector of the one that it is a copy of, and a little of its own.

    Embedding 10,000 texts takes minutes, and the time to compare vectors does not depend on them.
    """
    chance = np.random.default_rng(16)
    products = index.catalogue.products
    texts = [text_of(index.catalogue, each, "en") for each in products]
    own = {each.id.rpartition("-")[0]: text for each, text in zip(products, texts, strict=True)}
    known = dict(zip(own, encoders.products(list(own.values()), "en"), strict=True))
    for product, text in zip(products, texts, strict=True):
        vector = known[product.id.rpartition("-")[0]]
        vector = vector + chance.normal(scale=0.02, size=vector.shape).astype(np.float32)
        index.keep_vector("english", text, vector / np.linalg.norm(vector))


if __name__ == "__main__":
    main()

"""What customers ask to be recommended: nothing that breaks a constraint, something that fits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.field.reading import Entry, Line, entries
from benchmarks.recommending import PlainEncoders, Session, no_word_is_known
from bot.answering.recommendations.catalogue import Catalogue, Product, Variant
from bot.answering.recommendations.catalogue_file import find_catalogue, read_catalogue
from bot.answering.recommendations.index import ProductIndex
from bot.answering.recommendations.rates import rough_rate

SHOP = Path(__file__).parents[2] / "intents"

MOST = 3


def requests(part: str) -> Iterator[Line]:
    """Count what is shown that breaks a constraint, and requests with something that fits."""
    path = find_catalogue(SHOP)
    if path is None:
        return
    catalogue, problems = read_catalogue(path, "en")
    if catalogue is None:
        raise ValueError(f"{path}: {problems[0]}")
    shown = asyncio.run(_shown(catalogue, list(entries(part, "requests"))))
    broken = {entry["id"]: _broken(entry, ids, catalogue) for entry, ids in shown}
    told = tuple(f"{name}: {what}" for name, what in broken.items() if what)
    yield Line("shown that breaks a constraint", tuple(map(bool, broken.values())), told)
    good = {entry["id"]: _is_good(entry, ids) for entry, ids in shown}
    missed = tuple(name for name, is_good in good.items() if not is_good)
    yield Line("acceptable among the first three, or rightly nothing", tuple(good.values()), missed)


async def _shown(catalogue: Catalogue, asked: Sequence[Entry]) -> list[tuple[Entry, list[str]]]:
    index, encoders = ProductIndex(catalogue, no_word_is_known), PlainEncoders()
    found = []
    for entry in asked:
        said = entry["say"]
        session = Session(index, encoders, entry["language"])
        ids: list[str] = []
        for line in [said] if isinstance(said, str) else said:
            ids = session.ask(line, MOST)
        found.append((entry, ids))
    return found


def _is_good(entry: Entry, ids: Sequence[str]) -> bool:
    acceptable = set(entry["acceptable"])
    return bool(acceptable & set(ids)) if acceptable else not ids


def _broken(entry: Entry, ids: Sequence[str], catalogue: Catalogue) -> str:
    must = entry["must"]
    broken = {each: _breaks(catalogue.by_id[each], must, catalogue) for each in ids}
    return "; ".join(f"{name} ({what})" for name, what in broken.items() if what)


def _breaks(product: Product, must: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return which constraint a product breaks; empty: none. What is not known is not met."""
    if must.get("category") and product.category not in must["category"]:
        return "category"
    for name, wanted in (must.get("attributes") or {}).items():
        if not any(_has(product, each, name, wanted) for each in product.variants):
            return str(name)
    fine = any(_is_fine(product, each, must, catalogue) for each in product.variants)
    return "" if fine else "price, stock, variant or exclusion"


def _is_fine(
    product: Product, variant: Variant, must: Mapping[str, Any], catalogue: Catalogue
) -> bool:
    """Return whether a variant can be bought, for the price, as it is wanted."""
    rate = rough_rate(must.get("currency", catalogue.currency), catalogue.currency) or 1.0
    price = product.price_of(variant)
    within = must.get("min_price", 0.0) * rate <= price <= must.get("max_price", 1e9) * rate
    denied = (must.get("not") or {}).items()
    wanted = (must.get("variant") or {}).items()
    return (
        variant.available
        and within
        and not any(_has(product, variant, name, values) for name, values in denied)
        and all(_has(product, variant, name, values) for name, values in wanted)
    )


def _has(product: Product, variant: Variant, name: str, wanted: object) -> bool:
    values = variant.attributes.get(name, product.attributes.get(name, ()))
    if isinstance(wanted, dict):
        low, high = float(wanted.get("min", "-inf")), float(wanted.get("max", "inf"))
        return any(not isinstance(each, str) and low <= each <= high for each in values)
    known = wanted if isinstance(wanted, list) else [wanted]
    return bool({str(each).lower() for each in values} & {str(each).lower() for each in known})

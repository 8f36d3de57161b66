"""Checks of what admins wrote about products."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.source import CatalogueReading, CatalogueSource
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.errors import Problem
from bot.ports import Finding
from bot.understanding.intents import Intent, IntentSet
from bot.yamlfile import resembling


def check_products(config: Config, intents: IntentSet | None) -> tuple[int, list[Problem]]:
    """Return how many products can be recommended, and what is wrong with them and with intents.

    An address is not fetched.
    """
    source = CatalogueSource(config, SystemClock())
    reading = CatalogueReading(None)
    if source.exists:
        reading = asyncio.run(source.read(fetches=False))
    problems = list(reading.problems)
    known = reading.catalogue is not None or source.fetched
    for intent in intents.intents if intents is not None else ():
        if intent.entry.recommend is not None and not intent.entry.draft:
            if not (known or problems):
                problems.append(_without_products(intent))
            if reading.catalogue is not None:
                problems += _unknown(intent, reading.catalogue)
    return len(reading.catalogue.products) if reading.catalogue else 0, problems


async def examine_products(config: Config, *, offline: bool = False) -> list[Finding]:
    """Return what `doctor` finds of the products; nothing where there is nothing to recommend."""
    clock = SystemClock()
    source = CatalogueSource(config, clock)
    if not source.exists:
        return []
    reading = await source.read(fetches=not offline)
    count = len(reading.catalogue.products) if reading.catalogue else 0
    age = reading.age(clock.now())
    hours = age.total_seconds() / 3600 if age is not None else 0.0
    found = f"{count} products" + (f", read {hours:.1f} h ago" if hours >= 0.1 else "")
    if not reading.problems:
        return [Finding("products", "ok", found)]
    remedy = "correct it; until then the last good ones are recommended"
    if not count:
        remedy = "correct it; until then no products are recommended"
    wrong = f"{found}; {reading.problems[0]}"
    return [Finding("products", "warn" if count else "fail", wrong, remedy)]


def _without_products(intent: Intent) -> Problem:
    return Problem(
        intent.path,
        intent.line,
        1,
        f"{intent.name}.recommend",
        "there are no products",
        "write catalogue.yaml beside the intents, or name a feed in config (`recommend.feed`)",
    )


def _unknown(intent: Intent, catalogue: Catalogue) -> Iterator[Problem]:
    scope = intent.entry.recommend
    assert scope is not None  # noqa: S101 - the caller looked
    known = sorted({*catalogue.categories, *(each.category for each in catalogue.products)})
    if scope.category is not None and scope.category not in known:
        yield Problem(
            intent.path,
            intent.line,
            1,
            f"{intent.name}.recommend.category",
            f'there is no category "{scope.category}"',
            resembling(scope.category, known),
        )
    for name in scope.only:
        if name not in catalogue.attributes:
            yield Problem(
                intent.path,
                intent.line,
                1,
                f"{intent.name}.recommend.only.{name}",
                f'there is no attribute "{name}"',
                resembling(name, catalogue.attributes),
            )

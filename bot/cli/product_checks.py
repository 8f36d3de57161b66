"""What `frontdesk check` says about products."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.recommendations.checks import check_products
from bot.config.schema import Config
from bot.errors import Problem
from bot.understanding.intents import IntentSet


def product_problems(
    config: Config, intents: IntentSet | None, found: dict[str, int]
) -> Sequence[Problem]:
    """Return what is wrong with products and with what intents say of them; count the products."""
    count, problems = check_products(config, intents)
    if count:
        found["products"] = count
    return problems

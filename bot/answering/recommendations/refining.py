"""From one message to the next: what a customer wants now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.answering.recommendations.catalogue import Catalogue, Product, all_values
from bot.answering.recommendations.reading import Reading
from bot.answering.recommendations.wish import CATEGORY, PRICE, Constraint, Wish, merged
from bot.ports import RecommendScope

_STEP = 1e-6
"""Share of a number by which "less than" is less."""


def advanced(
    wish: Wish, reading: Reading, text: str, catalogue: Catalogue, scope: RecommendScope
) -> Wish:
    """Return what a customer wants after a message.

    Another kind of product begins anew: what was wanted of the last kind counts softly.

    Args:
        wish: What was wanted before.
        reading: What the message says.
        text: The message.
        catalogue: The products.
        scope: What the intent recommends.
    """
    changes_kind = (
        reading.categories
        and wish.categories
        and not (reading.categories & {str(each) for each in wish.categories})
    )
    if changes_kind:
        wish = wish.softened()
    compared = list(_less_than_shown(wish, reading, catalogue))
    hard = merged(wish.constraints, (*reading.constraints, *compared))
    denied = {each.about for each in reading.constraints if each.op == "not"}
    hard = tuple(  # "any colour except red"
        each
        for each in hard
        if each.about not in reading.needless or (each.op == "not" and each.about in denied)
    )
    if not any(each.key == f"is:{CATEGORY}" for each in hard):
        hard = (*_scoped(scope, hard), *hard)
    soft = merged(wish.soft, reading.soft)
    keys = {each.key for each in hard} | {_opposite(each) for each in hard}
    soft = tuple(
        each for each in soft if each.key not in keys and each.about not in reading.needless
    )
    bounds_price = any(each.about == PRICE for each in reading.constraints)
    return replace(
        wish,
        constraints=hard,
        soft=soft,
        lower=_joined(wish.lower, reading.lower, without=reading.higher),
        higher=_joined(wish.higher, reading.higher, without=reading.lower),
        near=reading.near or (0.0 if bounds_price else wish.near),
        like=reading.like or wish.like,
    ).with_text(text)


def only(scope: RecommendScope, catalogue: Catalogue) -> tuple[Constraint, ...]:
    """Return what all products of an intent must have; customers cannot take it away."""
    return tuple(
        Constraint(name, "is", tuple(_typed(catalogue, name, each) for each in values))
        for name, values in scope.only.items()
    )


def like(wish: Wish, product: Product, *, cheaper: bool) -> Wish:
    """Return a wish for products like one, or like it and cheaper."""
    kind = Constraint(CATEGORY, "is", (product.category,))
    constraints = merged(wish.constraints, (kind,))
    if cheaper:
        bound = Constraint(PRICE, "most", (product.price - max(product.price * _STEP, _STEP),))
        constraints = merged(constraints, (bound,))
    return replace(wish, constraints=constraints, like=(product.id,))


def named_products(reading: Reading, catalogue: Catalogue) -> list[str]:
    """Return the products that a message names, each by the only product that the name means."""
    sure = [each[0] for each in reading.named if len(each) == 1]
    return [each for each in dict.fromkeys((*sure, *reading.like)) if each in catalogue.by_id]


def _scoped(scope: RecommendScope, hard: Iterable[Constraint]) -> tuple[Constraint, ...]:
    denied = {v for each in hard if each.key == f"not:{CATEGORY}" for v in each.values}
    if not scope.category or scope.category in denied:
        return ()
    return (Constraint(CATEGORY, "is", (scope.category,)),)


def _less_than_shown(wish: Wish, reading: Reading, catalogue: Catalogue) -> Iterable[Constraint]:
    """Yield the bounds of "cheaper", "lighter": less than the products that were shown last."""
    bounded = {each.about for each in reading.constraints if each.op in ("most", "least")}
    shown = [catalogue.by_id[each] for each in wish.last if each in catalogue.by_id]
    for names, lower in ((reading.lower, True), (reading.higher, False)):
        for name in names:
            if name in bounded:
                continue
            numbers = [
                float(value)
                for each in shown
                for value in ([each.price] if name == PRICE else all_values(each, name))
            ]
            if numbers:
                end = min(numbers) if lower else max(numbers)
                step = max(abs(end) * _STEP, _STEP)
                bound = end - step if lower else end + step
                yield Constraint(name, "most" if lower else "least", (bound,))


def _joined(
    old: tuple[str, ...], new: tuple[str, ...], *, without: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys((*old, *new)) if each not in without)


def _opposite(constraint: Constraint) -> str:
    other = {"is": "not", "not": "is"}.get(constraint.op, "")
    return f"{other}:{constraint.about}"


def _typed(catalogue: Catalogue, name: str, written: str) -> str | float | bool:
    attribute = catalogue.attributes.get(name)
    if attribute is not None and attribute.type == "boolean":
        return written.lower() in ("true", "yes", "1")
    if attribute is not None and attribute.type == "number":
        return float(written)
    return written

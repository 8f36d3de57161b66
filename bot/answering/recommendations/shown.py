"""What is said when products are shown: cards, notes, and the buttons under them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answering.recommendations.cards import CardWriter
from bot.answering.recommendations.catalogue import Product
from bot.answering.recommendations.labels import Labels
from bot.answering.recommendations.wish import CATEGORY, Constraint, Wish
from bot.messages import Card, Choice

MOST_DROPPED = 3
"""Wishes of which a customer is told how many products there are without them."""

MOST_WISHES = 8
"""Wishes with a button that takes them away; a platform has room for 25 buttons in all."""

REMOVES = "✕ "

Labelled = tuple[str, Choice]
"""The label of a button, and what it means."""


@dataclass(frozen=True, slots=True)
class ProductButtons:
    """Writes the buttons under products in one language.

    Attributes:
        labels: Their names.
    """

    labels: Labels

    def of_product(self, product: Product) -> list[Labelled]:
        """Return the buttons of a product."""
        name = self.labels.product(product)
        return [
            (self.labels.text(f"product_{act}", product=name), self._choice(f"{act}:{product.id}"))
            for act in ("more", "cheaper", "why")
        ]

    def removing(self, constraints: Iterable[Constraint]) -> list[Labelled]:
        """Return the buttons that take constraints away."""
        unique = {each.key: each for each in constraints}
        return [
            (REMOVES + self.labels.constraint(each), self._choice(f"drop:{key}"))
            for key, each in list(unique.items())[:MOST_WISHES]
        ]

    def of_kinds(self, categories: Iterable[str]) -> list[Labelled]:
        """Return the buttons of categories that may be meant."""
        return [(self.labels.category(e), self._choice(f"kind:{e}")) for e in categories]

    def _choice(self, value: str) -> Choice:
        return Choice("product", value, "", self.labels.language)


def cards_markdown(cards: Sequence[Card]) -> str:
    """Return what cards say, for where there are none."""
    return "\n\n".join(each.markdown for each in cards)


@dataclass(frozen=True, slots=True)
class Unsure:
    """What of a message was not surely understood.

    Attributes:
        currency: Of an amount that was read as one in the shop's; empty: none.
        unread: What was wanted or not, and is nothing that the catalogue has.
    """

    currency: str = ""
    unread: Sequence[str] = ()


SURE = Unsure()


def notes(wish: Wish, unsure: Unsure, shop_currency: str, labels: Labels) -> list[str]:
    """Return what is said after products: what counted softly, and what was not understood."""
    found = []
    if wish.soft:
        said = ", ".join(labels.constraint(each) for each in wish.soft)
        found.append(labels.text("products_before", wishes=said))
    if unsure.currency:
        found.append(labels.text("products_currency", currency=shop_currency))
    if unsure.unread:
        found.append(labels.text("products_unread", wishes=", ".join(unsure.unread)))
    return found


def nothing_fits(
    wish: Wish,
    dropping: Sequence[tuple[Constraint, int]],
    labels: Labels,
    sold_out: Sequence[Product] = (),
) -> tuple[str, list[Constraint]]:
    """Return what is said when nothing fits, and the constraints that it offers to drop.

    Args:
        wish: What is wanted.
        dropping: The constraints without which something fits, and how much.
        labels: Names in the customer's language.
        sold_out: What fits, but cannot be bought: it is named, and not recommended.
    """
    said = ", ".join(labels.constraint(each) for each in wish.constraints)
    lines = [labels.text("products_none", wishes=said)]
    if sold_out:
        lines = [labels.text("products_sold_out"), *(f"- {labels.product(e)}" for e in sold_out)]
    lines += [
        labels.text("products_without", wish=labels.constraint(each), count=str(count))
        for each, count in dropping[:MOST_DROPPED]
    ]
    offered = [each for each, _ in dropping[:MOST_DROPPED]]
    others = [each for each in wish.constraints if each not in offered and each.about != CATEGORY]
    return "\n".join(lines), [*offered, *others]


def reasons(row: int, wish: Wish, writer: CardWriter, labels: Labels, product: Product) -> str:
    """Return why a product was recommended."""
    found = writer.reasons(row, wish) or [labels.category(product.category)]
    said = labels.text("product_reasons", product=labels.product(product), reasons=", ".join(found))
    return "\n\n".join(filter(None, (said, labels.description(product))))

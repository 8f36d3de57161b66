"""The reply with products to one message: cards, a comparison, a reason, or what does not fit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.recommendations.cards import CardWriter
from bot.answering.recommendations.catalogue import Product
from bot.answering.recommendations.comparison import comparison
from bot.answering.recommendations.index import EncodesProducts, ProductIndex
from bot.answering.recommendations.labels import Labels
from bot.answering.recommendations.ranking import Ranked, Ranking
from bot.answering.recommendations.refining import only
from bot.answering.recommendations.shown import (
    SURE,
    Labelled,
    ProductButtons,
    Unsure,
    cards_markdown,
    notes,
    nothing_fits,
    reasons,
)
from bot.answering.recommendations.wish import Wish
from bot.messages import Button, DecisionKind, Done, Offer, Part, Say, ScoredPassage
from bot.ports import Buttons, RecommendScope
from bot.product_events import SHOWN, product_event
from bot.responder import Turn

_ABOVE = {
    "fits": "products_fit",
    "unsure": "products_unsure",
}
"""The text above products, by how they fit."""


class KeepsWishes(Protocol):
    """What customers want, from one message to the next."""

    async def wish(self, turn: Turn) -> Wish:
        """Return what the author of a message wants."""
        ...

    async def keep(self, turn: Turn, wish: Wish) -> None:
        """Store what they want now."""
        ...


@dataclass(frozen=True, slots=True)
class ProductReply:
    """Replies to one message.

    Attributes:
        turn: The message.
        index: The products.
        labels: Their names in the customer's language.
        encoders: Compare messages with products.
        wishes: Where what is wanted is kept.
        buttons: Where the meaning of buttons is kept.
    """

    turn: Turn
    index: ProductIndex
    labels: Labels
    encoders: EncodesProducts
    wishes: KeepsWishes
    buttons: Buttons

    async def show(
        self,
        wish: Wish,
        scope: RecommendScope,
        reason: str,
        *,
        hidden: Sequence[str] = (),
        unsure: Unsure = SURE,
    ) -> AsyncIterator[Part]:
        """Yield the products for a wish, or what nothing fits.

        Args:
            wish: What is wanted.
            scope: What the intent recommends.
            reason: Why products are shown.
            hidden: Ids of products that are not shown again.
            unsure: What was not surely understood.
        """
        constraints = (*only(scope, self.index.catalogue), *wish.constraints)
        bounded = replace(wish, constraints=constraints)
        ranking, language = Ranking(self.index, self.encoders), self.turn.language
        ranked = await asyncio.to_thread(
            ranking.choose, bounded, language, scope.limit, without=hidden
        )
        if not ranked.rows or ranked.state == "sold_out":
            sold_out = [self._product(row) for row in ranked.rows]
            parts = self._nothing(wish, ranking, reason, unsure, sold_out, again=bool(hidden))
            async for part in parts:
                yield part
            return
        writer = CardWriter(self.index, self.labels)
        cards = tuple(writer.card(row, bounded) for row in ranked.rows)
        yield Say(self.labels.text(_ABOVE[ranked.state]) + "\n\n")
        yield Say(cards_markdown(cards), cards=cards)
        if said := notes(wish, unsure, self.index.catalogue.currency, self.labels):
            yield Say("\n\n" + "\n".join(said))
        removing = ProductButtons(self.labels).removing((*wish.constraints, *wish.soft))
        async for part in self._end(wish, ranked.rows, removing, _because(reason, ranked)):
            yield part

    async def compare(self, wish: Wish, ids: Sequence[str], reason: str) -> AsyncIterator[Part]:
        """Yield how some products differ."""
        catalogue = self.index.catalogue
        products = [catalogue.by_id[each] for each in ids]
        yield Say(comparison(catalogue, products, self.labels))
        rows = [self._row(each) for each in ids]
        async for part in self._end(wish, rows, (), f"{reason}: compared {', '.join(ids)}"):
            yield part

    async def explain(self, wish: Wish, product: str) -> AsyncIterator[Part]:
        """Yield why a product was recommended."""
        row = self._row(product)
        writer, found = CardWriter(self.index, self.labels), self._product(row)
        yield Say(reasons(row, wish, writer, self.labels, found))
        await self.wishes.keep(self.turn, wish)
        choices = ProductButtons(self.labels).of_product(found)
        yield Offer(await self._kept([each for each in choices if "why:" not in each[1].value]))
        turn = self.turn.because(product_event(product, "why"))
        yield turn.decide(DecisionKind.RECOMMEND, f"asked why {product} was recommended")

    async def ask(self, reason: str) -> AsyncIterator[Part]:
        """Yield the question what is looked for."""
        yield Say(self.labels.text("products_ask"))
        yield self.turn.decide(DecisionKind.RECOMMEND, f"{reason}: what for was not said")

    async def ask_kind(self, wish: Wish, kinds: Sequence[str], reason: str) -> AsyncIterator[Part]:
        """Yield the question which kind of product is meant; the rest of the wish is kept."""
        await self.wishes.keep(self.turn, wish)
        yield Say(self.labels.text("products_which"))
        yield Offer(await self._kept(ProductButtons(self.labels).of_kinds(kinds)))
        yield self.turn.decide(
            DecisionKind.RECOMMEND, f"{reason}: no kind of product is surely meant"
        )

    async def no_more(self, reason: str) -> AsyncIterator[Part]:
        """Yield that there is nothing more to show."""
        yield Say(self.labels.text("products_all"))
        yield self.turn.decide(DecisionKind.RECOMMEND, reason)

    async def _nothing(
        self,
        wish: Wish,
        ranking: Ranking,
        reason: str,
        unsure: Unsure,
        sold_out: Sequence[Product],
        *,
        again: bool,
    ) -> AsyncIterator[Part]:
        """Yield that nothing fits or it is sold out, and without what something would fit."""
        await self.wishes.keep(self.turn, wish)
        dropping = await asyncio.to_thread(ranking.dropping, wish)
        said, offered = nothing_fits(wish, dropping, self.labels, sold_out)
        if again:
            said, offered = self.labels.text("products_all"), list(wish.constraints)
        told = notes(Wish(), unsure, self.index.catalogue.currency, self.labels)
        yield Say("\n\n".join((said, *told)))
        if choices := ProductButtons(self.labels).removing(offered):
            yield Offer(await self._kept(choices))
        yield self.turn.decide(DecisionKind.RECOMMEND, f"{reason}: nothing fits")

    async def _end(
        self, wish: Wish, rows: Sequence[int], removing: Sequence[Labelled], reason: str
    ) -> AsyncIterator[Part]:
        """Yield the buttons and the decision of a reply that shows products."""
        products = [self._product(row) for row in rows]
        await self.wishes.keep(self.turn, wish.showing([each.id for each in products]))
        writer = ProductButtons(self.labels)
        choices = [choice for each in products for choice in writer.of_product(each)]
        yield Offer(await self._kept([*choices, *removing]))
        yield _with_products(self.turn.decide(DecisionKind.RECOMMEND, reason), products)

    async def _kept(self, choices: Sequence[Labelled]) -> tuple[Button, ...]:
        message = self.turn.message
        return await self.buttons.offer(message.id, choices, revision=message.revision)

    def _row(self, product: str) -> int:
        products = self.index.catalogue.products
        return next(row for row, each in enumerate(products) if each.id == product)

    def _product(self, row: int) -> Product:
        return self.index.catalogue.products[row]


def _because(reason: str, ranked: Ranked) -> str:
    return f"{reason}: {ranked.count} products ({ranked.state})"


def _with_products(done: Done, products: Sequence[Product]) -> Done:
    """Return the end of a reply with the products that it shows."""
    shown = tuple(ScoredPassage(f"{SHOWN}{each.id}", 1.0) for each in products)
    return replace(done, decision=replace(done.decision, passages=shown))

"""Recommends products: for an intent with `recommend:`, for buttons, and for what follows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from bot.answering.recommendations.comparison import MOST
from bot.answering.recommendations.index import EncodesProducts, ProductIndex
from bot.answering.recommendations.kinds import read_with_kind
from bot.answering.recommendations.labels import Labels
from bot.answering.recommendations.meanings import WishCue
from bot.answering.recommendations.reading import Reading
from bot.answering.recommendations.refining import advanced, like, named_products
from bot.answering.recommendations.shown import Unsure
from bot.answering.recommendations.wish import PRICE
from bot.messages import Choice, DecisionKind, Part, Pressed
from bot.ports import Answers, Buttons, Prediction, RecommendScope, Wording
from bot.product_events import product_event
from bot.responder import Turn
from bot.stages.product_reply import KeepsWishes, ProductReply

COVERED = 0.5
"""Share of a message that must be about products for it to refine what is recommended, where an
intent is sure as well, and to be taken for a request for products, where none is.
Set by hand, not fitted."""

LOOKED_BACK = 2
"""Latest decisions among which products must have been recommended for a message to refine it."""

SHORT = 6
"""Words up to which "why?" or "something else" is about the products."""


class Products(Protocol):
    """The products that are recommended now."""

    async def index(self, language: str) -> ProductIndex | None:
        """Return them, ready for a language; None: there are none."""
        ...


class ReadsWishes(Protocol):
    """Reads what a message says about products."""

    def __call__(
        self,
        text: str,
        language: str,
        encoders: EncodesProducts,
        *,
        context: Collection[str],
    ) -> Reading:
        """Return what it says."""
        ...


class ProductReplies:
    """The `Recommends` of a catalogue. Not a stage: several stages use it.

    Args:
        products: What is recommended.
        encoders: Compare messages with products.
        wishes: What customers want.
        buttons: Keeps what buttons mean.
        wording: The bot's own texts.
    """

    def __init__(
        self,
        products: Products,
        encoders: EncodesProducts,
        wishes: KeepsWishes,
        buttons: Buttons,
        wording: Wording,
    ) -> None:
        self._products = products
        self._encoders = encoders
        self._wishes = wishes
        self._buttons = buttons
        self._wording = wording

    async def read(self, turn: Turn) -> tuple[ProductIndex, Reading] | None:
        """Return the products, and what a message says about them; None without products."""
        index = await self._products.index(turn.language)
        if index is None:
            return None
        return index, await self._read(turn, index.read)

    async def _read(self, turn: Turn, reads: ReadsWishes) -> Reading:
        text = asked(turn)
        wish = await self._wishes.wish(turn)
        return await asyncio.to_thread(
            reads,
            text,
            turn.language,
            self._encoders,
            context=frozenset(map(str, wish.categories)),
        )

    async def recommend(
        self, turn: Turn, scope: RecommendScope, reason: str
    ) -> AsyncIterator[Part | Turn]:
        """Yield products for what a customer wrote; the turn alone where there are none."""
        found = await self.read(turn)
        if found is None:
            yield turn.because(reason, "there are no products to recommend")
            return
        async for part in self.answer(turn, *found, scope, reason):
            yield part

    async def answer(
        self, turn: Turn, index: ProductIndex, reading: Reading, scope: RecommendScope, reason: str
    ) -> AsyncIterator[Part | Turn]:
        """Yield the reply to a message that was read: a comparison, a reason, or products."""
        wish, reply = await self._wishes.wish(turn), self._reply(turn, index)
        if not (reading.categories or reading.named or wish.categories or scope.category):
            reading = await self._read(turn, partial(read_with_kind, index))
        named = named_products(reading, index.catalogue)
        others = WishCue.OTHERS in reading.cues and bool(wish.shown) and not reading.constraints
        after = advanced(wish, reading, asked(turn), index.catalogue, scope)
        if len(named) > 1 and WishCue.COMPARE in reading.cues | _asks_nothing_else(reading):
            parts = reply.compare(wish, named[:MOST], reason)
        elif WishCue.WHY in reading.cues and wish.last and not reading.constraints:
            parts = reply.explain(wish, (*named, *wish.last)[0])
        elif not (reading.says_something or others or index.is_about(turn.text, turn.language)):
            parts = reply.ask(reason)
        elif reading.may_mean and not others:
            parts = reply.ask_kind(after, reading.may_mean, reason)
        else:
            hidden = wish.shown if others else ()
            notes = Unsure(reading.currency, reading.unread)
            parts = reply.show(after, scope, reason, hidden=hidden, unsure=notes)
        async for part in parts:
            yield part

    async def press(self, turn: Turn, choice: Choice) -> AsyncIterator[Part | Turn]:
        """Do what a button under products means."""
        index = await self._products.index(turn.language)
        if index is None:
            yield turn.because("there are no products to recommend")
            return
        wish, reply = await self._wishes.wish(turn), self._reply(turn, index)
        act, _, value = choice.value.partition(":")
        reason = f"the customer pressed {act}"
        if act == "drop":
            parts = reply.show(wish.without(value), RecommendScope(), reason)
        elif act == "kind":
            parts = reply.show(wish.of_kind(value), RecommendScope(), reason)
        elif value not in index.catalogue.by_id:
            parts = reply.no_more(f"{value} is no longer in the catalogue")
        elif act == "why":
            parts = reply.explain(wish, value)
        else:
            similar = like(wish, index.catalogue.by_id[value], cheaper=act == "cheaper")
            hidden = similar.shown if act == "more" else ()
            event = product_event(value, "cheaper" if act == "cheaper" else "more")
            reply = self._reply(turn.because(event), index)
            parts = reply.show(similar, RecommendScope(), reason, hidden=hidden)
        async for part in parts:
            yield part

    def _reply(self, turn: Turn, index: ProductIndex) -> ProductReply:
        labels = Labels(index.catalogue, self._wording.say, turn.language)
        return ProductReply(turn, index, labels, self._encoders, self._wishes, self._buttons)


class Recommend:
    """Recommends for messages that name what is wanted, and refines what was recommended.

    "Under 100 please" is no intent of its own, and "not black" would be left out as what nobody
    asks for: so it stands before the stages that read clauses.

    Args:
        replies: Recommends.
        answers: Tells which intents recommend.
        scopes: What such intents recommend, by their names; empty: none does.
    """

    def __init__(self, replies: ProductReplies, answers: Answers, scopes: Sequence[str]) -> None:
        self._replies = replies
        self._answers = answers
        self._scopes = scopes

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Recommend, or pass a message on that is about something else."""
        prediction = turn.prediction
        if not self._scopes or prediction is None or isinstance(turn.event, Pressed):
            return
        found = await self._replies.read(turn)
        if found is None:
            return
        index, reading = found
        scope, reason = self._scope(turn, prediction, reading)
        if scope is None:
            return
        turn = replace(turn, text=asked(turn))
        async for part in self._replies.answer(turn, index, reading, scope, reason):
            yield part

    def _scope(
        self, turn: Turn, prediction: Prediction, reading: Reading
    ) -> tuple[RecommendScope | None, str]:
        """Return what is to be recommended, and why; None: nothing."""
        best = prediction.intents[0].name if prediction.intents else ""
        sure = bool(best) and prediction.intents[0].confidence >= prediction.threshold
        own = self._recommends(turn, best) if best else None
        about = reading.says_something and reading.covered >= COVERED
        if own is not None and sure:
            denies = any(each.op == "not" for each in reading.constraints)
            # else it may be one of several requests
            return (own, f"{best}, with what is wanted") if denies or about else (None, "")
        if _was_recommended(turn) and _refines(turn, reading) and (about or not sure):
            return self._any(turn), "refines what was recommended"
        likely = own is not None and prediction.intents[0].confidence >= prediction.ask_threshold
        if about and not sure and reading.categories and (likely or _bounds(reading)):
            return self._any(turn), "names a kind of product, and what it must be"
        if about and not sure and len(reading.named) > 1 and WishCue.COMPARE in reading.cues:
            return self._any(turn), "names products to compare"
        return None, ""

    def _recommends(self, turn: Turn, intent: str) -> RecommendScope | None:
        answer = self._answers.answer(
            intent, language=turn.language, platform=turn.platform, seed=turn.message.id
        )
        return answer.recommends if answer else None

    def _any(self, turn: Turn) -> RecommendScope:
        """Return the scope of an intent that recommends everything, else all products."""
        scopes = [self._recommends(turn, each) for each in self._scopes]
        open_ = [each for each in scopes if each is not None and not (each.category or each.only)]
        return open_[0] if open_ else RecommendScope()


def asked(turn: Turn) -> str:
    """Return what a customer wrote: all of it, also what other stages have left out as denied."""
    return turn.text if isinstance(turn.event, Pressed) else turn.message.text


def _was_recommended(turn: Turn) -> bool:
    latest = turn.conversation.decisions[-LOOKED_BACK:]
    return any(each.kind == DecisionKind.RECOMMEND for each in latest)


def _refines(turn: Turn, reading: Reading) -> bool:
    """Return whether a message says something about what was recommended."""
    short = len(turn.text.split()) <= SHORT
    asks = bool(reading.cues & {WishCue.OTHERS, WishCue.WHY})
    return reading.says_something or (short and asks)


def _bounds(reading: Reading) -> bool:
    """Return whether a message says what a product may cost, or must not be."""
    return any(each.about == PRICE or each.op == "not" for each in reading.constraints)


def _asks_nothing_else(reading: Reading) -> frozenset[WishCue]:
    """Return the cue of a comparison where products are named and nothing else is wanted."""
    return frozenset() if reading.constraints or reading.like else frozenset({WishCue.COMPARE})

"""Finds the order that a customer means: by its number, by what is in it, by where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.after_sales.database import Record
from benchmarks.after_sales.finding.items import best_fit
from benchmarks.after_sales.finding.mentions import mentions, products_of
from benchmarks.after_sales.finding.options import is_denied
from benchmarks.after_sales.finding.payments import paid_by
from benchmarks.after_sales.finding.places import STATES
from benchmarks.after_sales.finding.words import holds, number_in, spans, words_of

NUMBER_LENGTH = 7
"""Digits of an order's number."""

_STATUS = {
    "pending": (
        "pending",
        "not shipped",
        "hasnt shipped",
        "not been sent",
        "hasnt been sent",
        "just placed",
        "just ordered",
        "not yet shipped",
        "still coming",
        "open",
        "on order",
        "not left",
        "hasnt left",
        "not gone out",
        "hasnt gone out",
        "havent sent",
    ),
    "delivered": (
        *("delivered", "arrived", "already came", "came already", "it came", "that came"),
        *("received", "already have", "already got", "here already", "at home"),
    ),
    "cancelled": ("cancelled", "canceled"),
    "processed": ("processed",),
}
_SAME = (
    *("same", "very same", "that order", "that one", "as before", "just now", "weve just"),
    *("ive just", "we just", "i just said", "already said", "again", "we talked about"),
)
_OTHER = (
    *("other", "second", "remaining", "rest", "not the one from before", "next", "another"),
    *("what is left", "whats left", "one left", "last one"),
)
_LATEST = ("latest", "last order", "newest", "most recent", "just got", "last")
_ALL = ("all", "any", "every", "everything", "whichever", "both")
_COUNTS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
_SINGLE = (
    "single",
    "only thing",
    "nothing but",
    "only one thing",
    "just the",
    "only the",
    "only a",
)
_LARGE = (
    *("bigger", "larger", "biggest", "largest", "big one", "many thing", "several thing"),
    *("many item", "several item", "lot of thing", "lots of thing", "more thing", "more item"),
    *("more stuff", "most item", "most thing", "lot of stuff", "lots of stuff", "full one"),
)
_SMALL = (
    *("smaller", "small one", "smallest", "tiny", "few thing", "fewer", "fewest", "less thing"),
    *("less item", "less stuff", "one thing", "one item"),
)
_ABLE = 1.75
"""What wants done can be done with it; less than that its content is named."""
_ITEMS = ("item", "thing", "article", "product")


@dataclass(frozen=True, slots=True)
class FoundOrders:
    """What a text says of a customer's orders.

    Attributes:
        order: The one that is meant.
        unclear: Several of which one is meant.
        unknown: A number that is none of theirs.
    """

    order: Record | None = None
    unclear: tuple[Record, ...] = ()
    unknown: str = ""


def find_order(
    orders: Sequence[Record],
    text: str,
    *,
    statuses: Sequence[str] = (),
    earlier: Sequence[str] = (),
) -> FoundOrders:
    """Return the order that a text means.

    Args:
        orders: Of the customer.
        text: What they wrote.
        statuses: Those that an order must have for what is wanted; empty: any.
        earlier: Orders that were spoken of before, the latest last.
    """
    words = words_of(text.replace("\n", ". "))
    number = number_in(words)
    if len(number) >= NUMBER_LENGTH:
        found = next((each for each in orders if number in each["order_id"]), None)
        return FoundOrders(found, unknown="" if found else number)
    scored = [(_score(each, orders, words, statuses, earlier), each) for each in orders]
    best = max((score for score, _ in scored), default=0.0)
    fitting = [each for score, each in scored if score == best]
    if len(fitting) == 1 or (fitting and holds(words, *_ALL) and best > 0):
        return FoundOrders(fitting[0])
    return FoundOrders(unclear=tuple(fitting))


def _score(
    order: Record,
    orders: Sequence[Record],
    words: Sequence[str],
    statuses: Sequence[str],
    earlier: Sequence[str],
) -> float:
    able = not statuses or order["status"] in statuses
    return (
        (_ABLE if able else 0.0)
        + _by_payment(order, words)
        + _by_items(order, orders, words)
        + _by_status(order, words)
        + _by_place(order, words)
        + _by_talk(order, words, earlier)
        + _by_size(order, orders, words)
        + (0.5 if order is orders[-1] and holds(words, *_LATEST) else 0.0)
    )


def _by_items(order: Record, orders: Sequence[Record], words: Sequence[str]) -> float:
    score, held = 0.0, products_of(order["items"])
    every = [item for one in orders for item in one["items"]]
    named = mentions(words, products_of(every))
    if not named:
        fits = best_fit(every, words, price=False)
        known = len(fits) < len(every)
        return 0.5 if known and any(item in fits for item in order["items"]) else 0.0
    for each in named:
        has = bool(each.products & held)
        if each.wanted:
            score += 3 if has else -3
        elif each.use:
            score += 3 if held - each.products else -3
        else:
            score -= 3 if has else 0
        if has and each.wanted:
            same = [item for item in every if item["name"] in each.products]
            if len(same) > 1:
                fits = best_fit(same, words)
                score += 0.5 if any(item in fits for item in order["items"]) else 0
    return score


def _by_status(order: Record, words: Sequence[str]) -> float:
    said = list(spans(words, _STATUS))
    denied = {each.meaning for each in said if is_denied(words, each.start)}
    meant = {each.meaning for each in said} - denied
    if any(order["status"].startswith(each) for each in denied):
        return -2.0
    if not meant:
        return 0.0
    return 2.0 if any(order["status"].startswith(each) for each in meant) else -2.0


def _by_place(order: Record, words: Sequence[str]) -> float:
    address = order["address"]
    named = holds(words, address["city"], STATES.get(address["state"], address["state"]))
    nyc = address["city"] == "New York" and holds(words, "nyc")
    return 2.0 if named or nyc else 0.0


def _by_payment(order: Record, words: Sequence[str]) -> float:
    """Return whether the order was paid as it is said: "the one I put on my card"."""
    said = paid_by(words)
    if not said:
        return 0.0
    method = str(order["payment_history"][0]["payment_method_id"])
    return 1.5 if any(method.startswith(each) for each in said) else -1.5


def _by_talk(order: Record, words: Sequence[str], earlier: Sequence[str]) -> float:
    if not earlier:
        return 0.0
    last = earlier[-1] == order["order_id"]
    if holds(words, *_OTHER):
        return -4.0 if last else 0.0
    if holds(words, *_SAME):
        return 2.0 if last else 0.0
    return 0.25 if last else 0.0


def _by_size(order: Record, orders: Sequence[Record], words: Sequence[str]) -> float:
    counts = [len(each["items"]) for each in orders]
    own = len(order["items"])
    score = 1.0 if own == 1 and holds(words, *_SINGLE) else 0.0
    score += _said(words, _LARGE) if own == max(counts) else 0.0
    score += _said(words, _SMALL) if own == min(counts) else 0.0
    counted = (f"{count} {each}" for count in (own, _COUNTS.get(own, own)) for each in _ITEMS)
    return score + (1.0 if holds(words, *counted) else 0.0)


def _said(words: Sequence[str], phrases: Sequence[str]) -> float:
    """Return 1 where a text says one of some phrases, -1 where it denies it, else 0."""
    found = next(spans(words, {"": phrases}), None)
    if found is None:
        return 0.0
    return -1.0 if is_denied(words, found.start) else 1.0

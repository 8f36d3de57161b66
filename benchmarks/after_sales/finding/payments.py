"""Finds the payment method that a customer means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.after_sales.database import Record
from benchmarks.after_sales.finding.options import is_denied
from benchmarks.after_sales.finding.words import spans, words_of

ORIGINAL, SAME = "original", "same"

_WORDS: Mapping[str, Sequence[str]] = {
    "paypal": ("paypal", "pay pal"),
    "gift_card": ("gift card", "giftcard", "gift", "voucher", "store credit", "gc"),
    "credit_card": ("credit card", "card", "creditcard", "cc"),
    "visa": ("visa",),
    "mastercard": ("mastercard", "master card"),
    "american express": ("amex", "american express"),
    ORIGINAL: (
        "original",
        "originally paid",
        "i paid",
        "i used",
        "paid with",
        "used for that order",
        "it was paid",
        "same way",
        "how i paid",
        "money came from",
        "where it came from",
        "came from",
        "bought it with",
        "purchase",
        "already used",
    ),
    SAME: ("same", "again", "as before"),
}
_GENERAL = ("credit_card",)


def find_payments(methods: Sequence[Record], text: str, original: str, last: str) -> list[str]:
    """Return the ids of the payment methods that a text means, the preferred one first.

    Args:
        methods: Of the customer.
        text: What they wrote.
        original: Id of the method that the order was paid with.
        last: Id of the one that was chosen last; empty: none was.
    """
    words = words_of(text)
    said = list(spans(words, _WORDS))
    wanted = [each.meaning for each in said if not is_denied(words, each.start)]
    denied = {each.meaning for each in said} - {*wanted}
    own = [each for each in wanted if each not in (ORIGINAL, SAME)]
    usable = [each for each in methods if not denied & _names(each)]
    found = [each["id"] for each in methods if each.get("last_four") in words]
    for name in () if found else own:
        fitting = [each["id"] for each in usable if name in _names(each)]
        if len(fitting) > 1 and (narrow := [each for each in fitting if each == original]):
            fitting = narrow
        found += fitting if len(fitting) == 1 or name not in _GENERAL else []
    if not found and (not own or {*own} <= {*_GENERAL}):
        if SAME in wanted and last and ORIGINAL not in wanted:
            found.append(last)
        elif wanted and not own:
            found.append(original)
        elif own:
            found += [each for each in (last, original) if each.startswith(own[0])]
    if not found and denied and len(usable) == 1:
        found.append(usable[0]["id"])
    return list(dict.fromkeys(found))


def paid_by(words: Sequence[str]) -> frozenset[str]:
    """Return the kinds of payment method that a text names and does not deny."""
    kinds = {each: _WORDS[each] for each in ("paypal", "gift_card", "credit_card")}
    return frozenset(
        each.meaning for each in spans(words, kinds) if not is_denied(words, each.start)
    )


def _names(method: Record) -> set[str]:
    return {str(method["source"]), str(method.get("brand", ""))}


def shown(method: Record) -> str:
    """Return a payment method as the customer reads it."""
    kind = str(method["source"]).replace("_", " ")
    if method.get("brand"):
        return f"{method['brand']} {kind} ending in {method['last_four']}"
    return "PayPal" if kind == "paypal" else kind

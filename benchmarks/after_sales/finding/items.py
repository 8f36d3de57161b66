"""Finds the items of an order that a customer means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.after_sales.database import Record
from benchmarks.after_sales.finding.mentions import Mention, mentions, products_of
from benchmarks.after_sales.finding.options import named_values, rank
from benchmarks.after_sales.finding.words import holds, spans, vocabulary, words_of

_ALL = ("all", "everything", "every", "both", "each", "the whole", "the lot", "entire order")
_BACK = ("those", "these", "them", "that", "this", "it", "same", "said", "told")
_SEVERAL = ("both", "two", "all", "three", "2", "3")
_WHOLE = (
    *("everything else", "all of the item", "all item", "every item", "every single", "all of it"),
    *("whole order", "entire order", "the lot"),
)
_PART = ("keep", "keeping", "stay", "stays", "leave", "only", "just")
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}


@dataclass(frozen=True, slots=True)
class FoundItems:
    """What a text says of the items of an order.

    Attributes:
        items: Those that are meant.
        unclear: Several of which one is meant.
    """

    items: tuple[Record, ...] = ()
    unclear: tuple[Record, ...] = ()


def find_items(items: Sequence[Record], text: str) -> FoundItems:
    """Return the items that a text means.

    Args:
        items: Of the order.
        text: What the customer wrote.
    """
    words = words_of(text.replace("\n", ". "))
    named = mentions(words, products_of(items))
    wanted = [each for each in named if each.wanted]
    if wanted == named and holds(words, *_WHOLE) and not holds(words, *_PART):
        return FoundItems(tuple(items))
    if wanted:
        return _wanted(items, words, wanted, named)
    left_out = [each for each in named if not each.wanted]
    if left_out:
        names = frozenset[str]().union(*(each.products for each in left_out))
        return FoundItems(tuple(each for each in items if each["name"] not in names))
    if len(items) == 1:
        return FoundItems((items[0],))
    every = holds(words, *_ALL) or _counts_all(words, len(items))
    best = best_fit(items, words, price=not every)
    if len(best) == 1:
        return FoundItems((best[0],))
    if every:
        return FoundItems(tuple(items))
    return FoundItems(unclear=tuple(best if len(best) < len(items) else items))


def points_back(text: str) -> bool:
    """Return whether a text means what was named before: "only those"."""
    return holds(words_of(text), *_BACK)


def _wanted(
    items: Sequence[Record],
    words: Sequence[str],
    wanted: Sequence[Mention],
    named: Sequence[Mention],
) -> FoundItems:
    found: list[Record] = []
    for each in wanted:
        same = [item for item in items if item["name"] in each.products]
        if len(same) > 1 and not each.use and not _means_all(words, each, wanted, len(same)):
            same = list(best_fit(same, _around(words, each, named)))
            if len(same) > 1 and len({item["item_id"] for item in same}) > 1:
                known = [item for item in same if item in found]
                if not known:
                    return FoundItems(unclear=tuple(same))
                same = known
            same = same[:1]
        found += [item for item in same if not any(item is other for other in found)]
    return FoundItems(tuple(found))


def _means_all(
    words: Sequence[str], mention: Mention, wanted: Sequence[Mention], count: int
) -> bool:
    """Return whether a text wants all items of a product: "both lamps", "lamp x2", "lamp, lamp"."""
    before = words[max(0, mention.start - 4) : mention.start]
    if {*before} & {*_SEVERAL} or tuple(words[mention.end : mention.end + 2]) == ("x", str(count)):
        return True
    named = [each for each in wanted if each.products == mention.products]
    beside = all(other.start - one.end == 1 for one, other in pairwise(named))
    return len(named) == count and beside


def _around(words: Sequence[str], mention: Mention, named: Sequence[Mention]) -> Sequence[str]:
    """Return the words that may say which of several items is meant."""
    same = [each for each in named if each.products & mention.products and each.wanted]
    others = [each for each in named if not each.products & mention.products]
    start = max((each.end for each in others if each.end <= mention.start), default=0)
    end = min((each.start for each in others if each.start >= mention.end), default=len(words))
    if len(same) > 1:
        later = [each.start for each in same if each.start > mention.start]
        end = min(end, *later) if later else end
    return words[start:end]


def best_fit(
    items: Sequence[Record], words: Sequence[str], *, price: bool = True
) -> Sequence[Record]:
    """Return the items whose options and price fit the words best; all where none does."""
    if len(items) < 2:
        return items
    scores = [_score(each, items, words, price=price) for each in items]
    best = max(scores)
    if best <= 0:
        return items
    return [each for each, score in zip(items, scores, strict=True) if score == best]


def _score(item: Record, items: Sequence[Record], words: Sequence[str], *, price: bool) -> float:
    score = 0.0
    for each in named_values(words, [other["options"] for other in items]):
        if each.fits(item["options"]):
            score += -1 if each.denied else 1
        elif {name for name, _ in each.options} & {*item["options"]}:
            score += 0.5 if each.denied else -0.5
    prices = [other["price"] for other in items]
    for span in spans(words, vocabulary()["price"]) if price else ():
        extreme = max(prices) if span.meaning == "most" else min(prices)
        score += 1 if item["price"] == extreme else 0
    score += _by_comparison(item, items, words)
    if str(int(item["price"])) in words or f"{item['price']:.2f}" in words:
        score += 1
    return score


def _by_comparison(item: Record, items: Sequence[Record], words: Sequence[str]) -> float:
    """Return 1 for the one that is more, or less, than the others: "the bigger lamp"."""
    for way, sign in (("more", 1), ("less", -1)):
        for word, options in vocabulary()["comparatives"][way].items():
            for option in options if holds(words, word) else ():
                ranks = [rank(option, one["options"].get(option, "")) or 0.0 for one in items]
                own = rank(option, item["options"].get(option, "")) or 0.0
                if len({*ranks}) > 1 and sign * own == max(sign * each for each in ranks):
                    return 1.0
    return 0.0


def _counts_all(words: Sequence[str], count: int) -> bool:
    """Return whether a text counts as many things as there are: "those 3"."""
    return str(count) in words or any(_COUNTS.get(each) == count for each in words)

"""Finds the variants that a customer wants instead of some items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.after_sales.database import Record
from benchmarks.after_sales.finding.mentions import mentions, products_of
from benchmarks.after_sales.finding.options import rank
from benchmarks.after_sales.finding.wishes import Wishes, read_wishes
from benchmarks.after_sales.finding.words import holds, words_of

_BREAKS = (".", ";", ",", "!", "?", "+", "\n", "and", "then", "&", "plus")
_CONDITION = 3
"""Words of "no 8 bar"."""
_GLOBAL = ("each", "all", "every", "everything", "one", "them", "option", "variant", "version")
_ELSE_NONE = (
    *("leave it", "leave the", "leave that", "leave mine", "or nothing", "else nothing"),
    *("then nothing", "i keep", "else keep", "or keep", "forget", "dont touch", "or not at all"),
    *("otherwise keep", "otherwise leave", "ill keep", "no other", "only that one"),
    *("no substitute", "no such", "only take", "nothing at all"),
)
"""What is not to be had is not to be replaced by anything else."""
_AS_ORDERED = ("pending order", "other order")
_SECOND = ("second", "other", "another", "2nd")
"""Words with which what is wanted for the second of two equal items begins."""


@dataclass(frozen=True, slots=True)
class FoundVariants:
    """What a text says of other variants.

    Attributes:
        pairs: Ids of an item and of what is wanted instead.
        unclear: Items for which it is not clear, or not to be had, with what is to be had.
        kept: Items that are already what is wanted.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    unclear: tuple[tuple[Record, tuple[Record, ...]], ...] = ()
    kept: tuple[Record, ...] = ()


@dataclass(slots=True)
class _Result:
    pairs: list[tuple[str, str]] = field(default_factory=list)
    unclear: list[tuple[Record, tuple[Record, ...]]] = field(default_factory=list)
    kept: list[Record] = field(default_factory=list)


def find_variants(
    items: Sequence[Record],
    products: Mapping[str, Record],
    text: str,
    ordered: Sequence[Record] = (),
) -> FoundVariants:
    """Return the variants that a text means instead of items.

    Args:
        items: Those that are to be changed.
        products: All products, by id.
        text: What the customer wrote.
        ordered: Items of the customer's other orders.
    """
    words, found = words_of(text), _Result()
    variants = {
        each["item_id"]: list(products[each["product_id"]]["variants"].values()) for each in items
    }
    parts = _parts(items, variants, words)
    ids = [each["item_id"] for each in items]
    for at, item in enumerate(items):
        said = parts[item["item_id"]]
        if ids.count(item["item_id"]) == 2:
            said = _halves(item, variants[item["item_id"]], said)[ids.index(item["item_id"]) != at]
        _find(item, variants[item["item_id"]], said, ordered, found)
    return FoundVariants(tuple(found.pairs), tuple(found.unclear), tuple(found.kept))


def _halves(
    item: Record, variants: Sequence[Record], words: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """Return what is said of each of two equal items: "one in red, the other in blue"."""
    for at, word in enumerate(words):
        halves = words[:at], words[at + 1 :]
        begins = word in _SECOND or "".join(words[max(0, at - 1) : at + 1]) == "#2"
        if begins and not any(read_wishes(item, variants, each).empty for each in halves):
            return halves
    return words, words


def _find(
    item: Record,
    variants: Sequence[Record],
    words: Sequence[str],
    ordered: Sequence[Record],
    found: _Result,
) -> None:
    usable = [each for each in variants if each["available"] and each["item_id"] != item["item_id"]]
    numbered = [each for each in usable if each["item_id"] in words]
    like = [each for each in ordered if each["name"] == item["name"]]
    if not numbered and like and holds(words, *_AS_ORDERED):
        ids = {each["item_id"] for each in like}
        numbered = [each for each in usable if each["item_id"] in ids]
    if len(numbered) == 1:
        found.pairs.append((item["item_id"], numbered[0]["item_id"]))
        return
    wishes = read_wishes(item, variants, words)
    best = choose(item, usable, wishes)
    if wishes.price and len(best) == 1 and not _is_better(item, best[0], wishes):
        found.kept.append(item)
    elif len(best) == 1:
        found.pairs.append((item["item_id"], best[0]["item_id"]))
    elif not best and not wishes.empty and holds(words, *_ELSE_NONE):
        found.kept.append(item)
    else:
        found.unclear.append((item, tuple(best or usable)))


def _is_better(item: Record, variant: Record, wishes: Wishes) -> bool:
    if wishes.named or wishes.compared:
        return True
    if wishes.price == "least":
        return bool(variant["price"] < item["price"])
    return bool(variant["price"] > item["price"])


def choose(item: Record, usable: Sequence[Record], wishes: Wishes) -> Sequence[Record]:
    """Return the variants that fit wishes best; several: the wishes do not decide.

    What is named must be there; then come comparisons, preferences, the price, what is to stay.
    """
    if wishes.empty:
        return ()
    allowed = [each for each in usable if wishes.allows(each["options"], item["options"])]
    left = list(_compared(item, allowed, wishes))
    left = _most(left, [wishes.preference(each["options"]) for each in left])
    if wishes.price:
        sign = 1 if wishes.price == "most" else -1
        return _most(left, [sign * each["price"] for each in left])
    left = _most(left, [_unchanged(each, item, wishes) for each in left])
    return _most(left, [-_distance(each, item, wishes) for each in left])


def _compared(item: Record, usable: Sequence[Record], wishes: Wishes) -> Sequence[Record]:
    left = list(usable)
    for each in wishes.compared:
        own = (
            each.than if each.than is not None else rank(each.option, item["options"][each.option])
        )
        if own is None:
            continue
        ranks = {
            one["item_id"]: rank(each.option, one["options"].get(each.option, "")) for one in left
        }
        sign = 1 if each.more else -1
        left = [
            one
            for one in left
            if (value := ranks[one["item_id"]]) is not None and sign * (value - own) > 0
        ]
        if each.reach and left:
            step = [abs((ranks[one["item_id"]] or 0.0) - own) for one in left]
            left = _most(left, [value if each.reach == "extreme" else -value for value in step])
    return left


def _unchanged(variant: Record, item: Record, wishes: Wishes) -> int:
    return sum(
        variant["options"].get(name) == value
        for name, value in item["options"].items()
        if name not in wishes.free
    )


def _distance(variant: Record, item: Record, wishes: Wishes) -> float:
    """Return how far the values that have an order are from the item's."""
    total = 0.0
    for name, value in item["options"].items():
        own, other = rank(name, value), rank(name, variant["options"].get(name, value))
        if name not in wishes.free and own is not None and other is not None:
            total += abs(other - own) / (abs(own) or 1.0)
    return round(total, 6)


def _most(variants: Sequence[Record], scores: Sequence[float]) -> list[Record]:
    best = max(scores, default=0.0)
    return [each for each, score in zip(variants, scores, strict=True) if score == best]


def _parts(
    items: Sequence[Record], variants: Mapping[str, Sequence[Record]], words: Sequence[str]
) -> Mapping[str, Sequence[str]]:
    """Return the words that are about each item, by its id.

    A clause that names no product is about all items where it says so, else about the product
    that was named last, or the one whose options it speaks of.
    """
    if len({each["name"] for each in items}) < 2:
        return {each["item_id"]: words for each in items}
    parts: dict[str, list[str]] = {each["item_id"]: [] for each in items}
    current: frozenset[str] = frozenset()
    for clause in _clauses(words, items):
        named = mentions(clause, products_of(items))
        if named:
            current = frozenset[str]().union(*(each.products for each in named))
        elif not {*clause} & {*_GLOBAL}:
            current = _spoken_of(items, variants, clause, current)
        everyone = not named and ((not current) or {*clause} & {*_GLOBAL})
        for item in items:
            if everyone or item["name"] in current:
                parts[item["item_id"]] += [*clause, "."]
    return parts


def _spoken_of(
    items: Sequence[Record],
    variants: Mapping[str, Sequence[Record]],
    clause: Sequence[str],
    current: frozenset[str],
) -> frozenset[str]:
    """Return the names of the products that a clause is about, which names none."""
    speaking = frozenset(
        each["name"]
        for each in items
        if not read_wishes(each, variants[each["item_id"]], clause).empty
    )
    return current if current & speaking or not speaking else speaking


def _clauses(words: Sequence[str], items: Sequence[Record]) -> Sequence[Sequence[str]]:
    """Return the clauses of a text; one that names several products is cut before each."""
    clauses: list[list[str]] = [[]]
    for place, word in enumerate(words):
        if word == "then":
            clauses = [each for each in clauses if not _is_condition(each)]
        counted = word == "+" and "".join(words[place + 1 : place + 2]).isdecimal()
        if word in _BREAKS and not counted:
            clauses.append([])
        else:
            clauses[-1].append(word)
    found: list[Sequence[str]] = []
    for clause in filter(None, clauses):
        starts = [each.start for each in mentions(clause, products_of(items))][1:]
        for start, end in zip([0, *starts], [*starts, len(clause)], strict=True):
            found.append(clause[start:end])
    return found


def _is_condition(clause: Sequence[str]) -> bool:
    """Return whether a clause says what is not there, before "then": "no 8, then 9"."""
    return [*clause[:1]] == ["no"] and len(clause) <= _CONDITION

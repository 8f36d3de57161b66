"""Reads what a customer wants of another variant: values, comparisons, price, what stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from benchmarks.after_sales.database import Record
from benchmarks.after_sales.finding.options import Named, Options, is_denied, named_values, rank
from benchmarks.after_sales.finding.words import holds, spans, vocabulary, words_of

_MORE = ("more", "higher", "greater", "increase", "up", "extra", "additional", "another")
_LESS = ("less", "lower", "fewer", "reduced", "decrease", "down")
_MOST = ("most", "max", "maximum", "highest", "greatest", "best")
_LEAST = ("least", "min", "minimum", "lowest", "fewest")
_NEAREST = ("slightly", "bit", "little", "lil", "step", "touch", "tad", "notch", "one", "next")
_ENDS = (".", ",", ";", "!", "?")
_NEAR = 3
_INSTEAD = ("instead of", "rather than", "in place of")
_TO = ("to", "into")
_FOR = ("for", "with", "by")
_TRADES = ("swap", "exchange", "replace", "trade", "switch", "change", "substitute")


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison: an option is to be more or less than it is, or than a number.

    Attributes:
        reach: `extreme`: as far as can be; `nearest`: by the next step; empty: any.
        than: The number; None: what the item has.
    """

    option: str
    more: bool
    reach: Literal["extreme", "nearest", ""] = ""
    than: float | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted of another variant.

    Attributes:
        named: Values that are named, in the order of preference where an option has several.
        soft: Those that are welcome, but need not be.
        compared: Comparisons.
        same: Options whose value must stay.
        free: Options whose value does not matter.
        price: The dearest or the cheapest is wanted; empty: no matter.
    """

    named: tuple[Named, ...] = ()
    soft: tuple[Named, ...] = ()
    compared: tuple[Compared, ...] = ()
    same: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    price: str = ""
    empty: bool = False

    def allows(self, options: Options, own: Options) -> bool:
        """Return whether a variant has all that must be there."""
        if any(options.get(name) != own.get(name) for name in self.same):
            return False
        if any(each.fits(options) for each in self.named if each.denied):
            return False
        wanted: dict[frozenset[str], bool] = {}
        for each in self.named:
            if not each.denied and each not in self.soft:
                about = frozenset(name for name, _ in each.options)
                wanted[about] = wanted.get(about, False) or each.fits(options)
        for each in self.soft:
            about = frozenset(name for name, _ in each.options)
            if about in wanted and each.fits(options):
                wanted[about] = True
        return all(wanted.values())

    def preference(self, options: Options) -> float:
        """Return how well a variant fits what is welcome, the first named the most."""
        score, weight = 0.0, 1.0
        by_option: dict[frozenset[str], list[Named]] = {}
        for each in self.named:
            if not each.denied:
                about = frozenset(name for name, _ in each.options)
                by_option.setdefault(about, []).append(each)
        for several in by_option.values():
            for place, each in enumerate(several):
                if each.fits(options):
                    score += weight * (len(several) - place) / len(several)
                    break
        return score


def read_wishes(item: Record, variants: Sequence[Record], words: Sequence[str]) -> Wishes:
    """Return what a text wants instead of an item.

    Args:
        item: Of an order.
        variants: Of its product.
        words: Those that are about it.
    """
    options = [each["options"] for each in variants]
    values = list(named_values(words, options))
    values = [each for each in values if not _is_left_behind(words, each, values, item)]
    thans = [each for each in values if _after_than(words, each)]
    compared = [*_comparatives(words, item, thans), *_named_comparatives(words, item)]
    unchanged = frozenset(_as_it_is(words, values, item))
    values = [each for each in values if not _only(each, unchanged)]
    compared = [each for each in compared if each.option not in unchanged]
    free = frozenset(_free(words, values, item))
    taken = {each.option for each in compared}
    values = [each for each in values if each not in thans and not _only(each, free)]
    relative = list(_relative(words, item, options))
    values = [each for each in values if not _overlaps(each, relative)] + relative
    exact = {name for each in values if not each.denied for name, _ in each.options}
    compared = [each for each in compared if each.option not in exact]
    soft = tuple(each for each in values if _is_soft(words, each))
    price = next((each.meaning for each in spans(words, vocabulary()["price"])), "")
    same = (frozenset(_same(words, item)) | unchanged) - exact - free - taken
    if not price:
        values += _by_price(words, variants)
    empty = not (values or compared or price or same)
    return Wishes(tuple(values), soft, tuple(compared), same, free, price, empty)


def _is_left_behind(
    words: Sequence[str], named: Named, values: Sequence[Named], item: Record
) -> bool:
    """Return whether a value is only what there is now: "from red to blue"."""
    own = {(name, value) for name, value in named.options if item["options"].get(name) == value}
    if not own:
        return False
    if holds(words[max(0, named.start - _NEAR) : named.start], *_INSTEAD):
        return True
    names = {name for name, _ in own}
    later = (
        words[named.end : each.start]
        for each in values
        if each.start > named.end and names & {name for name, _ in each.options}
    )
    ways = {*_TO, *(_FOR if {*words} & {*_TRADES} else ())}
    return any({*between} & ways and not {*between} & {*_ENDS} for between in later)


def _after_than(words: Sequence[str], named: Named) -> bool:
    return (
        "than" in words[max(0, named.start - 2) : named.start]
        and "rather" not in words[max(0, named.start - 3) : named.start]
    )


def _only(named: Named, options: frozenset[str]) -> bool:
    return all(name in options for name, _ in named.options)


def _comparatives(words: Sequence[str], item: Record, thans: Sequence[Named]) -> Iterable[Compared]:
    for way in ("more", "less"):
        for word, options in vocabulary()["comparatives"][way].items():
            option = next((each for each in options if each in item["options"]), "")
            for span in spans(words, {"": [word]}) if option else ():
                than = next(
                    (
                        rank(option, value)
                        for each in thans
                        for name, value in each.options
                        if name == option and each.start > span.start
                    ),
                    None,
                )
                extreme = word.endswith("est")
                yield Compared(option, way == "more", _reach(words, span.start, extreme), than)


def _named_comparatives(words: Sequence[str], item: Record) -> Iterable[Compared]:
    """Yield comparisons by "less", "higher" or "most", and the name of an option."""
    names: Mapping[str, str] = vocabulary()["comparatives"]["names"]
    ways = {"more": _MORE, "less": _LESS, "most": _MOST, "least": _LEAST}
    for span in spans(words, ways):
        before = reversed(words[max(0, span.start - _NEAR) : span.start])
        near = [*words[span.start : span.end + _NEAR], *takewhile(str.isalnum, before)]
        for word in near:
            option = names.get(word, "")
            numbered = any(each.isdecimal() for each in words[max(0, span.start - 1) : span.end])
            if option in item["options"] and not numbered:
                more, extreme = span.meaning in ("more", "most"), span.meaning in ("most", "least")
                yield Compared(option, more, _reach(words, span.start, extreme))
                break


def _reach(words: Sequence[str], start: int, extreme: bool) -> Literal["extreme", "nearest", ""]:
    if extreme:
        return "extreme"
    near = {*words[max(0, start - _NEAR) : start + 1]}
    if "size" in words[max(0, start - 1) : start]:  # "a size smaller"
        return "nearest"
    return "nearest" if near & {*_NEAREST} else ""


def _relative(words: Sequence[str], item: Record, options: Sequence[Options]) -> Iterable[Named]:
    """Yield the value that "1000 more pieces" makes."""
    own = item["options"].get("pieces")
    if own is None:
        return
    for place, word in enumerate(words):
        if not word.isdecimal():
            continue
        around = [*words[max(0, place - 2) : place], *words[place + 1 : place + 4]]
        more, less = {*around} & {*_MORE, "+", "plus"}, {*around} & {*_LESS}
        value = str(int(own) + (int(word) if more else -int(word)))
        if (more or less) and any(each.get("pieces") == value for each in options):
            yield Named(place, place + 1, frozenset({("pieces", value)}))


def _overlaps(named: Named, others: Sequence[Named]) -> bool:
    return any(named.start < each.end and each.start < named.end for each in others)


def _by_price(words: Sequence[str], variants: Sequence[Record]) -> Iterable[Named]:
    for each in variants:
        if f"{each['price']:.2f}" in words:
            yield Named(0, 0, frozenset(each["options"].items()))


def _free(words: Sequence[str], values: Sequence[Named], item: Record) -> Iterable[str]:
    """Yield the options of which a clause says that they do not matter."""
    for start, end in _clauses(words):
        clause = words[start:end]
        if not holds(clause, *_cue("any")):
            continue
        for name in item["options"]:
            if holds(clause, name, *vocabulary()["yes_no"].get(name, ())):
                yield name
        for each in values:
            if start <= each.start < end and {"yes", "no"} & {value for _, value in each.options}:
                yield from (name for name, _ in each.options)


def _same(words: Sequence[str], item: Record) -> Iterable[str]:
    """Yield the options that a clause names beside "same": all of them where it says "the rest"."""
    for start, end in _clauses(words):
        clause = words[start:end]
        if not holds(clause, *_cue("same")) or holds(clause, *_cue("rest")):
            continue
        for name in item["options"]:
            if holds(clause, *_words_for(name)):
                yield name


def _words_for(name: str) -> Sequence[str]:
    """Return the words by which customers speak of an option."""
    whole = words_of(name)
    return (name, whole[-1], whole[0], *vocabulary()["options"].get(name, ()))


def _as_it_is(words: Sequence[str], values: Sequence[Named], item: Record) -> Iterable[str]:
    """Yield the options that are to stay: "equally hard", "just as difficult", "not harder"."""
    for span in spans(words, {"": _cue("as")}):
        if is_denied(words, span.start):
            continue
        for each in values:
            if each.start == span.end:
                yield from (name for name, _ in each.options)
        names: Mapping[str, str] = vocabulary()["comparatives"]["names"]
        if (name := names.get("".join(words[span.end : span.end + 1]), "")) in item["options"]:
            yield name
    for way in ("more", "less"):
        for word, options in vocabulary()["comparatives"][way].items():
            for span in spans(words, {"": [word]}):
                if is_denied(words, span.start):
                    yield from [name for name in options if name in item["options"]][:1]


def _cue(kind: str) -> Sequence[str]:
    return tuple(vocabulary()["cues"][kind])


def _is_soft(words: Sequence[str], named: Named) -> bool:
    for start, end in _clauses(words):
        if start <= named.start < end:
            return holds(words[start:end], *_cue("soft"))
    return False


def _clauses(words: Sequence[str]) -> Iterable[tuple[int, int]]:
    start = 0
    for place, word in enumerate(words):
        if word in _ENDS:
            yield start, place
            start = place + 1
    yield start, len(words)

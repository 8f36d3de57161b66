"""Values of options that a text names: wanted or not, in the order in which they are preferred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.after_sales.finding.words import Span, spans, vocabulary, words_of

Options = Mapping[str, str]
"""The values of a variant, by the names of its options."""

_DENIALS = (
    *("not", "no", "without", "isnt", "never", "non", "dont", "nt", "hasnt", "havent", "wasnt"),
    *("didnt", "doesnt", "arent", "werent"),
)
_REACH = 2
"""Words between a denial and what it denies."""
_MARKS = (",", ".", ";", ":", "!", "?")
_CLAUSE = 6
_IFS = ("if", "unless")
"""What is denied under a condition is still wanted: "USB if there is no battery"."""


@dataclass(frozen=True, slots=True)
class Named:
    """A value that a text names.

    Attributes:
        start, end: Its words.
        options: Pairs of an option and its value; one of them is meant.
        denied: It is not wanted.
    """

    start: int
    end: int
    options: frozenset[tuple[str, str]]
    denied: bool = False

    def fits(self, variant: Options) -> bool:
        """Return whether a variant has the value."""
        return any(variant.get(name) == value for name, value in self.options)


def named_values(words: Sequence[str], variants: Iterable[Options]) -> Sequence[Named]:
    """Return the values of options that a text names, from the left."""
    by_place: dict[tuple[int, int], set[tuple[str, str]]] = {}
    pairs = {pair for each in variants for pair in each.items()}
    keyed = {f"{name}\0{value}": _phrases(name, value, pairs) for name, value in pairs}
    for each in spans(words, keyed, typos=True):
        name, _, value = each.meaning.partition("\0")
        by_place.setdefault((each.start, each.end), set()).add((name, value))
    found = [
        _named(words, start, end, frozenset(_of_named_option(words, start, end, options)))
        for (start, end), options in by_place.items()
    ]
    return sorted([*found, *_yes_no(words, pairs)], key=lambda each: each.start)


def _named(
    words: Sequence[str], start: int, end: int, options: frozenset[tuple[str, str]]
) -> Named:
    return Named(start, end, options, is_denied(words, start))


def is_denied(words: Sequence[str], start: int) -> bool:
    """Return whether a word shortly before a place denies it."""
    clause = list(words[max(0, start - _CLAUSE) : start])
    for mark in (",", ".", ";", ":", ">", "but", "then", "and"):
        while mark in clause:
            clause = clause[clause.index(mark) + 1 :]
    near = clause[-_REACH - 1 :]
    return any(each in _DENIALS for each in near) and not {*clause} & {*_IFS}


def _phrases(name: str, value: str, pairs: Iterable[tuple[str, str]]) -> Sequence[str]:
    """Return the words for a value; its number alone where no other value has that number."""
    if value in ("yes", "no") or (value == "none" and name != value):
        denied = (f"{word} {name}" for word in ("no", "without", "without a", "without any"))
        return (*denied, f"{name} none") if value != "yes" else ()
    found = [value, *vocabulary()["values"].get(value, ())]
    number = words_of(value)[0]
    if number[:1].isdigit():
        same = [other for _, other in pairs if words_of(other)[:1] == (number,)]
        if same == [value]:
            found.append(number)
    if name == "size" and len(value) <= 3:
        found.append(f"size {value}")
    return found


def _of_named_option(
    words: Sequence[str], start: int, end: int, options: set[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return those whose option is named beside the value, if any is: "black dial"."""
    beside = {
        *_until_mark(words[max(0, start - 3) : start][::-1]),
        *_until_mark(words[end : end + 3]),
    }
    if len(options) < 2:
        return options
    hinted = {
        (name, value) for name, value in options if {*words_of(name)} & beside - {"color", "type"}
    }
    return hinted or options


def _until_mark(words: Sequence[str]) -> Sequence[str]:
    mark = next((at for at, word in enumerate(words) if word in _MARKS), len(words))
    return words[:mark]


def _yes_no(words: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Iterable[Named]:
    held = {name for name, value in pairs if value in ("yes", "no")}
    said = {name: (name, *vocabulary()["yes_no"].get(name, ())) for name in held}
    for each in spans(words, said):
        value = "no" if is_denied(words, each.start) or _then_no(words, each) else "yes"
        yield Named(each.start, each.end, frozenset({(each.meaning, value)}))


def _then_no(words: Sequence[str], span: Span) -> bool:
    return tuple(words[span.end : span.end + 1]) == ("no",)


ORDERS: Mapping[str, str] = {
    "brightness": "level",
    "ventilation": "level",
    "speed settings": "level",
    "difficulty level": "difficulty",
    "kit size": "kit",
    "skin tone": "shell",
}
"""Options whose values have an order that is written down; sizes have two."""


def rank(name: str, value: str) -> float | None:
    """Return how much a value is, to be compared with others of its option; None: nothing.

    >>> rank("capacity", "1.5L"), rank("size", "XL") > rank("size", "M"), rank("color", "red")
    (1.5, True, None)
    """
    orders = vocabulary()["orders"]
    for order in (ORDERS.get(name, ""), "size", "extent"):
        if value in orders.get(order, ()):
            return float(orders[order].index(value))
    first = next(iter(words_of(value)), "")
    if name == "resolution" and value.endswith("K"):
        return float(first) * 1000
    try:
        return float(first)
    except ValueError:
        letters = "".join(words_of(value)).lstrip("i") if name == "processor" else ""
        return float(letters) if letters.isdecimal() else None

"""Products that a text names, and whether it wants them or leaves them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.after_sales.database import Record
from benchmarks.after_sales.finding.words import Span, spans, vocabulary, words_of

_LEAVING_OUT = (
    "except",
    "apart from",
    "not",
    "besides",
    "leave",
    "keep",
    "keeping",
    "but not",
    "minus",
    "excluding",
    "other than",
    "dont touch",
    "forget",
    "doesnt have",
    "doesnt contain",
    "hasnt",
    "isnt",
    "unrelated",
    "nothing to do with",
    "save for",
    "bar",
    "with the exception of",
    "aside from",
    "excluded",
)
_NONE = ("no", "without", "non")
"""Leave out what follows at once."""
_ALL = ("everything", "all", "every")
_BUT = ("but", "but the", "save")
_AGAIN = (
    ":",
    "so",
    "just",
    "only",
    "which",
    "i mean",
    "namely",
    "instead",
    "but",
    "take",
    ", with",
    *(
        "number",
        "not yet",
        "not sent",
        "not shipped",
        "not been",
        "not know",
        "not sure",
        "not remember",
        "not recall",
    ),
)
_ENDS = (".", "!", "?", ";")
_THINGS = (
    *("thing", "stuff", "item", "gear", "equipment", "article", "product", "piece", "one"),
    *("related", "associated", "everything", "all", "anything", "whatever", "for", "what"),
)
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A product that a text names.

    Attributes:
        start, end: Its words.
        products: Names of the products that the words may mean.
        wanted: False: it is left out.
        use: It is what products are for, and all of these are meant: "gaming stuff".
    """

    start: int
    end: int
    products: frozenset[str]
    wanted: bool
    use: bool = False


def names_of(products: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return the words for each of some products."""
    more = vocabulary()["products"]
    return {each: (each, *more.get(each, ())) for each in products}


def mentions(words: Sequence[str], products: Iterable[str]) -> Sequence[Mention]:
    """Return the products that a text names, from the left.

    Args:
        words: Of the text.
        products: Names of those that may be meant.
    """
    by_place: dict[tuple[int, int], set[str]] = {}
    for each in spans(words, names_of(set(products)), typos=True):
        by_place.setdefault((each.start, each.end), set()).add(each.meaning)
    cues = list(_cues(words))
    found = [
        Mention(start, end, frozenset(meant), _is_wanted(words, start, end, cues))
        for (start, end), meant in by_place.items()
    ]
    for use in _uses(words, frozenset(products)):
        if not any(use.start < one.end and one.start < use.end for one in found):
            wanted = _is_wanted(words, use.start, use.end, cues)
            found.append(Mention(use.start, use.end, use.products, wanted, use=True))
    return sorted(found, key=lambda each: each.start)


def _uses(words: Sequence[str], products: frozenset[str]) -> Iterable[Mention]:
    """Yield what is said of the purpose of several products: "everything for the office"."""
    uses: Mapping[str, Sequence[str]] = vocabulary()["uses"]
    for each in spans(words, {use: [use] for use in uses}):
        near = {*words[max(0, each.start - _NEAR) : each.end + _NEAR]}
        meant = products & frozenset(uses[each.meaning])
        if meant and near & {*_THINGS}:
            yield Mention(each.start, each.end, meant, wanted=True)


def _cues(words: Sequence[str]) -> Iterable[Span]:
    meanings = {"out": _LEAVING_OUT, "again": _AGAIN, "all": _ALL}
    for each in spans(words, meanings, typos=True):
        if each.meaning == "again" and words[each.start] == "but":
            spoken = words[max(0, each.start - 4) : each.start]
            meaning = "out" if {*spoken} & {*_ALL} else "again"
            yield Span(each.start, each.end, meaning)
        else:
            yield each


def _is_wanted(words: Sequence[str], start: int, end: int, cues: Sequence[Span]) -> bool:
    first = max((place + 1 for place in range(start) if words[place] in _ENDS), default=0)
    last = min((place for place in range(end, len(words)) if words[place] in _ENDS), default=None)
    before = [each for each in cues if first <= each.start < start and each.meaning != "all"]
    before = [each for at, each in enumerate(before) if not _goes_on(each, before[at - 1 : at])]
    near = words[max(first, start - 2) : start]
    if (before and before[-1].meaning == "out") or {*near} & {*_NONE}:
        return False
    rest = words[end : len(words) if last is None else last]
    return not (
        rest[:1] in (("stays",), ("no",), ("keep",), ("remain",))
        or rest[:2] in (("i", "keep"), ("will", "stay"))
        or "stay" in rest
    )


def _goes_on(cue: Span, before: Sequence[Span]) -> bool:
    """Return whether a cue only goes on with what was left out: "excluding only"."""
    return bool(before) and before[0].end == cue.start and before[0].meaning == "out"


def products_of(items: Iterable[Record]) -> frozenset[str]:
    """Return the names of the products of some items."""
    return frozenset(str(each["name"]) for each in items)


def text_words(text: str) -> Sequence[str]:
    """Return the words of a text, in which a line break ends a sentence."""
    return words_of(text.replace("\n", ". "))

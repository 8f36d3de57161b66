"""Parser of claims: terms, quantities and negation of a sentence, in comparable form."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answering.grounding import lexicon
from bot.answering.grounding.bounds import bounded
from bot.answering.grounding.quantities import Quantity, measure
from bot.answering.grounding.sanitise import links_in
from bot.answering.grounding.units import CURRENCIES

HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W\d_]+)?")
_PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*_\d+\]")
_MARKUP = re.compile(r"[*_`~#|>\\]+")
_LIST_MARK = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|[a-z][.)])\s+")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)]*)\)")
_ADDRESS = re.compile(
    r"\S+@\S+|(?:https?://|www\.)\S+|\b(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE
)
_AS_AS = re.compile(r"\bas (?:long|soon|well|far|much|many) as\b", re.IGNORECASE)
_IRREGULAR = {
    "sent": "send", "paid": "pay", "bought": "buy", "took": "take", "taken": "take",
    "kept": "keep", "sold": "sell", "left": "leave", "made": "make", "wrote": "write",
    "written": "write", "found": "find", "said": "say", "told": "tell", "held": "hold",
    "chosen": "choose", "chose": "choose", "worn": "wear", "wore": "wear", "lent": "lend",
    "feet": "foot", "children": "child", "men": "man", "women": "woman", "fibres": "fibre",
    "froze": "freeze", "frozen": "freeze", "drawn": "draw", "thrown": "throw", "fitted": "fit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A content word, or a function word that may match one.

    Attributes:
        surface: The word in the text, in lower case.
        keys: What it may match by: its stem, and the sets of synonyms that it belongs to.
        name: Whether it is written like a name.
        silent: Whether it is a function word that may match a content word: `taken`, accepted.
    """

    surface: str
    keys: frozenset[str]
    name: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A sentence, or a part of one, parsed.

    Attributes:
        han: Runs of Chinese characters without function words, synonyms made equal.
        markers: Names of the `lexicon.MARKERS` that occur.
    """

    text: str
    terms: tuple[Term, ...]
    silent: tuple[Term, ...]
    quantities: tuple[Quantity, ...]
    han: tuple[str, ...]
    markers: frozenset[str]
    negated: bool

    @property
    def keys(self) -> frozenset[str]:
        """All keys of all terms."""
        keys = {key for term in (*self.terms, *self.silent) for key in term.keys}
        units = {quantity.unit for quantity in self.quantities}
        if units & CURRENCIES:
            keys |= _synonym_table()["cost"]  # an amount of money tells a price
        if any(each.unit in CURRENCIES and not each.value for each in self.quantities):
            keys |= {stem("free"), *_synonym_table()[stem("free")]}
        if "weight" in units:
            keys |= _synonym_table()["weigh"]
        return frozenset(keys)

    @property
    def size(self) -> int:
        """Number of its words and numbers; two Chinese characters count as a word."""
        return len(self.terms) + len(self.quantities) + sum((len(r) + 1) // 2 for r in self.han)


@bounded
def plain(markdown: str) -> str:
    """Return the words of a piece of Markdown, NFKC-normalised.

    >>> plain("- **Free** [label](https://a.test/x) for [ORDER_1]　２ 天")
    'Free label https://a.test/x for 2 天'
    """
    text = unicodedata.normalize("NFKC", markdown).replace("−", "-").replace("’", "'")
    text = _LIST_MARK.sub("", _PLACEHOLDER.sub(" ", _LINK.sub(r"\1 \2", text)))
    return " ".join(_MARKUP.sub(" ", text).split())


@bounded
@functools.lru_cache(maxsize=4_096)
def read(text: str) -> ParsedText:
    """Parse plain text.

    >>> sorted(read("Cash isn't accepted.").keys & {"cash"}), read("Cash isn't accepted.").negated
    (['cash'], True)
    """
    addresses = links_in(text)
    measured = measure(_ADDRESS.sub(_without_address, text))
    freed = lexicon.FREE.sub(" free ", _AS_AS.sub(" ", measured.words))
    han = _canonical_han(lexicon.NOT_CHARGED.sub("免费", freed))
    found = tuple(_terms(freed))
    return ParsedText(
        text=text,
        terms=(
            *(term for term in found if not term.silent),
            *(Term(link, frozenset({f"@{link}"}), name=True) for link in sorted(addresses)),
        ),
        silent=tuple(term for term in found if term.silent),
        quantities=measured.quantities,
        han=tuple(run for run in _han_runs(han) if run),
        markers=lexicon.markers(measured.words),
        negated=is_negated(text),
    )


@bounded
def is_negated(text: str) -> bool:
    """Return whether a text holds a negation.

    >>> is_negated("You can't."), is_negated("It costs nothing."), is_negated("不能退")
    (True, False, True)
    """
    return count_negations(text) > 0


@bounded
def count_negations(text: str) -> int:
    """Count the negations of a text."""
    text = lexicon.NO_NEGATION.sub(" ", lexicon.FREE.sub(" ", text))
    denied = len(lexicon.NEGATED_AUXILIARY.findall(text)) + len(lexicon.HAN_NEGATION.findall(text))
    text = lexicon.NEGATED_AUXILIARY.sub(" ", text)
    return denied + sum(w.lower() in lexicon.words("negations") for w in _WORD.findall(text))


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem that the inflections of a word share.

    >>> [stem(word) for word in ("returns", "returning", "carried", "boxes", "shipped")]
    ['return', 'return', 'carry', 'box', 'ship']
    """
    word = word.lower().removesuffix("'s").removesuffix("'")
    word = _IRREGULAR.get(word, word)
    for ending, instead in (
        ("ies", "y"),
        ("ied", "y"),
        ("sses", "ss"),
        ("xes", "x"),
        ("ches", "ch"),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word[: -len(ending)]
            if len(word) > 2 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


@functools.cache
def stems(name: str) -> frozenset[str]:
    """Return the stems of a list of the lexicon."""
    return frozenset(stem(word) for word in lexicon.words(name))


@bounded
def _terms(text: str) -> Iterator[Term]:
    found = list(_WORD.finditer(text))
    words = [match.group().lower() for match in found]
    place = 0
    while place < len(words):
        length, classes = _synonyms_at(words, place)
        surface = " ".join(words[place : place + length])
        letter = _is_letter(found[place].group())
        silent = length == 1 and not letter and not _says_something(words[place])
        if classes or not silent:
            capital = any(m.group()[:1].isupper() for m in found[place : place + length])
            opens = place == 0 or _opens(text, found[place].start())
            whole = found[place].group()
            name = (capital and not opens) or (len(whole) > 1 and not whole[1:].islower())
            keys = classes if length > 1 else classes | {stem(words[place])}
            yield Term(surface, keys, name, silent)
        place += length


def _is_letter(word: str) -> bool:
    """Return whether a single letter is a name, such as a size."""
    return len(word) == 1 and word.isupper() and word not in "AI"


def _opens(text: str, start: int) -> bool:
    return text[max(start - 20, 0) : start].rstrip()[-1:] in {"", ".", "!", "?", ":", '"', "“", ">"}


def _says_something(word: str) -> bool:
    bare = word.replace("'", "")
    known = (
        word in lexicon.silent()
        or bool(lexicon.NEGATED_AUXILIARY.fullmatch(word))
        or ("'" in word and word.partition("'")[0] in lexicon.silent())
    )
    return not known and len(bare) > 1


def _synonyms_at(words: Sequence[str], place: int) -> tuple[int, frozenset[str]]:
    """Return how many words from a place form the longest known phrase, and its synonym sets."""
    table = _synonym_table()
    for length in (4, 3, 2, 1):
        phrase = words[place : place + length]
        if len(phrase) == length:
            classes = table.get(" ".join(stem(word) for word in phrase))
            if classes and (length == 1 or any(map(_says_something, phrase)) or length > 1):
                return length, classes
    return 1, frozenset()


@functools.cache
def _synonym_table() -> Mapping[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for number, phrases in enumerate(lexicon.synonyms("en")):
        for phrase in phrases:
            key = " ".join(stem(word) for word in _WORD.findall(phrase))
            table.setdefault(key, set()).add(f"={number}")
    return {key: frozenset(classes) for key, classes in table.items()}


@functools.cache
def _han_table() -> tuple[re.Pattern[str], Mapping[str, str]]:
    first = {phrase: group[0] for group in reversed(lexicon.synonyms("zh")) for phrase in group}
    longest = sorted(first, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), first


@bounded
def _canonical_han(text: str) -> str:
    if not HAN.search(text):
        return ""
    pattern, first = _han_table()
    return pattern.sub(lambda found: first[found.group()], text)


@bounded
def _han_runs(text: str) -> Iterator[str]:
    for run in _HAN_RUN.findall(text):
        yield from lexicon.han_function().split(run)


def _without_address(found: re.Match[str]) -> str:
    """Replace an address by a space, but keep the mark that ends the sentence."""
    tail = found.group()[-1]
    return f" {tail}" if tail in ".,;:!?)" else " "

"""Reads what a customer wants of a product from what they write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.answering.recommendations.amounts import NumberReader
from bot.answering.recommendations.catalogue import Catalogue, Product, all_values
from bot.answering.recommendations.columns import Columns
from bot.answering.recommendations.lexicon import Item, Lexicon, Meaning, WishCue
from bot.answering.recommendations.phrases import Phrase, cut
from bot.answering.recommendations.wish import CATEGORY, NAME, PRICE, TEXT, Constraint

_LENGTH_OF_CODE = 2
"""Letters up to which a value is a code, such as M or XL, that needs a sign that it is meant."""

OLDEST_CHILD = 14
"""Age up to which somebody wears children's sizes."""

_FEW_KINDS = 2
"""Categories up to which an attribute is special to them."""

_REACH = 2
"""Phrases between the name of an attribute and its value."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says about products.

    Attributes:
        constraints: What is wanted and not wanted.
        soft: What would be nice.
        needless: Attributes that do not matter, the customer says.
        lower, higher: Attributes of which less or more is wanted than before.
        near: The price that it is to be about; 0: none.
        named: Products that are named, by id, each as those that the name may mean.
        like: Ids of products that it is to be similar to.
        currency: Currency of an amount that was read as one in the shop's; empty: none.
        cues: What else is said.
        covered: Share of the words that were understood, in [0, 1].
    """

    constraints: tuple[Constraint, ...] = ()
    soft: tuple[Constraint, ...] = ()
    needless: frozenset[str] = frozenset()
    lower: tuple[str, ...] = ()
    higher: tuple[str, ...] = ()
    near: float = 0.0
    named: tuple[tuple[str, ...], ...] = ()
    like: tuple[str, ...] = ()
    currency: str = ""
    cues: frozenset[WishCue] = frozenset()
    covered: float = 0.0

    @property
    def says_something(self) -> bool:
        """Whether anything was understood that changes what fits."""
        return bool(
            self.constraints
            or self.soft
            or self.needless
            or self.lower
            or self.higher
            or self.near
            or self.named
        )

    @property
    def categories(self) -> frozenset[str]:
        """The categories that are wanted."""
        found = (each for each in self.constraints if each.key == f"is:{CATEGORY}")
        return frozenset(str(value) for each in found for value in each.values)


@dataclass(slots=True)
class _Found:
    """What was found so far."""

    wanted: dict[str, list[Constraint]] = field(default_factory=dict)
    soft: list[Constraint] = field(default_factory=list)
    needless: set[str] = field(default_factory=set)
    lower: list[str] = field(default_factory=list)
    higher: list[str] = field(default_factory=list)
    named: list[tuple[str, ...]] = field(default_factory=list)
    like: list[str] = field(default_factory=list)
    understood: set[int] = field(default_factory=set)

    def add(self, constraint: Constraint, *, softly: bool = False) -> None:
        """Add a constraint; values of the same attribute are alternatives."""
        if softly:
            self.soft.append(constraint)
        else:
            self.wanted.setdefault(constraint.key, []).append(constraint)

    def constraints(self) -> Iterator[Constraint]:
        """Yield one constraint for each key."""
        for found in self.wanted.values():
            if found[0].op in ("most", "least"):
                yield found[-1]
            else:
                values = dict.fromkeys(value for each in found for value in each.values)
                yield Constraint(found[0].about, found[0].op, tuple(values))


@dataclass(slots=True)
class _Scope:
    """What the words before a phrase say of it, within a segment."""

    segment: int = -1
    negated: bool = False
    softly: bool = False
    needless: bool = False
    liked: bool = False
    behind_for: bool = False
    denied: bool = False


class WishReader:
    """Reads messages in one language.

    Args:
        catalogue: Of the shop.
        columns: The same by columns.
        lexicon: Its names in the language.
    """

    def __init__(self, catalogue: Catalogue, columns: Columns, lexicon: Lexicon) -> None:
        self._catalogue = catalogue
        self._columns = columns
        self._lexicon = lexicon
        self._numbers = NumberReader(catalogue)

    def read(self, text: str, *, negated: Sequence[str] = ()) -> Reading:
        """Read a message.

        Args:
            text: What the customer wrote.
            negated: Segments that a trained head read as what is not wanted.
        """
        phrases = cut(text, self._lexicon).phrases
        found = _Found()
        whole = {each.strip().casefold() for each in negated}
        self._words(phrases, found, whole)
        numbers = self._numbers.read(phrases)
        found.understood |= numbers.understood
        for each in numbers.constraints:
            found.add(each)
        category = self._category_of_named(found)
        constraints, doubtful = self._meaningful((*found.constraints(), *category))
        return Reading(
            constraints,
            (*found.soft, *doubtful),
            frozenset(found.needless),
            tuple(dict.fromkeys(found.lower)),
            tuple(dict.fromkeys(found.higher)),
            numbers.near,
            tuple(dict.fromkeys(found.named)),
            tuple(found.like),
            numbers.currency,
            _cues(phrases),
            len(found.understood) / len(phrases) if phrases else 0.0,
        )

    def _meaningful(
        self, constraints: Sequence[Constraint]
    ) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...]]:
        """Return what is wanted for sure, and what may have been meant otherwise.

        A choice means nothing in a category whose products do not have it: the "low" of a low
        price is no height of shoes. Where no category is named, it may have been meant.
        """
        categories = [str(v) for e in constraints if e.key == f"is:{CATEGORY}" for v in e.values]
        kept, doubtful = [], []
        for each in constraints:
            attribute = self._catalogue.attributes.get(each.about)
            if attribute is None or attribute.type != "choice" or each.op != "is":
                kept.append(each)
            elif categories:
                if self._catalogue.is_used(each.about, categories):
                    kept.append(each)
                elif each.about in self._catalogue.for_whom:
                    kept.append(each)
            elif self._is_general(each.about) or not self._is_everyday(each):
                kept.append(each)
            else:
                doubtful.append(each)
        return tuple(kept), tuple(doubtful)

    def _is_general(self, attribute: str) -> bool:
        """Return whether products of several kinds have an attribute."""
        used = self._catalogue.used_in.values()
        return sum(bool(each.get(attribute)) for each in used) > _FEW_KINDS

    def _is_everyday(self, constraint: Constraint) -> bool:
        """Return whether a value is called by an everyday word."""
        attribute = self._catalogue.attributes[constraint.about]
        words = [
            word
            for value in constraint.values
            for names in attribute.values.get(str(value), {}).values()
            for word in names
        ]
        return any(not self._lexicon.is_rare(word.lower()) for word in words)

    def _words(self, phrases: Sequence[Phrase], found: _Found, whole: set[str]) -> None:
        scope = _Scope()
        for at, phrase in enumerate(phrases):
            if phrase.segment != scope.segment:
                scope = _Scope(phrase.segment)
                said = _segment(phrases, phrase.segment)
                scope.negated = said in whole or _denied_at_end(phrases, phrase.segment)
            if phrase.item is None:
                scope.negated = scope.needless = False
                continue
            if _opens(scope, phrase.item):
                found.understood.add(at)
            elif phrase.item.meanings:
                if self._meant(phrases, at, scope, found):
                    found.understood.add(at)
            else:
                self._plain_word(phrase.item, at, scope, found)

    def _meant(self, phrases: Sequence[Phrase], at: int, scope: _Scope, found: _Found) -> bool:
        """Read a phrase that names something; return whether it was understood."""
        phrase = phrases[at]
        item = phrase.item
        assert item is not None  # noqa: S101 - numbers are read by themselves
        if self._compares(phrases, at, scope, found):
            return True
        if item.of("attribute") and at and phrases[at - 1].number is not None:
            return True  # "2-man tent"
        values = [each for each in item.of("value") if self._is_meant(phrases, at, each)]
        if values:
            self._value(values, scope, found)
            return True
        if attributes := item.of("attribute"):
            if scope.needless:
                found.needless |= {each.about for each in attributes}
            return True
        if categories := item.of("category"):
            self._category(categories, scope, found)
            return True
        if names := item.of("name"):
            self._name(names[0], scope, found)
            return True
        return False

    def _value(self, values: Sequence[Meaning], scope: _Scope, found: _Found) -> None:
        about = values[0].about
        same = tuple(value for each in values if each.about == about for value in each.values)
        if scope.needless:
            found.needless.add(about)
        elif scope.negated:
            found.add(Constraint(about, "not", same))
            scope.denied = True
        else:
            found.add(Constraint(about, "is", same), softly=scope.softly)

    def _category(self, categories: Sequence[Meaning], scope: _Scope, found: _Found) -> None:
        names = tuple(each.about for each in categories)
        if scope.negated and scope.denied:  # "no down jackets": down is denied, not jackets
            scope.denied = False
            return
        if scope.negated or scope.needless:
            found.add(Constraint(CATEGORY, "not", names))
            return
        already = f"is:{CATEGORY}" in found.wanted
        found.add(Constraint(CATEGORY, "is", names), softly=scope.behind_for and already)

    def _name(self, name: Meaning, scope: _Scope, found: _Found) -> None:
        ids = tuple(str(each) for each in name.values)
        if scope.negated:
            found.add(Constraint(NAME, "not", ids))
        elif scope.liked:
            found.like += ids
        else:
            found.named.append(ids)

    def _plain_word(self, item: Item, at: int, scope: _Scope, found: _Found) -> None:
        """Read a word that the catalogue has no name for: a compound, or what is not wanted."""
        first, head = self._lexicon.compound(item.text)
        if head:
            before = [each for form in _stems(first) for each in self._lexicon.meanings(form)]
            if values := [each for each in before if each.kind == "value"]:
                self._value(values, scope, found)
            categories = [each for each in self._lexicon.meanings(head) if each.kind == "category"]
            self._category(categories, scope, found)
            found.understood.add(at)
        elif scope.negated and not scope.needless and self._is_rare(item.text):
            found.add(Constraint(TEXT, "not", (item.text,)))
            found.understood.add(at)

    def _is_rare(self, word: str) -> bool:
        """Return whether a word is written about some products, and not about most."""
        there = self._columns.words.get(word, ())
        few = len(there) <= max(1, len(self._catalogue.products) // 4)
        return bool(there) and few and len(word) > _LENGTH_OF_CODE and self._lexicon.is_rare(word)

    def _is_meant(self, phrases: Sequence[Phrase], at: int, value: Meaning) -> bool:
        """Return whether a value is meant: short ones need the attribute's name, or capitals."""
        phrase = phrases[at]
        text = phrase.raw
        before = phrases[max(at - _REACH, 0) : at]
        if value.group and before and before[-1].raw.isdigit():  # "my 70 year old dad"
            return int(before[-1].raw) <= OLDEST_CHILD
        if len(text) > _LENGTH_OF_CODE or not text.isascii():
            return True
        named = any(
            meaning.about == value.about
            for each in before
            if each.item is not None
            for meaning in each.item.of("attribute")
        )
        is_code = text.isupper() and not self._lexicon.is_function_word(text.lower())
        return named or is_code

    def _compares(self, phrases: Sequence[Phrase], at: int, scope: _Scope, found: _Found) -> bool:
        """Read "lighter", and "cheaper than the Plume": less than another product has."""
        item = phrases[at].item
        assert item is not None  # noqa: S101 - the caller saw it
        direction = _direction(item, self._catalogue)
        if direction is None or (item.of("category") and not _others(phrases, at, "category")):
            return False
        about, lower = direction
        scope.negated = False  # "not too heavy" wants less as well
        product = self._compared_with(phrases, at, found)
        if product is None:
            (found.lower if lower else found.higher).append(about)
            return True
        numbers = [product.price] if about == PRICE else all_values(product, about)
        if numbers:
            value = float(min(map(float, numbers)))
            step = max(abs(value) * 1e-6, 1e-6)
            bound = value - step if lower else value + step
            found.add(Constraint(about, "most" if lower else "least", (bound,)))
        return True

    def _compared_with(self, phrases: Sequence[Phrase], at: int, found: _Found) -> Product | None:
        """Return the product after "than"; it is no longer counted as one that is asked for."""
        behind = [each for each in phrases[at + 1 : at + 6] if each.item is not None]
        than = next((n for n, e in enumerate(behind) if e.item.cue(WishCue.THAN)), None)  # type: ignore[union-attr]  # filtered above
        if than is None:
            return None
        for each in behind[than + 1 :]:
            names = each.item.of("name") if each.item else ()
            if names and len(names[0].values) == 1:
                identity = str(names[0].values[0])
                found.like.append(identity)
                return self._catalogue.by_id.get(identity)
        return None

    def _category_of_named(self, found: _Found) -> Sequence[Constraint]:
        """Return the category of a product that is compared with, where none is named."""
        if f"is:{CATEGORY}" in found.wanted or not found.like:
            return ()
        categories = {
            self._catalogue.by_id[each].category: None
            for each in found.like
            if each in self._catalogue.by_id
        }
        found.named = [each for each in found.named if not set(each) & set(found.like)]
        return (Constraint(CATEGORY, "is", tuple(categories)),) if categories else ()


def _opens(scope: _Scope, item: Item) -> bool:
    """Change the scope by a cue; return whether it was one."""
    if item.cue(WishCue.NEED_NOT):
        scope.needless = True
    elif item.cue(WishCue.NOT):
        scope.negated = True
    elif item.cue(WishCue.BUT):
        scope.negated = scope.needless = False
    elif item.cue(WishCue.SOFT):
        scope.softly = True
    elif item.cue(WishCue.LIKE):
        scope.liked = True
    elif item.cue(WishCue.FOR):
        scope.behind_for = True
    else:
        return False
    return True


def _others(phrases: Sequence[Phrase], at: int, kind: str) -> bool:
    """Return whether another phrase than one names something of a kind."""
    return any(
        each.item is not None and each.item.of(kind)
        for place, each in enumerate(phrases)
        if place != at
    )


def _segment(phrases: Sequence[Phrase], segment: int) -> str:
    return " ".join(each.raw for each in phrases if each.segment == segment).casefold()


def _denied_at_end(phrases: Sequence[Phrase], segment: int) -> bool:
    """Return whether a segment ends with a denial of what it names: "黑色不要"."""
    inside = [each for each in phrases if each.segment == segment]
    denials = [at for at, each in enumerate(inside) if each.item and each.item.cue(WishCue.NOT)]
    if not denials:
        return False
    behind = inside[denials[0] + 1 :]
    names = any(each.item and each.item.meanings and not each.item.of("cue") for each in behind)
    return not names and not any(each.number for each in behind)


def _direction(item: Item, catalogue: Catalogue) -> tuple[str, bool] | None:
    """Return the attribute that a comparative is about, and whether less of it is wanted."""
    if item.cue(WishCue.CHEAPER):
        return PRICE, True
    for cues, units, lower in _BY_UNIT:
        if item.cue(cues):
            for attribute in catalogue.attributes.values():
                if attribute.type == "number" and attribute.unit.lower() in units:
                    return attribute.name, lower
    return None


_BY_UNIT = (
    (WishCue.LIGHTER, frozenset({"g", "kg", "oz", "lb"}), True),
    (WishCue.WARMER, frozenset({"°c", "°f", "c", "f"}), True),
    (WishCue.LARGER, frozenset({"l", "cm", "m", "people", "persons", "person"}), False),
    (WishCue.SMALLER, frozenset({"l", "cm", "m", "people", "persons", "person"}), True),
)
"""The attribute that a comparative is about, by its unit, and whether less is wanted."""


def _stems(first: str) -> Iterator[str]:
    """Yield the first part of a compound, with and without what links it to the second."""
    yield first
    for link in ("s", "n", "en", "es", "-"):
        if first.endswith(link):
            yield first.removesuffix(link)


def _cues(phrases: Sequence[Phrase]) -> frozenset[WishCue]:
    return frozenset(
        WishCue(each.about)
        for phrase in phrases
        if phrase.item is not None
        for each in phrase.item.of("cue")
    )

"""Reads what a customer wants of a product from what they write."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.answering.recommendations.amounts import NumberReader
from bot.answering.recommendations.catalogue import Catalogue, Product, all_values
from bot.answering.recommendations.codes import LENGTH_OF_CODE, is_meant
from bot.answering.recommendations.columns import Columns
from bot.answering.recommendations.comparatives import compared_with, direction
from bot.answering.recommendations.doubts import Doubts
from bot.answering.recommendations.foreign_words import ForeignWords
from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.meanings import Item, Meaning, WishCue
from bot.answering.recommendations.people import party
from bot.answering.recommendations.phrases import Phrase, cut
from bot.answering.recommendations.reading import Reading
from bot.answering.recommendations.scope import (
    Found,
    Scope,
    ends_with,
    named_elsewhere,
    opens,
    segment_text,
)
from bot.answering.recommendations.wish import CATEGORY, NAME, PRICE, TEXT, Constraint


class WishReader:
    """Reads messages in one language.

    Args:
        catalogue: Of the shop.
        columns: The same by columns.
        lexicon: Its names in the language.
        foreign: Its names in other languages; None: it has names in this one.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        columns: Columns,
        lexicon: Lexicon,
        foreign: ForeignWords | None = None,
    ) -> None:
        self._foreign = foreign
        self._catalogue = catalogue
        self._columns = columns
        self._lexicon = lexicon
        self._doubts = Doubts(catalogue, lexicon)

    def read(
        self, text: str, *, negated: Sequence[str] = (), context: Collection[str] = ()
    ) -> Reading:
        """Read a message.

        Args:
            text: What the customer wrote.
            context: Categories that were wanted before.
            negated: Segments that a trained head read as what is not wanted.
        """
        said = cut(text, self._lexicon)
        phrases = self._translated(said.phrases)
        found = Found(kinds={*context, *_categories(phrases)})
        whole = {each.strip().casefold() for each in negated}
        self._words(phrases, found, whole)
        numbers = NumberReader(self._catalogue, context).read(
            phrases, party(said.text, self._lexicon.language)
        )
        found.understood |= numbers.understood
        for bound in numbers.constraints:
            found.add(bound)
        category = self._category_of_named(found)
        constraints, doubtful = self._doubts.meaningful((*found.constraints(), *category), context)
        implied = self._doubts.implied(found.implied, constraints, context)
        constraints = (*constraints, *implied)
        return Reading(
            constraints,
            (*found.soft, *doubtful),
            frozenset(found.needless),
            tuple(dict.fromkeys(found.lower)),
            tuple(dict.fromkeys(found.higher)),
            numbers.near,
            tuple(self._within(dict.fromkeys(found.named), constraints)),
            tuple(each for ids in self._within([tuple(found.like)], constraints) for each in ids),
            numbers.currency,
            _cues(phrases),
            len(found.understood) / len(phrases) if phrases else 0.0,
        )

    def _translated(self, phrases: Sequence[Phrase]) -> Sequence[Phrase]:
        """Return phrases with the meanings that their words have in other languages."""
        if self._foreign is None:
            return phrases
        plain = [each.raw.lower() for each in phrases if each.item and not each.item.meanings]
        found = self._foreign.meanings(plain, self._lexicon)
        return [
            replace(each, item=replace(each.item, meanings=found[each.raw.lower()]))
            if each.item and not each.item.meanings and each.raw.lower() in found
            else each
            for each in phrases
        ]

    def _words(self, phrases: Sequence[Phrase], found: Found, whole: set[str]) -> None:
        scope = Scope()
        for at, phrase in enumerate(phrases):
            if phrase.segment != scope.segment:
                scope = Scope(phrase.segment)
                said = segment_text(phrases, phrase.segment)
                plain = self._lexicon.is_plain
                denied = ends_with(WishCue.NOT, phrases, phrase.segment, plain)
                scope.negated = said in whole or denied
                scope.needless = ends_with(WishCue.NEED_NOT, phrases, phrase.segment, plain)
            if phrase.item is None:
                scope.negated = scope.needless = False
                continue
            scope.passes(phrase.item)
            if opens(scope, phrase.item):
                found.understood.add(at)
            elif phrase.item.meanings:
                if self._meant(phrases, at, scope, found):
                    found.understood.add(at)
            else:
                self._plain_word(phrase.item, at, scope, found)

    def _meant(self, phrases: Sequence[Phrase], at: int, scope: Scope, found: Found) -> bool:
        """Read a phrase that names something; return whether it was understood."""
        phrase = phrases[at]
        item = phrase.item
        assert item is not None  # noqa: S101 - numbers are read by themselves
        if self._compares(phrases, at, scope, found):
            return True
        if item.of("attribute") and at and phrases[at - 1].number is not None:
            return True  # "2-man tent"
        values = [each for each in item.of("value") if is_meant(phrases, at, each, self._lexicon)]
        if values:
            self._value(values, scope, found)
            if self._foreign is not None and (kinds := item.of("category")):
                self._category(kinds, scope, found)
            return True
        if categories := item.of("category"):
            self._category(categories, scope, found)
            return True
        if attributes := item.of("attribute"):
            if scope.needless:
                found.needless |= {each.about for each in attributes}
            return True
        if item.cue(WishCue.ADULTS):
            self._adults(found)
            return True
        if names := item.of("name"):
            self._name(names[0], scope, found)
            return True
        return False

    def _value(self, values: Sequence[Meaning], scope: Scope, found: Found) -> None:
        about = values[0].about
        same = tuple(value for each in values if each.about == about for value in each.values)
        if scope.needless:
            found.needless.add(about)
        elif scope.negated:
            found.add(Constraint(about, "not", same))
            scope.denied = True
        else:
            found.add(Constraint(about, "is", same), softly=scope.softly)

    def _adults(self, found: Found) -> None:
        """Exclude what is made for children."""
        for name in self._catalogue.for_whom:
            children = self._catalogue.children(name)
            if children:
                found.add(Constraint(name, "not", children))

    def _category(self, categories: Sequence[Meaning], scope: Scope, found: Found) -> None:
        names = tuple(each.about for each in categories)
        if scope.negated and scope.denied:  # "no down jackets": down is denied, not jackets
            scope.denied = False
            return
        if scope.negated or scope.needless:
            found.add(Constraint(CATEGORY, "not", names))
            return
        already = f"is:{CATEGORY}" in found.wanted
        found.add(Constraint(CATEGORY, "is", names), softly=scope.behind_for and already)

    def _name(self, name: Meaning, scope: Scope, found: Found) -> None:
        ids = tuple(str(each) for each in name.values)
        if scope.negated:
            every = tuple(str(each) for each in name.every)
            found.add(Constraint(NAME, "not", every))
        elif scope.liked:
            found.like += ids
        else:
            found.named.append(ids)
            if not scope.behind_for or self._names_kind(name.about):
                found.kind_of += ids

    def _names_kind(self, phrase: str) -> bool:
        """Return whether a part of a product's name is a kind of product: "trail running shoes"."""
        return any(
            meaning.kind == "category"
            for word in phrase.split()
            for meaning in self._lexicon.meanings(word)
        )

    def _plain_word(self, item: Item, at: int, scope: Scope, found: Found) -> None:
        """Read a word that the catalogue has no name for: a compound, or what is not wanted."""
        first, head = self._lexicon.compound(item.text)
        if head:
            before = [each for form in _stems(first) for each in self._lexicon.meanings(form)]
            if values := [each for each in before if each.kind == "value"]:
                self._value(values, scope, found)
            elif (switch := self._lexicon.begins_name(first)) and not scope.negated:
                found.implied.append(Constraint(switch.about, "is", switch.values))
            categories = [each for each in self._lexicon.meanings(head) if each.kind == "category"]
            self._category(categories, scope, found)
            found.understood.add(at)
        elif (value := self._lexicon.begins_with_value(item.text)) and not head:
            values = [e for e in self._lexicon.meanings(value) if e.kind == "value"]
            self._value(values, scope, found)
            found.understood.add(at)
        elif (switch := self._lexicon.begins_name(item.text)) and not scope.negated:
            found.implied.append(Constraint(switch.about, "is", switch.values))  # "rain jacket"
            found.understood.add(at)
        elif scope.negated and not scope.needless and self._is_rare(item.text):
            found.add(Constraint(TEXT, "not", (item.text,)))
            found.understood.add(at)

    def _is_rare(self, word: str) -> bool:
        """Return whether a word is written about some products, and not about most."""
        there = self._columns.words.get(word, ())
        few = len(there) <= max(1, len(self._catalogue.products) // 4)
        return bool(there) and few and len(word) > LENGTH_OF_CODE and self._lexicon.is_rare(word)

    def _compares(self, phrases: Sequence[Phrase], at: int, scope: Scope, found: Found) -> bool:
        """Read "lighter", and "cheaper than the Plume": less than another product has."""
        item = phrases[at].item
        assert item is not None  # noqa: S101 - the caller saw it
        found_direction = direction(item, self._catalogue, found.kinds)
        if found_direction is None:
            return self._warms(item, found)
        if item.of("category") and not named_elsewhere(phrases, at, "category"):
            return False  # "a light" is a lamp, "a light jacket" is none
        about, lower = found_direction
        if item.cue(WishCue.DEARER, WishCue.HEAVIER):  # "not expensive" wants less
            lower = scope.negated
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

    def _warms(self, item: Item, found: Found) -> bool:
        """Read "warm" where products have no temperature: those that are made to be warm."""
        if item.cue(WishCue.WARMER):
            switches = self._catalogue.warm_switches
            found.implied += [Constraint(each, "is", (True,)) for each in switches]
        return item.cue(WishCue.WARMER)

    def _compared_with(self, phrases: Sequence[Phrase], at: int, found: Found) -> Product | None:
        """Return the product after "than"; others are to be like it."""
        ids = compared_with(phrases, at)
        if len(ids) != 1:
            return None
        found.like += ids
        return self._catalogue.by_id.get(ids[0])

    def _within(
        self, named: Iterable[tuple[str, ...]], constraints: Sequence[Constraint]
    ) -> Iterator[tuple[str, ...]]:
        """Yield named products, of several with a name those of the wanted category."""
        wanted = {v for e in constraints if e.key == f"is:{CATEGORY}" for v in e.values}
        for ids in named:
            within = [each for each in ids if self._catalogue.by_id[each].category in wanted]
            yield tuple(within) or ids

    def _category_of_named(self, found: Found) -> Sequence[Constraint]:
        """Return the category of the products that are compared with, or are named as a kind."""
        if f"is:{CATEGORY}" in found.wanted:
            return ()
        ids = found.like or found.kind_of
        categories = {
            self._catalogue.by_id[each].category: None
            for each in ids
            if each in self._catalogue.by_id
        }
        if found.like:
            found.named = [each for each in found.named if not set(each) & set(found.like)]
        elif len(categories) > 1:  # a word that is in names of several kinds tells none
            return ()
        return (Constraint(CATEGORY, "is", tuple(categories)),) if categories else ()


def _stems(first: str) -> Iterator[str]:
    """Yield the first part of a compound, with and without what links it to the second."""
    yield first
    for link in ("s", "n", "en", "es", "-"):
        if first.endswith(link):
            yield first.removesuffix(link)


def _categories(phrases: Sequence[Phrase]) -> Iterator[str]:
    for phrase in phrases:
        for each in phrase.item.of("category") if phrase.item else ():
            yield each.about


def _cues(phrases: Sequence[Phrase]) -> frozenset[WishCue]:
    return frozenset(
        WishCue(each.about)
        for phrase in phrases
        if phrase.item is not None
        for each in phrase.item.of("cue")
    )

"""Tells values that are meant from everyday words that a catalogue happens to use as values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.columns import USUAL
from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.wish import CATEGORY, Constraint

_FEW_KINDS = 2
"""Categories up to which an attribute is special to them."""


class Doubts:
    """Looks at the constraints of one message together.

    Args:
        catalogue: Of the shop.
        lexicon: Its names in the language of the message.
    """

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon) -> None:
        self._catalogue = catalogue
        self._lexicon = lexicon

    def meaningful(
        self, constraints: Sequence[Constraint], context: Collection[str] = ()
    ) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...]]:
        """Return what is wanted for sure, and what may have been meant otherwise.

        A choice means nothing in a category whose products do not have it: the "low" of a low
        price is no height of shoes. Where no category is named, it may have been meant.
        """
        categories = _kinds(constraints) or list(context)
        kept, doubtful = [], []
        for each in map(self._for_the_child, constraints):
            attribute = self._catalogue.attributes.get(each.about)
            if attribute is None or attribute.type != "choice" or each.op != "is":
                kept.append(each)
            elif categories:
                if self._catalogue.is_used(each.about, categories):
                    kept.append(each)
            elif self._is_general(each.about) or not self._is_everyday(each):
                kept.append(each)
            else:
                doubtful.append(each)
        return tuple(kept), tuple(doubtful)

    def implied(
        self,
        implied: Sequence[Constraint],
        constraints: Sequence[Constraint],
        context: Collection[str] = (),
    ) -> list[Constraint]:
        """Return what a kind of product implies, such as the "rain" of a rain jacket.

        Only where a kind is named most of whose products have it, and nothing else was said of it.
        """
        categories = _kinds(constraints) or list(context)
        said = {each.about for each in constraints}
        return [
            each
            for each in dict.fromkeys(implied)
            if each.about not in said and self._is_usual(each.about, categories)
        ]

    def open_switches(
        self, constraints: Sequence[Constraint], context: Collection[str] = ()
    ) -> list[str]:
        """Return the switches that most products of a wanted kind have, of which nothing was said.

        Args:
            constraints: What was said.
            context: Categories that were wanted before.
        """
        categories = _kinds(constraints) or list(context)
        said = {each.about for each in constraints}
        return [
            each.name
            for each in self._catalogue.attributes.values()
            if each.type == "boolean"
            and each.name not in said
            and self._is_usual(each.name, categories)
        ]

    def mattering(
        self, named: Collection[str], constraints: Sequence[Constraint], context: Collection[str]
    ) -> list[Constraint]:
        """Return that what is named without a number must be there: "where I can stand up"."""
        categories = _kinds(constraints) or list(context)
        said = {each.about for each in constraints}
        ranges = self._catalogue.ranges
        found = []
        for name in sorted(set(named) - said):
            least = [ranges[each, name][0] for each in categories if (each, name) in ranges]
            if least and not self._is_usual(name, categories):
                found.append(Constraint(name, "least", (min(least),)))
        return found

    def _is_usual(self, attribute: str, categories: Collection[str]) -> bool:
        used = self._catalogue.used_in
        return any(used.get(each, {}).get(attribute, 0.0) >= USUAL for each in categories)

    def _for_the_child(self, constraint: Constraint) -> Constraint:
        """Return whom it is for: "my daughter ... her brother" speaks of the child first named."""
        if constraint.op != "is" or constraint.about not in self._catalogue.for_whom:
            return constraint
        children = self._catalogue.children(constraint.about)
        if constraint.values[0] not in children:
            return constraint
        return replace(
            constraint, values=tuple(each for each in constraint.values if each in children)
        )

    def _is_general(self, attribute: str) -> bool:
        """Return whether an attribute is no speciality: of several kinds, variants or people."""
        if attribute in self._catalogue.for_whom | self._catalogue.by_variant:
            return True
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


def _kinds(constraints: Sequence[Constraint]) -> list[str]:
    return [str(v) for e in constraints if e.key == f"is:{CATEGORY}" for v in e.values]

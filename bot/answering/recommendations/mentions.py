"""Reads what one phrase of a message says of products."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.codes import LENGTH_OF_CODE, is_meant, is_word_for_code
from bot.answering.recommendations.columns import Columns
from bot.answering.recommendations.comparing import Comparisons
from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.meanings import Item, Meaning, WishCue
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.scope import Found, Scope, says_nothing
from bot.answering.recommendations.wish import CATEGORY, NAME, TEXT, Constraint
from bot.understanding.language.words import folded_words


class MentionReader:
    """Reads phrases in one language.

    Args:
        catalogue: Of the shop.
        columns: The same by columns.
        lexicon: Its names in the language.
    """

    def __init__(self, catalogue: Catalogue, columns: Columns, lexicon: Lexicon) -> None:
        self._catalogue = catalogue
        self._columns = columns
        self._lexicon = lexicon
        self._comparisons = Comparisons(catalogue)

    def named(self, phrases: Sequence[Phrase], at: int, scope: Scope, found: Found) -> bool:
        """Read a phrase that names something; return whether it was understood."""
        phrase = phrases[at]
        item = phrase.item
        assert item is not None  # noqa: S101 - numbers are read by themselves
        if self._comparisons.read(phrases, at, scope, found):
            return True
        if item.of("attribute") and at and phrases[at - 1].number is not None:
            return True  # "2-man tent"
        if item.cue(WishCue.PRONOUN) and self._stands_alone(phrases, at):
            return self._deny_last(scope, found)
        values = [each for each in item.of("value") if is_meant(phrases, at, each, self._lexicon)]
        categories = item.of("category")
        if values and found.kinds and is_word_for_code(item, values):  # "poles that fold small"
            values = [each for each in values if self._is_used(each, found.kinds)]
        if values:
            self._value(values, scope, found)
        if categories and not scope.negated and self._is_place(phrases, at):
            found.places += [Constraint(CATEGORY, "is", tuple(each.about for each in categories))]
        elif categories:
            self._category(categories, scope, found)
            self._subtype(item.text, categories, scope, found)
            if not values and not scope.negated:
                self._part(item.text, scope, found)
        return bool(values or categories) or self._other(item, scope, found)

    def _subtype(
        self, word: str, categories: Sequence[Meaning], scope: Scope, found: Found
    ) -> None:
        """Read a word that is in the names of a few products of a kind alone: "gloves"."""
        kinds = {each.about for each in categories}
        own = {p for each in kinds for p in self._lexicon.forms_of_name(each)}
        forms = {word, *self._lexicon.forms(word)}
        if scope.negated or scope.behind_for or len(kinds) > 1 or " " in word or own & forms:
            return
        heads = self._catalogue.name_words.get(next(iter(kinds)), {})
        said = [each for each in heads if each in forms]
        of_kind = self._catalogue.sizes.get(next(iter(kinds)), 0)
        if said and sum(heads[each] for each in said) * 2 <= of_kind:
            found.add(Constraint(TEXT, "is", tuple(said)))

    def _part(self, name: str, scope: Scope, found: Found) -> None:
        """Read a value in the name of a kind: "rain shell", "Daunenschlafsack", "merino shirt"."""
        parts = name.split()
        first = parts[0] if len(parts) > 1 else self._lexicon.compound(name)[0]
        beginning = self._lexicon.begins_with_value(name) if len(parts) == 1 else ""
        forms = [*_stems(first), *([beginning] if beginning else [])] if first or beginning else []
        values = [m for form in forms for m in self._lexicon.meanings(form) if m.kind == "value"]
        values = [each for each in values if each.about not in self._catalogue.by_variant]
        if values:
            self._value(values, scope, found)
        elif first and (switch := self._lexicon.begins_name(first)):
            found.implied.append(Constraint(switch.about, "is", switch.values))

    def _is_place(self, phrases: Sequence[Phrase], at: int) -> bool:
        """Return whether a kind only says where something is used: "to read in the tent"."""
        before = [each.item for each in phrases[max(at - 3, 0) : at]]
        return any(each is not None and each.cue(WishCue.INSIDE) for each in before)

    def _other(self, item: Item, scope: Scope, found: Found) -> bool:
        """Read a phrase that names neither a value nor a category."""
        if attributes := item.of("attribute"):
            about = {each.about for each in attributes}
            if scope.needless:
                found.needless |= about
            elif not scope.negated:
                found.numbers |= about
        elif absences := item.of("absence"):
            if not scope.negated:
                return False
            for each in absences:  # "no PFAS" wants what is free of them
                found.add(Constraint(each.about, "is", each.values))
            scope.denied = True
        elif item.cue(WishCue.ADULTS):
            self._adults(found)
        elif names := item.of("name"):
            self._name(names[0], scope, found)
        else:
            return False
        return True

    def _value(self, values: Sequence[Meaning], scope: Scope, found: Found) -> None:
        used = [each for each in values if self._is_used(each, found.kinds)] or values[:1]
        for about in dict.fromkeys(each.about for each in used):
            same = tuple(v for each in values if each.about == about for v in each.values)
            self._add_value(Constraint(about, "is", same), scope, found)

    def _is_used(self, value: Meaning, kinds: Collection[str]) -> bool:
        """Return whether some product of the wanted categories has a value."""
        there = self._catalogue.used_values
        return any(v in there.get((each, value.about), ()) for each in kinds for v in value.values)

    def _add_value(self, wanted: Constraint, scope: Scope, found: Found) -> None:
        found.last = wanted
        if scope.needless:
            found.needless.add(wanted.about)
        elif scope.negated:
            found.add(replace(wanted, op="not"), softly=scope.softly)
            scope.denied = True
        else:
            found.add(wanted, softly=scope.softly)

    def _stands_alone(self, phrases: Sequence[Phrase], at: int) -> bool:
        """Return whether a pronoun is all that a denial before it denies."""
        inside = [each for each in phrases if each.segment == phrases[at].segment]
        place = sum(each.segment == phrases[at].segment for each in phrases[:at])
        before = [each.item for each in inside[max(place - 2, 0) : place]]
        denied = any(each is not None and each.cue(WishCue.NOT) for each in before)
        behind = inside[place + 1 :]
        return denied and all(says_nothing(e.item, self._lexicon.is_plain) for e in behind)

    def _deny_last(self, scope: Scope, found: Found) -> bool:
        """Deny what was named last: "I had a black one and hated it"."""
        if found.last is None:
            return False
        found.add(replace(found.last, op="not"))
        scope.denied = True
        return True

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
            found.places.append(Constraint(CATEGORY, "is", names))
            return
        if scope.negated or scope.needless:
            found.add(Constraint(CATEGORY, "not", names))
            return
        already = f"is:{CATEGORY}" in found.wanted
        found.add(Constraint(CATEGORY, "is", names), softly=scope.behind_for and already)

    def _name(self, name: Meaning, scope: Scope, found: Found) -> None:
        ids = tuple(str(each) for each in name.values)
        every = tuple(str(each) for each in name.every)
        found.last = Constraint(NAME, "is", every)
        if scope.negated:
            found.add(Constraint(NAME, "not", every))
        elif scope.liked:
            found.like += ids
        else:
            found.named.append(ids)
            if scope.behind_for:
                found.goes_with += name.every
            if self._names_kind(name.about, ids, behind_for=scope.behind_for):
                found.kind_of += ids

    def _names_kind(self, phrase: str, ids: Sequence[str], *, behind_for: bool) -> bool:
        """Return whether a part of names is a kind of product: "trail running shoes"."""
        parts = phrase.split()
        if any(m.kind == "category" for each in parts for m in self._lexicon.meanings(each)):
            return True
        names = [name for each in ids for name in self._catalogue.by_id[each].names.values()]
        is_head = any(folded_words(each)[-1:] == (parts[-1],) for each in names)
        return not behind_for and (is_head or len(parts) > 1)

    def plain(self, item: Item, at: int, scope: Scope, found: Found) -> None:
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
            if scope.needless:
                return
            found.implied.append(Constraint(switch.about, "is", switch.values))  # "rain jacket"
            found.understood.add(at)
        elif scope.negated and not scope.needless and self._lexicon.is_rare(item.text):
            if self._is_rare(item.text):
                found.add(Constraint(TEXT, "not", (item.text,)))
                found.understood.add(at)
            elif len(item.text) > LENGTH_OF_CODE and not scope.denied:
                found.unread.append(item.text)
                scope.denied = True

    def _is_rare(self, word: str) -> bool:
        """Return whether a word is written about some products, and not about most."""
        there = self._columns.words.get(word, ())
        few = len(there) <= max(1, len(self._catalogue.products) // 4)
        return bool(there) and few and len(word) > LENGTH_OF_CODE and self._lexicon.is_rare(word)


def _stems(first: str) -> Iterator[str]:
    """Yield the first part of a compound, with and without what links it to the second."""
    yield first
    for link in ("s", "n", "en", "es", "-"):
        if first.endswith(link):
            yield first.removesuffix(link)

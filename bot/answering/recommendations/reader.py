"""Reads what a customer wants of a product from what they write."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.answering.recommendations.amounts import NumberReader, Numbers
from bot.answering.recommendations.attitudes import ReadsAttitudes, Thoughts, is_wanted
from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.columns import Columns
from bot.answering.recommendations.comparing import is_compared
from bot.answering.recommendations.doubts import Doubts
from bot.answering.recommendations.foreign_words import ForeignWords
from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.meanings import WishCue
from bot.answering.recommendations.mentions import MentionReader
from bot.answering.recommendations.paraphrases import Paraphrases
from bot.answering.recommendations.people import party
from bot.answering.recommendations.phrases import Phrase, cut
from bot.answering.recommendations.reading import Reading
from bot.answering.recommendations.scope import Found, Scope, closed, opens
from bot.answering.recommendations.wish import CATEGORY, NAME, Constraint

_OWNED = 4
"""Phrases behind "my" within which what is owned is named."""


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
        self._mentions = MentionReader(catalogue, columns, lexicon)
        self._lexicon = lexicon
        self._doubts = Doubts(catalogue, lexicon)

    def read(
        self,
        text: str,
        attitudes: ReadsAttitudes | None = None,
        paraphrases: Paraphrases | None = None,
        *,
        context: Collection[str] = (),
    ) -> Reading:
        """Read a message.

        Args:
            text: What the customer wrote.
            attitudes: Tells what is thought of what it names; None: the words around it alone do.
            paraphrases: Tell what is meant in words that the catalogue does not have.
            context: Categories that were wanted before.
        """
        said = cut(text, self._lexicon)
        phrases = self._translated(said.phrases)
        people = self._catalogue.for_whom
        thoughts = Thoughts(said.text, phrases, attitudes, self._lexicon, people)
        found = Found(kinds={*context, *_categories(phrases)})
        self._words(phrases, found, thoughts)
        numbers = NumberReader(self._catalogue, context).read(
            phrases, party(said.text, self._lexicon.language)
        )
        found.understood |= numbers.understood
        for bound in numbers.constraints:
            found.add(bound)
        category = (*self._category_of_named(found), *self._made_for(found))
        constraints, doubtful = self._doubts.meaningful((*found.constraints(), *category), context)
        if paraphrases is not None and attitudes is not None:
            switches = set(self._doubts.open_switches(constraints, context)) - found.needless
            meant = paraphrases.find(said.text, phrases, self._lexicon, switches)
            wanted = {s: e for s, e in meant.items() if is_wanted(said.text, e, attitudes)}
            found.implied += [Constraint(switch, "is", (True,)) for switch in wanted]
        implied = self._doubts.implied(found.implied, constraints, context)
        mattering = self._doubts.mattering(found.numbers, constraints, context)
        constraints = (*constraints, *implied, *mattering)
        reading = Reading(constraints, (*found.soft, *doubtful), cues=_cues(phrases))
        return self._with(reading, found, numbers, len(phrases))

    def _with(self, reading: Reading, found: Found, numbers: Numbers, count: int) -> Reading:
        """Return a reading with all that was found beside constraints, in so many phrases."""
        like = self._within([tuple(found.like)], reading.constraints)
        return replace(
            reading,
            needless=frozenset(found.needless),
            lower=tuple(dict.fromkeys(found.lower)),
            higher=tuple(dict.fromkeys(found.higher)),
            near=numbers.near,
            named=tuple(self._within(dict.fromkeys(found.named), reading.constraints)),
            like=tuple(each for ids in like for each in ids),
            currency=numbers.currency,
            covered=len(found.understood) / count if count else 0.0,
            places=tuple(found.places),
            owned=frozenset(found.owned),
            unread=tuple(dict.fromkeys((*found.unread, *numbers.unread))),
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

    def _words(self, phrases: Sequence[Phrase], found: Found, thoughts: Thoughts) -> None:
        scope = Scope()
        owned = _owned(phrases, found, self._catalogue.for_whom)
        denied: set[int] = set()
        needless: set[int] = set()
        softly: set[int] = set()
        for at, phrase in enumerate(phrases):
            if phrase.segment != scope.segment:
                scope = Scope(phrase.segment)
                plain = self._lexicon.is_plain
                denied = closed(WishCue.NOT, phrases, phrase.segment, plain)
                softly = closed(WishCue.SOFT, phrases, phrase.segment, plain)
                needless = closed(WishCue.NEED_NOT, phrases, phrase.segment, plain)
            if phrase.item is None:
                scope.negated = scope.needless = False
                continue
            scope.negated = scope.negated or at in denied
            scope.needless = scope.needless or at in needless
            scope.negated = scope.negated or _is_next(phrases, at)
            scope.softly = scope.softly or at in softly
            scope.passes(phrase.item)
            if at in owned or opens(scope, phrase.item):
                found.understood.add(at)
            elif phrase.item.meanings:
                own = thoughts.scope(at, scope)
                if own is None or self._mentions.named(phrases, at, own, found):
                    found.understood.add(at)
                if own is not None:
                    scope.take(own)
            elif (own := thoughts.scope(at, scope)) is not None:
                self._mentions.plain(phrase.item, at, own, found)
                scope.take(own)

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

    def _made_for(self, found: Found) -> Sequence[Constraint]:
        """Return that what is made for a product is wanted: "a groundsheet for the Rill 2"."""
        kinds = {v for each in found.wanted.get(f"is:{CATEGORY}", ()) for v in each.values}
        made = [e for e in found.goes_with if self._catalogue.by_id[e].category in kinds]
        return (Constraint(NAME, "is", tuple(made)),) if made else ()


def _categories(phrases: Sequence[Phrase]) -> Iterator[str]:
    for phrase in phrases:
        for each in phrase.item.of("category") if phrase.item else ():
            yield each.about


def _is_next(phrases: Sequence[Phrase], at: int) -> bool:
    """Return whether a value stands right behind what denies it: 不防水."""
    item, before = phrases[at].item, phrases[at - 1].item if at else None
    named = item is not None and bool(item.of("value"))
    return named and before is not None and before.cue(WishCue.NOT_NEXT)


def _owned(phrases: Sequence[Phrase], found: Found, people: Collection[str]) -> set[int]:
    """Return where customers speak of what they have: "my old tent", but not "my next tent"."""
    items = [each.item for each in phrases]
    if any(each is not None and (each.cue(WishCue.ANOTHER) or is_compared(each)) for each in items):
        return set()
    owned: set[int] = set()
    for at, item in enumerate(items):
        if item is None or not item.cue(WishCue.OWN):
            continue
        for place in range(at + 1, min(at + 1 + _OWNED, len(phrases))):
            each = items[place]
            if each is None or phrases[place].segment != phrases[at].segment:
                break
            if each.cue(WishCue.NEW) or any(e.about in people for e in each.of("value")):
                break  # "my next tent", "my wife wants a tent"
            if kinds := each.of("category"):
                owned |= set(range(at, place + 1))
                found.owned |= {kind.about for kind in kinds}
                break
    found.kinds -= found.owned
    return owned


def _cues(phrases: Sequence[Phrase]) -> frozenset[WishCue]:
    return frozenset(
        WishCue(each.about)
        for phrase in phrases
        if phrase.item is not None
        for each in phrase.item.of("cue")
    )

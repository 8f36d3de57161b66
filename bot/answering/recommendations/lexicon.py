"""Finds in a text what a catalogue has names for: categories, attributes, values, products.

The names come from the catalogue, the words around them (not, at most, lighter ...) from
`bot/locales/*/LC_MESSAGES/cues.po`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.answering.recommendations.catalogue import GROUPS, Attribute, Catalogue, Names
from bot.answering.recommendations.meanings import Item, Meaning, WishCue
from bot.answering.recommendations.product_names import LONGEST_PHRASE, product_names
from bot.text.catalogues import closest, cue_words
from bot.text.word_lists import word_list
from bot.understanding.language.tags import primary
from bot.understanding.language.words import Known, Vocabulary, Word, folded_words

ENDINGS = "wish_endings"
"""Endings that a word may have more than the catalogue's."""

FREE = "wish_free"
"""What stands behind something that a product is free of."""

_SHORTEST_HEAD = 4
_SHORTEST_STEM = 3
_COMMON = -4.6
"""Decimal logarithm of the frequency from which a word of a product's name is an everyday word,
which alone names no product."""

_COMMONEST = -2.6
"""The same of words such as "a" and "i"."""

_PLAIN = -3.45
"""The same of words such as "please" and "again", that name nothing."""

_MANY = 2_000
"""Products from which only whole names and their beginnings name one."""


@dataclass(slots=True)
class _Node:
    following: dict[str, _Node] = field(default_factory=dict)
    meanings: list[Meaning] = field(default_factory=list)


class Lexicon:
    """The names of a catalogue, and the words around them, in one language and the default one.

    Args:
        catalogue: Its names.
        language: BCP 47 tag.
        known: Tells which words are no misspellings.
    """

    def __init__(self, catalogue: Catalogue, language: str, known: Known) -> None:
        self._catalogue = catalogue
        self.language = language
        self._tags = tuple(dict.fromkeys((language, catalogue.language, "en")))
        self._root = _Node()
        self._words: set[str] = set()
        self._free = frozenset(self._cues(FREE))
        self._endings = frozenset(self._cues(ENDINGS))
        self._list = word_list(primary(language))
        self._known = known
        for cue in WishCue:
            for said in self._cues(cue):
                self._add(folded_words(said), Meaning("cue", cue))
                if "'" in said:  # "dont care"
                    self._add(folded_words(said.replace("'", "")), Meaning("cue", cue))
        self._cue_words = frozenset(self._words)
        self._attributes()
        for name, words in catalogue.categories.items():
            self._names(words, Meaning("category", name))
        self.concepts = frozenset(self._words)
        self._switches = list(self._switch_names())
        self._heads = sorted(
            (each for each in self._category_words() if len(each) >= _SHORTEST_HEAD),
            key=len,
            reverse=True,
        )
        many = len(catalogue.products) > _MANY
        if many:
            self._vocabulary = Vocabulary(self._words)
        for phrase, ids, every in product_names(
            catalogue, self.concepts, self._names_product, whole=many
        ):
            self._add(phrase, Meaning("name", " ".join(phrase), ids, every=every))
        if not many:  # else looking for misspelt names would take too long
            self._vocabulary = Vocabulary(self._words)
        self._forms: dict[str, tuple[str, ...]] = {}

    @property
    def speaks(self) -> bool:
        """Whether the catalogue has names in the language itself."""
        named = [*self._catalogue.categories.values()]
        return any(closest(self._tags[0], each) for each in named)

    def items(self, found: Sequence[Word]) -> list[Item]:
        """Return the phrases and words of a text, in their order; the longest names win."""
        forms = [self.forms(word.folded) for word in found]
        items: list[Item] = []
        at = 0
        while at < len(found):
            end, meanings = self._longest(forms, at)
            text = " ".join(word.folded for word in found[at:end])
            items.append(Item(text, at, end, tuple(meanings)))
            at = end
        return items

    def forms(self, word: str) -> tuple[str, ...]:
        """Return the words of the lexicon that a folded word may stand for, the likeliest first."""
        found = self._forms.get(word)
        if found is None:
            found = self._forms[word] = self._found_forms(word)
        return found

    def compound(self, word: str) -> tuple[str, str]:
        """Return the first part of a compound and the category word that it ends with.

        Both are empty where it is none: "daunenjacke" is a "jacke" of "daunen".
        """
        for head in self._heads:
            if word.endswith(head) and len(word) - len(head) >= _SHORTEST_STEM:
                return word.removesuffix(head), head
        return "", ""

    def begins_with_value(self, word: str) -> str:
        """Return the value that a compound begins with, as "merinoshirt"; empty: none."""
        ends = range(len(word) - _SHORTEST_STEM, _SHORTEST_HEAD, -1)
        found = (word[:end] for end in ends if word[:end] in self.concepts)
        return next((e for e in found if any(m.kind == "value" for m in self.meanings(e))), "")

    def meanings(self, phrase: str) -> tuple[Meaning, ...]:
        """Return what a phrase names by itself."""
        node: _Node | None = self._root
        for part in folded_words(phrase):
            node = node.following.get(part) if node else None
        return tuple(node.meanings) if node else ()

    def forms_of_name(self, category: str) -> frozenset[str]:
        """Return the words of a category's own name, which tell none of its products apart."""
        names = self._catalogue.categories.get(category, {})
        own = {w for words in names.values() for w in folded_words(words[0] if words else "")}
        return frozenset(form for each in own for form in (each, *self.forms(each)))

    def begins_name(self, word: str) -> Meaning | None:
        """Return the switch whose name begins with a word: "rain" of "rainproof"."""
        if len(word) < _SHORTEST_HEAD or self.is_function_word(word):
            return None
        stems = [word, *(word.removesuffix(each) for each in self._endings if word.endswith(each))]
        for name, meaning in self._switches:
            if any(len(s) >= _SHORTEST_HEAD and name.startswith(s) and name != s for s in stems):
                return meaning
        return None

    def is_function_word(self, word: str) -> bool:
        """Return whether a folded word is one of the commonest of the language, such as "a"."""
        frequency = self._list.frequency(word) if self._list else None
        return frequency is not None and frequency > _COMMONEST

    def is_plain(self, word: str) -> bool:
        """Return whether a folded word says nothing by itself: a function word, an ideograph."""
        frequency = self._list.frequency(word) if self._list else None
        return len(word) <= 1 or (frequency is not None and frequency > _PLAIN)

    def is_rare(self, word: str) -> bool:
        """Return whether a folded word is no everyday word of the language."""
        frequency = self._list.frequency(word) if self._list else None
        return frequency is None or frequency < _COMMON

    def _found_forms(self, word: str) -> tuple[str, ...]:
        # "wollen" wants, "Wolle" is wool: everyday words are no forms of others
        inflected = () if self.is_plain(word) else tuple(dict.fromkeys(self._inflected(word)))
        if word in self._words:
            return (word, *(each for each in inflected if each not in self._cue_words))
        return inflected or tuple(self._vocabulary.meant(word, self._is_known))

    def _inflected(self, word: str) -> Iterator[str]:
        """Yield words that a word is another form of."""
        for ending in self._endings:
            longer = word + ending
            if len(word) < _SHORTEST_STEM or longer not in self.concepts:
                continue
            if self.is_rare(word) or any(m.kind == "category" for m in self.meanings(longer)):
                yield longer  # "fold" for folded, but no "line" for lined
        for ending in self._endings:
            stem = word.removesuffix(ending)
            shortest = _SHORTEST_STEM if ending == "s" else _SHORTEST_HEAD
            if stem != word and len(stem) >= shortest and stem in self._words:
                yield stem

    def _is_known(self, word: str) -> bool:
        return self._known(word) or (
            self._list is not None and self._list.frequency(word) is not None
        )

    def _longest(
        self, forms: Sequence[tuple[str, ...]], start: int
    ) -> tuple[int, Sequence[Meaning]]:
        best: tuple[int, Sequence[Meaning]] = (start + 1, ())
        reached = [self._root]
        for at in range(start, min(start + LONGEST_PHRASE, len(forms))):
            reached = [
                node.following[form]
                for node in reached
                for form in forms[at]
                if form in node.following
            ]
            if not reached:
                break
            meanings = [each for node in reached for each in node.meanings]
            if meanings:
                best = at + 1, list(dict.fromkeys(meanings))
        return best

    def _cues(self, name: str) -> Iterator[str]:
        words = cue_words(name)
        for tag in dict.fromkeys(closest(each, words) for each in self._tags):
            yield from words.get(tag or "", ())

    def _attributes(self) -> None:
        groups = [set(self._cues(name)) for name in GROUPS]
        for attribute in self._catalogue.attributes.values():
            kind = "value" if attribute.type == "boolean" else "attribute"
            values = (True,) if attribute.type == "boolean" else ()
            name = attribute.name.replace("_", " ")
            words = attribute.words or {self._catalogue.language: (name,)}
            self._names(words, Meaning(kind, attribute.name, values))
            used = {str(each) for each in self._catalogue.values.get(attribute.name, ())}
            if attribute.type != "choice":
                self._absences(attribute)
                continue
            for value in dict.fromkeys((*attribute.values, *sorted(used))):
                names = attribute.values.get(value, {})
                meaning = Meaning("value", attribute.name, (value,))
                self._names(names, meaning)
                self._add(folded_words(value.replace("_", " ")), meaning)
                called = {each.lower() for words in names.values() for each in words} | {value}
                for group in groups:
                    if group & called:
                        for word in group - called:
                            person = Meaning("value", attribute.name, (value,), group=True)
                            self._add(folded_words(word), person)

    def _absences(self, attribute: Attribute) -> None:
        """Add what a switch says that something is free of: "PFAS-free", "without PFAS"."""
        denials = {folded_words(each) for each in self._cues(WishCue.NOT)}
        meaning = Meaning("absence", attribute.name, (True,))
        for words in attribute.words.values():
            for parts in map(folded_words, words):
                denied = [n for n in range(1, len(parts)) if parts[:n] in denials]
                if denied:
                    self._add(parts[denied[-1] :], meaning)
                elif len(parts) > 1 and parts[-1] in self._free:
                    self._add(parts[:-1], meaning)

    def _names(self, names: Names, meaning: Meaning) -> None:
        own = closest(self.language, names)
        for tag in dict.fromkeys(closest(each, names) for each in self._tags):
            for phrase in names.get(tag or "", ()):
                parts = folded_words(phrase)
                if tag != own and len(parts) == 1 and self.is_plain(parts[0]):
                    continue  # the German "hat" is no English hat
                self._add(parts, meaning)
                if len(parts) > 1 and parts[-1] in self._endings and not parts[-1].isascii():
                    self._add(parts[:-1], meaning)  # 红 of 红色

    def _switch_names(self) -> Iterator[tuple[str, Meaning]]:
        for attribute in self._catalogue.attributes.values():
            if attribute.type == "boolean":
                words = attribute.words
                for tag in dict.fromkeys(closest(each, words) for each in self._tags):
                    for phrase in (e for e in words.get(tag or "", ()) if " " not in e):
                        name = "".join(folded_words(phrase))
                        yield name, Meaning("value", attribute.name, (True,))

    def _category_words(self) -> Iterator[str]:
        for names in self._catalogue.categories.values():
            for tag in dict.fromkeys(closest(each, names) for each in self._tags):
                for phrase in names.get(tag or "", ()):
                    parts = folded_words(phrase)
                    if len(parts) == 1:
                        yield parts[0]

    def _names_product(self, phrase: Sequence[str]) -> bool:
        """Return whether a part of a name says more than categories, values and everyday words."""
        own = [each for each in phrase if each not in self.concepts and not each.isdigit()]
        if not own:
            return False
        return len(phrase) > 1 or (len(own[0]) > 2 and self.is_rare(own[0]))

    def _add(self, parts: Sequence[str], meaning: Meaning) -> None:
        node = self._root
        for part in parts[:LONGEST_PHRASE]:
            self._words.add(part)
            node = node.following.setdefault(part, _Node())
        if node is not self._root and meaning not in node.meanings:
            node.meanings.append(meaning)

"""Reads a slot of `type: choice`: by its words, misspelt too, or by its place in the list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from bot.answering.forms.extraction.around import is_denied, says_little_else
from bot.answering.forms.extraction.corrections import last_said, not_past, singled_out
from bot.answering.forms.extraction.phrases import Found, Phrases
from bot.answering.forms.extraction.sizes import next_to, sizes_like
from bot.answering.forms.extraction.spec import NOTHING, SlotContext, SlotReading, SlotSpec
from bot.answering.forms.extraction.tokens import Answer
from bot.open_form import SlotValue
from bot.text.word_lists import word_list
from bot.understanding.language.cues import ORDINALS, Cue, read_answer
from bot.understanding.language.denials import denying_words
from bot.understanding.language.words import Known

_ORDINARY = -5.5
"""Decimal logarithm of the frequency of a word that is no misspelling."""

_APOSTROPHES = frozenset("'’")

_SURE = 3
"""Letters of a choice that is taken without having been asked for: sizes such as S are shorter."""


def read_choice(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the choice that an answer names, or those between which it does not decide."""
    found = [each for each in _named(slot, said, context) if not _is_clitic(said, each)]
    denied = [each for each in found if is_denied(said, each.start, context.language)]
    meant = last_said(said, [each for each in found if each not in denied], context.language)
    if not slot.many:
        meant = not_past(said, meant, context.language) if len(meant) > 1 else meant
        meant = singled_out(said, meant, context.language)
    values = list(dict.fromkeys(each.meaning for each in meant)) if slot.many else _fitting(meant)
    if len({each.meaning for each in found}) == 1:
        values = [next_to(slot.choices, each, said, context.language) for each in values]
    spans = [(each.start, each.end) for each in found]
    whole = says_little_else(said, spans, context.language, denying_words(context.language))
    if not values and context.asked:
        values, whole = _by_place(slot, said, _left(slot, denied), context), True
        if not values and denied:
            return _ask(slot, _left(slot, denied))
    if not values:
        return NOTHING
    if slot.many:
        return SlotReading(values, ", ".join(shown(slot, each) for each in values), whole)
    if len(values) > 1:
        return _ask(slot, values)
    return SlotReading(values[0], shown(slot, values[0]), whole)


def shown(slot: SlotSpec, value: str) -> str:
    """Return a choice as the customer reads it: its first word."""
    return next(iter(slot.choices.get(value, ())), value)


def _named(slot: SlotSpec, said: Answer, context: SlotContext) -> Sequence[Found[str]]:
    words = tuple((value, tuple(each)) for value, each in slot.choices.items())
    phrases = _phrases(words, context.language)
    exact = list(phrases.all(said.tokens))
    if not context.asked:
        return [each for each in exact if len(said.written(each.start, each.end)) >= _SURE]
    found = list(phrases.all(said.tokens, known_words(context.language)))
    return found if not exact or _is_longer(found, exact) else exact


def _is_longer(found: Sequence[Found[str]], exact: Sequence[Found[str]]) -> bool:
    """Return whether misspelt phrases have all the exact ones in them, and more: "xtra small"."""
    inside = [
        any(other.start <= each.start and each.end <= other.end for other in found)
        for each in exact
    ]
    return all(inside) and any(
        other.start <= each.start
        and each.end <= other.end
        and other.end - other.start > 1
        and each.end - each.start == 1
        for each in exact
        for other in found
    )


@cache
def known_words(language: str) -> Known:
    """Return what tells whether a word is an ordinary one of a language, and so not misspelt."""
    words = word_list(language.partition("-")[0])

    def is_known(word: str) -> bool:
        frequency = None if words is None else words.frequency(word)
        return frequency is not None and frequency > _ORDINARY

    return is_known


@lru_cache(maxsize=256)
def _phrases(words: tuple[tuple[str, tuple[str, ...]], ...], language: str) -> Phrases[str]:
    return Phrases(
        (phrase, value)
        for value, synonyms in words
        for word in (value.replace("_", " "), *synonyms)
        for phrase in (word, *sizes_like(word, language))
    )


def _is_clitic(said: Answer, found: Found[str]) -> bool:
    """Return whether a phrase is a letter beside an apostrophe: "that's", "l'une"."""
    if found.end - found.start > 1 or len(said.tokens[found.start].folded) > 1:
        return False
    beside = said.tokens[max(found.start - 1, 0) : found.end + 1]
    return any(each.folded in _APOSTROPHES for each in beside)


def _fitting(meant: Sequence[Found[str]]) -> list[str]:
    """Return the choices that are named, but for those of which another is all that and more.

    "grey 41" is the one that is both, though others are grey, or of this size.
    """
    said: dict[str, set[int]] = {}
    for each in meant:
        said.setdefault(each.meaning, set()).add(each.start)
    every = list(said.values())
    return [value for value, places in said.items() if not any(places < others for others in every)]


def _left(slot: SlotSpec, denied: Sequence[Found[str]]) -> list[str]:
    others = {each.meaning for each in denied}
    return [value for value in slot.choices if value not in others]


def _by_place(slot: SlotSpec, said: Answer, left: Sequence[str], context: SlotContext) -> list[str]:
    """Return the choices named by their place, "the second one", where nothing else is said."""
    reading = read_answer(said.text, known_words(context.language))
    if reading.rest:
        return []
    values = list(slot.choices)
    if Cue.BOTH in reading.cues and slot.many:
        return list(left)
    places = [place for place, cue in enumerate(ORDINALS) if cue in reading.cues]
    if Cue.LAST in reading.cues:
        places.append(len(values) - 1)
    return [values[place] for place in places if place < len(values)]


def _ask(slot: SlotSpec, values: Sequence[str]) -> SlotReading:
    return SlotReading(candidates=tuple(SlotValue(each, shown(slot, each)) for each in values))

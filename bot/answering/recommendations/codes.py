"""Tells short values, such as the size M, from other short words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.forms.extraction.numbers import number_at
from bot.answering.forms.extraction.tokens import answer
from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.meanings import Item, Meaning
from bot.answering.recommendations.phrases import Phrase

LENGTH_OF_CODE = 2
"""Letters up to which a value is a code, such as M or XL, that needs a sign that it is meant."""

OLDEST_CHILD = 14
"""Age up to which somebody wears children's sizes."""

_REACH = 2
"""Phrases between the name of an attribute and its value."""


def is_meant(phrases: Sequence[Phrase], at: int, value: Meaning, lexicon: Lexicon) -> bool:
    """Return whether a value is meant: short ones need the attribute's name, or capitals."""
    phrase = phrases[at]
    text = phrase.raw
    before = phrases[max(at - _REACH, 0) : at]
    counted = value.group and before and before[-1].segment == phrase.segment
    age = _number(before[-1].raw, lexicon.language) if counted else None
    if age is not None:  # "my 70 year old dad"
        return age <= OLDEST_CHILD
    if len(text) > LENGTH_OF_CODE or not text.isascii():
        behind = phrases[at + 1 : at + 2]
        said_of = behind[0].item if behind and behind[0].segment == phrase.segment else None
        of_other = (
            said_of is not None and not said_of.meanings and not lexicon.is_plain(said_of.text)
        )  # "a small gift"
        item = phrase.item
        return not (of_other and item is not None and is_word_for_code(item, (value,)))
    named = any(
        meaning.about == value.about
        for each in before
        if each.item is not None
        for meaning in each.item.of("attribute")
    )
    alone = not any(
        each is not phrase and each.segment == phrase.segment for each in phrases[at - 1 : at + 2]
    )  # "rain jacket, m, below 250 euros"
    if alone and not lexicon.is_function_word(text.lower()):
        return True
    is_code = text.isupper() and not lexicon.is_function_word(text.lower())
    return named or is_code


def is_word_for_code(item: Item, values: Sequence[Meaning]) -> bool:
    """Return whether a word stands for a code: "small" for S."""
    codes = [str(each) for value in values for each in value.values]
    longer = len(item.text) > LENGTH_OF_CODE
    return longer and all(each.isalpha() and len(each) <= LENGTH_OF_CODE for each in codes)


def _number(raw: str, language: str) -> int | None:
    """Return the whole number that a word is; None: it is none."""
    found = number_at(answer(raw), 0, language)[0] if raw.isalnum() else None
    return found.whole if found is not None and not found.ordinal else None

"""What phrases mean: cues around names, and the names of a catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.answering.recommendations.catalogue import Value


class WishCue(StrEnum):
    """What a word around the names says; the value is its name in the catalogues."""

    NOT = "wish_not"
    BUT = "wish_but"
    AT_MOST = "wish_at_most"
    AT_LEAST = "wish_at_least"
    ABOUT = "wish_about"
    TO = "wish_to"
    BETWEEN = "wish_between"
    SOFT = "wish_soft"
    NOT_NEXT = "wish_not_next"
    NOR = "wish_nor"
    OWN = "wish_own"
    NEW = "wish_new"
    PRONOUN = "wish_pronoun"
    ANOTHER = "wish_another"
    INSIDE = "wish_inside"
    NEED_NOT = "wish_need_not"
    THAN = "wish_than"
    LIKE = "wish_like"
    FOR = "wish_for"
    BUDGET = "wish_budget"
    CHEAPER = "wish_cheaper"
    DEARER = "wish_dearer"
    LIGHTER = "wish_lighter"
    HEAVIER = "wish_heavier"
    WARMER = "wish_warmer"
    LARGER = "wish_larger"
    SMALLER = "wish_smaller"
    COMPARE = "wish_compare"
    OTHERS = "wish_others"
    WHY = "wish_why"
    ADULTS = "wish_adults"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase names.

    Attributes:
        kind: A cue, a value of an attribute, an attribute, a category, or products; of a switch
            that says what something is free of, the `absence`: "PFAS" of "PFAS-free".
        about: Name of the attribute or category; of a cue its name.
        values: The value; ids of the products.
        group: The value is named by a person it is for: "my dad".
        every: Ids of all products that have the name in theirs.
    """

    kind: str
    about: str = ""
    values: tuple[Value, ...] = ()
    group: bool = False
    every: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A phrase of a text that names something, or one word that does not.

    Attributes:
        meanings: Empty for a word without one.
        start, end: Its words, counted from 0.
    """

    text: str
    start: int
    end: int
    meanings: tuple[Meaning, ...] = ()

    def cue(self, *cues: WishCue) -> bool:
        """Return whether it is one of some cues."""
        return any(each.kind == "cue" and each.about in cues for each in self.meanings)

    def of(self, kind: str) -> tuple[Meaning, ...]:
        """Return its meanings of a kind."""
        return tuple(each for each in self.meanings if each.kind == kind)

"""What a customer may say to buttons: one of them, all, none, or something new."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from bot.messages import DecisionKind
from bot.ports import LastAnswer, OfferedButton
from bot.understanding.language.cues import ORDINALS, POSITIONS, Cue


class Meaning(Enum):
    """What a customer says to an offer."""

    CHOSEN = auto()
    ALL = auto()
    UNCLEAR = auto()
    """One of them, without saying which."""
    NONE = auto()
    NEW = auto()
    """Something else: a question of its own."""


@dataclass(frozen=True, slots=True)
class OfferReading:
    """What a text means under an offer.

    Attributes:
        button: The button that is chosen.
        rest: What is asked instead; empty: nothing, or the whole text.
        reason: How the button was recognised.
    """

    meaning: Meaning
    button: OfferedButton | None = None
    rest: str = ""
    reason: str = ""


NEW = OfferReading(Meaning.NEW)


@dataclass(frozen=True)
class Offered:
    """The buttons under the last answer.

    Attributes:
        asked: The bot asked which is meant; else they are suggestions under an answer.
    """

    buttons: tuple[OfferedButton, ...]
    asked: bool

    @classmethod
    def under(cls, answer: LastAnswer) -> Offered:
        """Return the buttons under an answer; those of a form are read by the form."""
        buttons = tuple(each for each in answer.offered if each.choice.kind != "form")
        return cls(buttons, answer.kind is DecisionKind.CLARIFY)

    @cached_property
    def options(self) -> tuple[OfferedButton, ...]:
        """The buttons that choose something."""
        return tuple(each for each in self.buttons if each.choice.kind != "neither")

    @property
    def language(self) -> str:
        """BCP 47 tag that the offer was made in; empty when it is not known."""
        return self.buttons[0].choice.language if self.buttons else ""

    @property
    def intents(self) -> frozenset[str]:
        """The intents that can be chosen."""
        return frozenset(each.choice.value for each in self.options if each.choice.value)

    @property
    def neither(self) -> OfferedButton | None:
        """The button for none of the others."""
        return next((each for each in self.buttons if each.choice.kind == "neither"), None)

    def at(self, cue: Cue) -> OfferedButton | None:
        """Return the button at a position; None when there is none."""
        if cue is Cue.LAST:
            return self.options[-1] if self.options else None
        if cue is Cue.MIDDLE:
            middle, even = divmod(len(self.options) - 1, 2)
            return None if even or not self.options else self.options[middle]
        position = ORDINALS.index(cue)
        return self.buttons[position] if position < len(self.buttons) else None


def read_cues(said: frozenset[Cue], offered: Offered) -> OfferReading:
    """Return what cue words say to an offer, when a text has no others."""
    if positions := said & POSITIONS:
        return _at(positions, offered)
    if Cue.BOTH in said:
        return OfferReading(Meaning.ALL)
    if said & {Cue.NEITHER, Cue.NO, Cue.UNSURE, Cue.NEVER_MIND}:
        return OfferReading(Meaning.NONE)
    agrees = {Cue.YES, Cue.ACKNOWLEDGEMENT} if offered.asked else {Cue.YES}
    if not said & agrees or (Cue.THANKS in said and Cue.YES not in said):
        return NEW
    if len(offered.options) == 1:
        return OfferReading(Meaning.CHOSEN, offered.options[0], reason="agreed to the only choice")
    return OfferReading(Meaning.UNCLEAR)


def _at(positions: frozenset[Cue], offered: Offered) -> OfferReading:
    buttons = {each.button.id: each for cue in positions if (each := offered.at(cue)) is not None}
    if len(buttons) != 1:
        return OfferReading(Meaning.ALL if len(buttons) > 1 else Meaning.UNCLEAR)
    (chosen,) = buttons.values()
    if chosen.choice.kind == "neither":
        return OfferReading(Meaning.NONE)
    named = ", ".join(sorted(positions))
    return OfferReading(Meaning.CHOSEN, chosen, reason=f"named its position: {named}")

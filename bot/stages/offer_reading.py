"""Reads what a customer typed under buttons: which of them is meant, all, none, or something new."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, cached_property

from bot.messages import DecisionKind
from bot.ports import Classifier, ComparesTexts, Languages, LastAnswer, OfferedButton, Prediction
from bot.text.catalogues import cue_words
from bot.understanding.language.cues import FILLERS, ORDINALS, POSITIONS, Cue
from bot.understanding.language.normalise import normalise
from bot.understanding.language.words import Known, folded_words, similar_word

FEW_WORDS = 8
"""Words of a text that may name a button; of Chinese and Japanese, half the characters."""

COVERED = 0.66
"""Share of a text's words that must stand on the button that it names."""

AHEAD = 0.33
"""By how much that share must be above that of every other button."""

ALIKE, ALIKE_AHEAD = 0.45, 0.1
"""Cosine similarity of a text and the label that it means, and its lead over other labels. Source:
benchmarks/field/build/own_questions.yaml."""

NEGATIONS = "negations"
"""Cue of the words by which a text says the contrary of a button's."""

_IDEOGRAPHS = "\u2e80"


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
        """Return the buttons under an answer."""
        return cls(answer.offered, answer.kind is DecisionKind.CLARIFY)

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


def is_short(text: str) -> bool:
    """Return whether a text is short enough to name a button.

    >>> is_short("the password thing"), is_short("where is the tent I ordered two weeks ago")
    (True, False)
    """
    typed = folded_words(text)
    return sum(0.5 if word >= _IDEOGRAPHS else 1 for word in typed) <= FEW_WORDS


def read_cues(said: frozenset[Cue], offered: Offered) -> OfferReading:
    """Return what cue words say to an offer, when a text has no others."""
    if positions := said & POSITIONS:
        return _at(positions, offered)
    if Cue.BOTH in said:
        return OfferReading(Meaning.ALL)
    if said & {Cue.NEITHER, Cue.NO, Cue.UNSURE}:
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


class ButtonWords:
    """Recognises a button by its words, else by what a text means.

    Args:
        classifier: Tells which offered intent a text means.
        languages: Tells the language of a text.
        comparing: Tells how similar a text and a label are.
        known: Tells which words are no misspellings.
    """

    def __init__(
        self,
        classifier: Classifier,
        languages: Languages,
        comparing: ComparesTexts,
        known: Known,
    ) -> None:
        self._classifier = classifier
        self._languages = languages
        self._comparing = comparing
        self._known = known

    async def read(self, text: str, offered: Offered, *, prior: str) -> OfferReading:
        """Return the button that a short text names; a new question when it names none.

        Args:
            text: What the customer typed.
            offered: The buttons.
            prior: BCP 47 tag of the conversation's language.
        """
        options = [each for each in offered.options if not _contradicts(text, each)]
        if not options or not is_short(text):
            return NEW
        shares = [share_on_label(text, each.button.label, self._known) for each in offered.options]
        by_share = dict(zip(offered.options, shares, strict=True))
        named = _leading([by_share[each] for each in options], COVERED, AHEAD)
        if named is not None:
            return OfferReading(Meaning.CHOSEN, options[named], reason="used the button's words")
        language = self._languages.detect(text, prior=prior)
        prediction = await self._classifier.classify(text, language=language)
        meant = _meant(prediction, options)
        if meant is not None:
            return OfferReading(Meaning.CHOSEN, meant, reason="means it, among what was offered")
        if _is_sure(prediction):
            return NEW
        labels = [each.button.label for each in options]
        alike = await asyncio.to_thread(
            self._comparing.similarities, text, labels, language=language
        )
        nearest = _leading(alike, ALIKE, ALIKE_AHEAD)
        if nearest is None:
            return NEW
        reason = f"is {alike[nearest]:.2f} similar to the button's words"
        return OfferReading(Meaning.CHOSEN, options[nearest], reason=reason)


def share_on_label(text: str, label: str, known: Known) -> float:
    """Return the share of a text's words, without those that add nothing, that a label has.

    >>> share_on_label("the gift crad one", "Gift cards", lambda _: False)
    1.0
    >>> share_on_label("charged twice", "Discount codes", lambda _: False)
    0.0
    """
    typed = [word for word in folded_words(text) if word not in _fillers()]
    on_label = folded_words(label)
    if not typed:
        return 0.0
    found = [any(similar_word(word, each, known) for each in on_label) for word in typed]
    return sum(found) / len(found)


def _leading(scores: Sequence[float], least: float, ahead: float) -> int | None:
    """Return the position of the highest score, if it is high enough and clearly the highest."""
    best = max(range(len(scores)), key=lambda position: scores[position])
    others = [score for position, score in enumerate(scores) if position != best]
    clear = scores[best] - max(others, default=0.0) >= ahead
    return best if scores[best] >= least and clear else None


def _meant(prediction: Prediction, options: Sequence[OfferedButton]) -> OfferedButton | None:
    """Return the option that is the likeliest intent, twice as likely as every other option."""
    by_intent = {each.choice.value: each for each in options if each.choice.value}
    if not prediction.intents or prediction.intents[0].name not in by_intent:
        return None
    best = prediction.intents[0]
    others = [each for each in prediction.intents[1:] if each.name in by_intent]
    clear = all(2 * each.confidence <= best.confidence for each in others)
    likely = best.confidence >= prediction.ask_threshold
    return by_intent[best.name] if likely and clear else None


def _is_sure(prediction: Prediction) -> bool:
    best = prediction.intents[:1]
    return bool(best) and best[0].confidence >= prediction.threshold


def _contradicts(text: str, option: OfferedButton) -> bool:
    """Return whether a text denies something that the button does not deny."""
    denied = set(folded_words(normalise(text))) & _negations()
    return bool(denied - set(folded_words(option.button.label)))


@cache
def _fillers() -> frozenset[str]:
    return _single_words(FILLERS)


@cache
def _negations() -> frozenset[str]:
    return _single_words(NEGATIONS)


def _single_words(cue: str) -> frozenset[str]:
    phrases = [folded_words(each) for spoken in cue_words(cue).values() for each in spoken]
    return frozenset(each[0] for each in phrases if len(each) == 1)

"""Recognises a button by the words that a customer typed, else by their meaning."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache

from bot.ports import Classifier, ComparesTexts, Languages, OfferedButton, Prediction
from bot.stages.offer_reading import NEW, Meaning, Offered, OfferReading
from bot.text.catalogues import closest, cue_words
from bot.understanding.language.cues import FILLERS, split_at_marks
from bot.understanding.language.denials import denials, negations
from bot.understanding.language.detector import ENGLISH
from bot.understanding.language.words import Known, folded_words, same_word, similar_word

FEW_WORDS = 8
"""Words of a text that may name a button; of Chinese and Japanese, half the characters."""

COVERED = 0.66
"""Share of a text's words that must stand on the button that it names."""

AHEAD = 0.33
"""By how much that share must be above that of every other button."""

ALIKE, ALIKE_AHEAD = 0.45, 0.1
"""Cosine similarity of a text and the label that it means, and its lead over other labels. Source:
benchmarks/field/build/own_questions.yaml."""

EXPECTED = 0.75
"""Share of the usual confidence that is enough for a choice that the bot has just asked for."""

RIVAL = 0.8
"""Share of the confidence of the likeliest intent that an offered one needs."""

UNDETERMINED = "und"
"""BCP 47 tag of a language that is not known."""

SHORT_LABEL_WORD = 5
"""Letters from which a word that exists may still be a misspelt word of a button."""

PAIR = 2
"""Number of choices of which one is left when the other is denied."""

_IDEOGRAPHS = "\u2e80"


def is_short(text: str) -> bool:
    """Return whether a text is short enough to name a button.

    >>> is_short("the password thing"), is_short("where is the tent I ordered two weeks ago")
    (True, False)
    """
    typed = folded_words(text)
    return sum(0.5 if word >= _IDEOGRAPHS else 1 for word in typed) <= FEW_WORDS


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
        if not is_short(text):
            return NEW
        options = [each for each in offered.options if not _contradicts(text, each)]
        if not options:
            return self._denied(text, offered)
        shares = [share_on_label(text, each.button.label, self._fixed) for each in offered.options]
        by_share = dict(zip(offered.options, shares, strict=True))
        named = _leading([by_share[each] for each in options], COVERED, AHEAD)
        if named is not None:
            return OfferReading(Meaning.CHOSEN, options[named], reason="used the button's words")
        language = self._language(text, prior)
        prediction = await self._classifier.classify(text, language=language)
        if not offered.asked and _is_sure(prediction):
            return NEW  # a question of its own: the suggestion stays a button to press
        least = prediction.ask_threshold * (EXPECTED if offered.asked else 1.0)
        meant = _meant(prediction, options, least)
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

    def label(self, text: str, offered: Offered) -> OfferReading | None:
        """Return the button whose whole label was typed, whatever else its words may mean."""
        typed = folded_words(text)
        for each in offered.options:
            on_label = folded_words(each.button.label)
            if len(on_label) == len(typed) and all(
                same_word(word, meant, self._fixed)
                for word, meant in zip(typed, on_label, strict=True)
            ):
                return OfferReading(Meaning.CHOSEN, each, reason="typed the button's words")
        return None

    def _denied(self, text: str, offered: Offered) -> OfferReading:
        """Return what a text that denies something leaves: "not the refund", "no refund, a swap".

        What it names without denying is chosen; else, of two choices, the one that is not denied.
        """
        if not offered.asked:
            return NEW
        affirmed = " ".join(each for each in split_at_marks(text) if not denials(each))
        named = self._named(affirmed, offered)
        if named is not None:
            return OfferReading(Meaning.CHOSEN, named, reason="used the button's words")
        plain = " ".join(word for word in folded_words(text) if word not in negations())
        denied = self._named(plain, offered)
        if denied is None or len(offered.options) != PAIR:
            return NEW
        (left,) = (each for each in offered.options if each is not denied)
        return OfferReading(Meaning.CHOSEN, left, reason="denied the other choice")

    def _named(self, text: str, offered: Offered) -> OfferedButton | None:
        """Return the choice whose label has the words of a text, clearly more than the others."""
        shares = [share_on_label(text, each.button.label, self._fixed) for each in offered.options]
        best = _leading(shares, COVERED, AHEAD)
        return None if best is None else offered.options[best]

    def _fixed(self, word: str) -> bool:
        """Return whether a word is no misspelling of one on a button."""
        return len(word) < SHORT_LABEL_WORD and self._known(word)

    def _language(self, text: str, prior: str) -> str:
        """Return the language of a short text, for the model; single words look like the prior."""
        language = self._languages.detect(text, prior=prior)
        typed = folded_words(text)
        foreign = 2 * sum(map(self._known, typed)) <= len(typed)
        return UNDETERMINED if foreign and closest(language, [ENGLISH]) else language


def share_on_label(text: str, label: str, known: Known) -> float:
    """Return the share of a text's words, without those that add nothing, that a label has.

    >>> share_on_label("the gift crad one", "Gift card", lambda _: False)
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


def _meant(
    prediction: Prediction, options: Sequence[OfferedButton], least: float
) -> OfferedButton | None:
    """Return the option that is likely, clearly likelier than the others, and no second choice."""
    by_intent = {each.choice.value: each for each in options if each.choice.value}
    offered = [each for each in prediction.intents if each.name in by_intent]
    if not offered or offered[0].confidence < max(least, RIVAL * prediction.intents[0].confidence):
        return None
    if any(2 * each.confidence > offered[0].confidence for each in offered[1:]):
        return None
    return by_intent[offered[0].name]


def _is_sure(prediction: Prediction) -> bool:
    best = prediction.intents[:1]
    return bool(best) and best[0].confidence >= prediction.threshold


def _contradicts(text: str, option: OfferedButton) -> bool:
    """Return whether a text denies something that the button does not deny."""
    return bool(denials(text) - denials(option.button.label))


@cache
def _fillers() -> frozenset[str]:
    phrases = [folded_words(each) for spoken in cue_words(FILLERS).values() for each in spoken]
    return frozenset(each[0] for each in phrases if len(each) == 1)

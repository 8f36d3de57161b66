"""Novelty: the share of a message that is about things which the desk has never heard of.

"do you sell bikes" is near the examples of an intent about stock, but no article, example or reply
names a bike: what the intent would say is not about bikes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.answering.knowledge.bm25 import WordIndex, terms
from bot.understanding.intents import IntentSet

_ENGLISH = 0.5
"""Share of a term's word that must be surely English: a misspelt word is no news."""


class Novelty:
    """Measures how much of a message no article, example or reply of the desk names.

    Args:
        intents: Whose examples, titles and replies are known words.
        articles: The words of the articles.
        familiar: Returns the share of a text's words that are surely English, in [0, 1].
    """

    def __init__(
        self, intents: IntentSet, articles: WordIndex, familiar: Callable[[str], float]
    ) -> None:
        self._known = frozenset(term for text in _texts(intents) for term in terms(text))
        self._articles = articles
        self._familiar = familiar

    def share(self, text: str) -> float:
        """Return the share of a text's weight that its new English words have, in [0, 1].

        Numbers are left out: order numbers are always new. 0 where there are no articles.
        """
        weights = {
            term: weight
            for term, weight in self._articles.weights(text).items()
            if not any(character.isdigit() for character in term)
        }
        new = {term for term in weights if term not in self._known and term not in self._articles}
        words = {term: word for word in text.split() for term in terms(word) if term in new}
        named = [
            term
            for term, word in words.items()
            if max(self._familiar(word), self._familiar(term)) >= _ENGLISH  # "skis", "ski"
        ]
        return sum(weights[term] for term in named) / max(sum(weights.values()), 1e-9)


def _texts(intents: IntentSet) -> Iterable[str]:
    """Yield what admins wrote in intents."""
    for intent in intents.intents:
        yield intent.entry.name.replace("_", " ")
        yield from (intent.entry.title or {}).values()
        for examples in intent.entry.examples.values():
            yield from examples
        for case in intent.entry.reply:
            for wording in (case.text, *case.platforms.values()):
                for variants in wording.values():
                    yield from variants
